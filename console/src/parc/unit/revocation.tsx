import { useState } from 'preact/hooks'
import type { RevocationReason } from '../../api/schemas.ts'
import { NARROW } from '../../look/wording.ts'
import { useSending } from '../../office/use-sending.ts'
import { REVOCATION_REASONS, REVOCATION_WORDS } from '../words.ts'

type Props = { unit: string; place: string; onRevoke: (reason: RevocationReason) => Promise<void> }

/** Where the reader is: nothing asked, a reason asked for, asked once more. */
type Step = 'closed' | 'reason' | 'sure'

/** Shuts a unit out: says first what that does, asks why, and asks once more. */
export function Revocation({ unit, place, onRevoke }: Props) {
  const [step, setStep] = useState<Step>('closed')
  const [reason, setReason] = useState<RevocationReason | null>(null)
  const sending = useSending()
  return (
    <section aria-labelledby="revocation" class="revocation">
      <h2 id="revocation">Révoquer</h2>
      {step === 'closed' && (
        <button type="button" class="quiet-button" onClick={() => setStep('reason')}>
          Révoquer ce boîtier…
        </button>
      )}
      {step !== 'closed' && <Consequences place={place} />}
      {step === 'reason' && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            setStep('sure')
          }}
        >
          <fieldset class="reasons">
            <legend>Pourquoi{NARROW}?</legend>
            {REVOCATION_REASONS.map((one) => (
              <label key={one}>
                <input type="radio" name="motif" required checked={reason === one} onChange={() => setReason(one)} />
                {REVOCATION_WORDS[one].one}
                <span class="hint">{REVOCATION_WORDS[one].hint}</span>
              </label>
            ))}
          </fieldset>
          <p class="choices">
            <button type="submit" class="main-button">
              Continuer
            </button>
            <button type="button" class="quiet-button" onClick={() => setStep('closed')}>
              Renoncer
            </button>
          </p>
        </form>
      )}
      {step === 'sure' && reason !== null && (
        <>
          <p class="sure" role="status">
            Révoquer {unit} ({place}), motif{NARROW}: {REVOCATION_WORDS[reason].one}. Rien ne l’annule.
          </p>
          <p class="refusal" role="alert">
            {sending.refusal}
          </p>
          <p class="choices">
            <button
              type="button"
              class="danger-button"
              aria-busy={sending.isSending}
              onClick={() => sending.send(() => onRevoke(reason))}
            >
              Révoquer {unit} définitivement
            </button>
            <button type="button" class="quiet-button" onClick={() => setStep('closed')}>
              Renoncer
            </button>
          </p>
        </>
      )}
    </section>
  )
}

function Consequences({ place }: { place: string }) {
  return (
    <ul class="consequences">
      <li>Dans la minute, il est coupé de Vigie, et n’y revient plus avec sa clé.</li>
      <li>Ce qu’il n’a pas encore envoyé n’arrivera plus par le réseau{NARROW}; cela reste lisible sur son disque.</li>
      <li>Ses codes d’installation ne valent plus rien.</li>
      <li>{place} n’a plus d’images tant qu’un autre boîtier n’y est pas raccordé.</li>
    </ul>
  )
}
