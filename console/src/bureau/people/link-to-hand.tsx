import { useState } from 'preact/hooks'
import type { NewLink } from '../../api/people.ts'
import { inPrint, NARROW } from '../../look/wording.ts'

type Props = { title: string; link: NewLink; onDone: () => void }

/** A link that somebody hands on: nothing here sends mail, and it is shown this once. */
export function LinkToHand({ title, link, onDone }: Props) {
  const [isCopied, setCopied] = useState(false)
  const address = location.origin + link.address
  const end = new Date(link.endsAt).toLocaleString('fr-FR', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (
    <section class="card link-to-hand" aria-labelledby="lien">
      <h2 id="lien">{title}</h2>
      <p>
        Remettez ce lien à la personne, et à elle seule{NARROW}: qui l’ouvre le premier entre. Il sert une fois,
        jusqu’au {inPrint(end)}, et ne sera plus affiché.
      </p>
      <p>
        <input
          type="text"
          readOnly
          aria-label="Lien à remettre"
          value={address}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      </p>
      <p class="buttons">
        <button
          type="button"
          class="main-button"
          onClick={() =>
            void navigator.clipboard.writeText(address).then(
              () => setCopied(true),
              () => undefined,
            )
          }
        >
          {isCopied ? 'Copié' : 'Copier le lien'}
        </button>
        <button type="button" class="side-button" onClick={onDone}>
          C’est remis
        </button>
      </p>
    </section>
  )
}
