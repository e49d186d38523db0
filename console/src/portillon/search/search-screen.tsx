import { useEffect, useState } from 'preact/hooks'
import type { TicketFound } from '../../api/museum.ts'
import { countInWords, NARROW } from '../../look/wording.ts'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { TicketCard } from './ticket-card.tsx'

/** As the gateway has it: fewer would list half a day's tickets. */
const LEAST = 4
/** Not with every key. */
const TYPING_MS = 300

/** A phone keeps what it decides by, and neither orders nor numbers: less is lost with it. */
const AWAY =
  'La passerelle est hors de portée, et ce téléphone ne garde ni commandes ni numéros. Scannez le billet ou tapez son code, ou cherchez au guichet.'

type Props = { gate: Gate; placeOf: (lane: string | null) => string }

/** Finds tickets by their order, by the number on them, by a code or the first digits of an id; the gateway's own answer. */
export function SearchScreen({ gate, placeOf }: Props) {
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<TicketFound[] | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  /** Counted up when something was done with a ticket: it is looked for anew. */
  const [turn, setTurn] = useState(0)
  const asked = typed.trim()
  const isAway = gate.link.value === 'down'
  useEffect(() => {
    setRefusal(null)
    if (asked.length < LEAST) return setFound(null)
    if (isAway) return
    let isWanted = true
    const wait = setTimeout(() => {
      gate.api.search(asked).then(
        (tickets) => isWanted && setFound(tickets),
        (problem: unknown) => isWanted && setRefusal(refusalInFrench(problem)),
      )
    }, TYPING_MS)
    return () => {
      isWanted = false
      clearTimeout(wait)
    }
  }, [asked, turn, isAway])
  return (
    <main class="screen">
      <h1>Rechercher un billet</h1>
      <label for="recherche">Commande, numéro de billet ou code</label>
      <input
        id="recherche"
        type="search"
        value={typed}
        autocomplete="off"
        spellcheck={false}
        maxLength={512}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <p class="hint">En entier, comme sur le billet{NARROW}: K7QX2M9A, S000123. Quatre caractères au moins.</p>
      <p class="refusal" role="alert">
        {isAway ? AWAY : refusal}
      </p>
      <div aria-live="polite">
        {found !== null && found.length > 1 && (
          <p class="tickets-count">{countInWords(found.length, 'billet trouvé', 'billets trouvés')}</p>
        )}
        {found !== null && found.length === 0 && <p class="page-state">Aucun billet connu ici ne répond à cela.</p>}
        <ul class="tickets">
          {found?.map((one) => (
            <TicketCard
              key={`${asked} ${one.ticket}`}
              {...{ found: one, gate, placeOf }}
              onChanged={() => setTurn((last) => last + 1)}
            />
          ))}
        </ul>
      </div>
    </main>
  )
}
