import { useState } from 'preact/hooks'
import { testPdfOf } from '../../api/fleet.ts'
import type { TestTicket as Made } from '../../api/schemas.ts'
import { Qr } from '../../look/qr.tsx'
import { HARD, NARROW } from '../../look/wording.ts'
import { useSending } from '../../office/use-sending.ts'

type Props = { site: string; onMake: () => Promise<Made> }

/** A ticket to hold under a lane's reader: the lane shows that it reads, verifies and decides, and opens for nobody. */
export function TestTicket({ site, onMake }: Props) {
  const [made, setMade] = useState<Made | null>(null)
  const sending = useSending()
  return (
    <section aria-labelledby="essai" class="test-ticket">
      <h2 id="essai">Essayer un passage</h2>
      <p class="unit-note">
        Un billet d’essai se lit comme les autres et n’ouvre rien{NARROW}: le passage doit répondre «{HARD}Billet
        d’essai{HARD}».
      </p>
      <p class="refusal" role="alert">
        {sending.refusal}
      </p>
      <button
        type="button"
        class="quiet-button"
        aria-busy={sending.isSending}
        onClick={() => sending.send(async () => setMade(await onMake()))}
      >
        {made === null ? 'Faire un billet d’essai' : 'Faire un autre billet d’essai'}
      </button>
      {made !== null && (
        <figure>
          <Qr text={made.code} label={`Code du billet d’essai ${made.number}`} />
          <figcaption>
            <span>
              <strong>{made.number}</strong>, valable aujourd’hui.
            </span>
            <a href={testPdfOf(site, made.id, 'a4')} target="_blank" rel="noopener">
              Imprimer (A4)
            </a>
            <a href={testPdfOf(site, made.id, 'phone')} target="_blank" rel="noopener">
              PDF pour téléphone
            </a>
          </figcaption>
        </figure>
      )}
    </section>
  )
}
