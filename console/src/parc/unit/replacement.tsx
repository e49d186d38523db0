import { useState } from 'preact/hooks'
import type { NewBoxClaim, ReplacementWish } from '../../api/fleet.ts'
import { momentInWords, NARROW } from '../../look/wording.ts'
import { Form } from '../../office/form.tsx'
import { REPLACEMENT_REASONS } from '../../office/replacement-reasons.ts'
import { useSending } from '../../office/use-sending.ts'

type Props = {
  unit: string
  place: string
  now: number
  /** Gives the claim of the new box; null: the authority is away, and makes it later. */
  onReplace: (wish: ReplacementWish) => Promise<NewBoxClaim | null>
}

/** Begins the replacement of a unit; the rest is done where it stands. */
export function Replacement({ unit, place, now, onReplace }: Props) {
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState(0)
  const [claim, setClaim] = useState<NewBoxClaim | null | undefined>(undefined)
  const sending = useSending()
  const wish = REPLACEMENT_REASONS[chosen] ?? REPLACEMENT_REASONS[0]
  const end = wish.oldUnitEnds === 'at-once' ? 'tout de suite' : 'dès que le nouveau marche'
  return (
    <section aria-labelledby="remplacement" class="replacement">
      <h2 id="remplacement">Remplacer</h2>
      {claim !== undefined ? (
        <Begun claim={claim} now={now} />
      ) : isOpen ? (
        <Form sending={sending} action="Ouvrir le remplacement" onSend={async () => setClaim(await onReplace(wish))}>
          <p>
            {place} garde son nom, son historique, ses masques et ses réglages. {unit} est exclu de Vigie {end}.
          </p>
          <p class="field">
            <label for="remplacer-pourquoi">Pourquoi le remplacer</label>
            <select
              id="remplacer-pourquoi"
              value={String(chosen)}
              onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
            >
              {REPLACEMENT_REASONS.map(({ reason }, index) => (
                <option key={reason} value={String(index)}>
                  {reason}
                </option>
              ))}
            </select>
          </p>
        </Form>
      ) : (
        <button type="button" class="quiet-button" onClick={() => setOpen(true)}>
          Remplacer ce boîtier…
        </button>
      )}
    </section>
  )
}

function Begun({ claim, now }: { claim: NewBoxClaim | null; now: number }) {
  return (
    <div role="status">
      <p>
        Le remplacement est ouvert. La suite se fait sur place, <a href="/pose">avec la pose</a>.
      </p>
      {claim === null ? (
        <p>L’autorité ne répond pas{NARROW}: le code du nouveau boîtier se fera à la pose.</p>
      ) : (
        <>
          <p>
            Code du nouveau boîtier, montré cette seule fois, valable jusqu’à{' '}
            {momentInWords(Date.parse(claim.expiresAt), now)}
            {NARROW}:
          </p>
          <p class="claim-code">{claim.code}</p>
          <p class="claim-words">{claim.words}</p>
        </>
      )}
    </div>
  )
}
