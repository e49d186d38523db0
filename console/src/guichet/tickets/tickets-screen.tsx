import { useEffect, useState } from 'preact/hooks'
import type { Ticket, TicketsApi } from '../../api/tickets.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { OrderCard } from './order-card.tsx'
import { TicketLine } from './ticket-line.tsx'

/** Not with every key. */
const TYPING_MS = 300

/** Finds what was sold, by an order or by a number; prints it again, or cancels it. */
export function TicketsScreen({ api, site }: { api: TicketsApi; site: string }) {
  const [typed, setTyped] = useState('')
  const [found, setFound] = useState<Ticket[] | null>(null)
  const [order, setOrder] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const asked = typed.trim()
  useEffect(() => {
    if (asked.length < 2) return setFound(null)
    let isWanted = true
    const wait = setTimeout(() => {
      api.search(site, asked).then(
        (tickets) => {
          if (!isWanted) return
          setFound(tickets)
          setRefusal(null)
        },
        (problem: unknown) => isWanted && setRefusal(refusalInWords(problem)),
      )
    }, TYPING_MS)
    return () => {
      isWanted = false
      clearTimeout(wait)
    }
  }, [api, site, asked, order])
  if (order !== null) return <OrderCard {...{ api, site, id: order }} onBack={() => setOrder(null)} />
  return (
    <section>
      <h1>Billets</h1>
      <label for="billet">Commande ou numéro de billet</label>
      <input
        id="billet"
        type="search"
        value={typed}
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <p class="hint">Quatre caractères au moins.</p>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      <div aria-live="polite">
        {found !== null && found.length === 0 && asked.length >= 4 && (
          <p class="page-state">Aucun billet de ce musée ne répond à cela.</p>
        )}
        <ul class="ticket-lines">
          {found?.map((ticket) => (
            <TicketLine key={ticket.id} ticket={ticket} onOpen={() => setOrder(ticket.order)} />
          ))}
        </ul>
      </div>
    </section>
  )
}
