import { useEffect, useState } from 'preact/hooks'
import type { TicketFound } from '../../api/museum.ts'
import type { Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { TicketCard } from './ticket-card.tsx'

/** As the gateway has it: fewer would list half a day's tickets. */
const LEAST = 4
/** Not with every key. */
const TYPING_MS = 300

type Props = { gate: Gate; placeOf: (lane: string | null) => string }

/** Finds a ticket by its code, its serial number or the first digits of its id. */
export function SearchScreen({ gate, placeOf }: Props) {
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<TicketFound[] | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  // A number is printed with the letter of its museum.
  const asked = typed.trim().replace(/^[A-Za-z](?=\d{4,}$)/, '')
  useEffect(() => {
    setRefusal(null)
    if (asked.length < LEAST) return setFound(null)
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
  }, [asked])
  return (
    <main class="screen">
      <h1>Rechercher un billet</h1>
      <label for="recherche">Numéro de série, code ou identifiant</label>
      <input
        id="recherche"
        type="search"
        value={typed}
        autocomplete="off"
        spellcheck={false}
        maxLength={512}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <p class="hint">Quatre caractères au moins. La recherche par commande se fait au guichet.</p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <div aria-live="polite">
        {found !== null && found.length === 0 && <p class="page-state">Aucun billet connu ici ne répond à cela.</p>}
        <ul class="tickets">
          {found?.map((one) => (
            <TicketCard
              key={one.ticket}
              {...{ found: one, gate, placeOf }}
              onChange={(changed) =>
                setFound(found.map((other) => (other.ticket === changed.ticket ? changed : other)))
              }
            />
          ))}
        </ul>
      </div>
    </main>
  )
}
