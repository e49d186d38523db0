import { useEffect, useRef, useState } from 'preact/hooks'
import { pdfOf, type TicketOrder } from '../../api/tickets.ts'
import { Qr } from '../../look/qr.tsx'
import { countInWords, HARD } from '../../look/wording.ts'
import { PAYMENT_WORDS, priceInWords } from '../money.ts'
import { hourOf } from './sale-screen.tsx'

type Props = { order: TicketOrder; onNext: () => void }

/** What was just sold: its code large enough for the visitor's own phone, and the two ways to print it. */
export function SoldScreen({ order, onNext }: Props) {
  const [at, setAt] = useState(0)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [order.id])
  const { tickets, site, id } = order
  const ticket = tickets[at]
  return (
    <section class="sold">
      <h1 ref={title} tabIndex={-1}>
        {countInWords(tickets.length, 'billet', 'billets')}
        {HARD}– {priceInWords(order.totalCents)}, {PAYMENT_WORDS[order.payment].toLowerCase()}
      </h1>
      {ticket !== undefined && (
        <figure class="sold-ticket">
          {ticket.code === null ? (
            <p class="notice">Ce billet n’est plus valable.</p>
          ) : (
            <Qr text={ticket.code} label={`Code du billet ${ticket.number}`} />
          )}
          <figcaption>
            <strong>{ticket.number}</strong> {ticket.typeName}
            {ticket.slot !== null && `, ${hourOf(ticket.slot)}`}
            {ticket.persons > 1 && `, ${countInWords(ticket.persons, 'personne', 'personnes')}`}
          </figcaption>
        </figure>
      )}
      {tickets.length > 1 && (
        <div class="sold-turn">
          <button type="button" disabled={at === 0} onClick={() => setAt(at - 1)}>
            Précédent
          </button>
          <output>
            {at + 1} sur {tickets.length}
          </output>
          <button type="button" disabled={at === tickets.length - 1} onClick={() => setAt(at + 1)}>
            Suivant
          </button>
        </div>
      )}
      <div class="sold-ways">
        <a class="button" href={pdfOf(site, id, 'a4')} target="_blank" rel="noopener">
          Imprimer (A4)
        </a>
        <a class="button" href={pdfOf(site, id, 'phone')} target="_blank" rel="noopener">
          PDF pour téléphone
        </a>
        <button type="button" class="primary" onClick={onNext}>
          Vente suivante
        </button>
      </div>
      <p class="hint">Commande {id}. Elle se retrouve et se réimprime sous « Billets ».</p>
    </section>
  )
}
