import { useEffect, useState } from 'preact/hooks'
import { pdfOf, type TicketOrder, type TicketsApi } from '../../api/tickets.ts'
import { Qr } from '../../look/qr.tsx'
import { momentInWords } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { ReasonSheet } from '../../staff/reason-sheet.tsx'
import { PAYMENT_WORDS, priceInWords } from '../money.ts'
import { TicketLine } from './ticket-line.tsx'

type Props = { api: TicketsApi; site: string; id: string; onBack: () => void }

const REASONS = ['Erreur de saisie', 'Remboursé', 'Visiteur absent', 'Imprimé en double']

/** An order: shown again, printed again, or cancelled with a reason. */
export function OrderCard({ api, site, id, onBack }: Props) {
  const [order, setOrder] = useState<TicketOrder | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  /** A ticket, or the whole order; null: nothing is being cancelled. */
  const [canceling, setCanceling] = useState<string | 'order' | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const read = () => api.order(site, id).then(setOrder)
  useEffect(() => {
    read().catch((problem: unknown) => setRefusal(refusalInWords(problem)))
  }, [api, site, id])
  async function cancel(reason: string): Promise<void> {
    if (canceling === 'order') setOrder(await api.cancelOrder(site, id, reason))
    else if (canceling !== null) {
      await api.cancelTicket(site, canceling, reason)
      await read()
    }
  }
  if (order === null)
    return <p class={refusal === null ? 'page-state' : 'refusal'}>{refusal ?? 'Lecture de la commande…'}</p>
  const isAnyValid = order.tickets.some(({ status }) => status === 'valid')
  return (
    <section>
      <button type="button" class="back" onClick={onBack}>
        Retour à la recherche
      </button>
      <h1>Commande {order.id}</h1>
      <p>
        Vendu {momentInWords(Date.parse(order.at), Date.now())} par {order.who}, {priceInWords(order.totalCents)},{' '}
        {PAYMENT_WORDS[order.payment].toLowerCase()}
      </p>
      {isAnyValid && (
        <div class="sold-ways">
          <a class="button" href={pdfOf(site, id, 'a4')} target="_blank" rel="noopener">
            Réimprimer (A4)
          </a>
          <a class="button" href={pdfOf(site, id, 'phone')} target="_blank" rel="noopener">
            PDF pour téléphone
          </a>
          <button type="button" onClick={() => setCanceling('order')}>
            Annuler toute la commande
          </button>
        </div>
      )}
      <ul class="ticket-lines">
        {order.tickets.map((ticket) => (
          <TicketLine key={ticket.id} ticket={ticket}>
            {ticket.code !== null && (
              <>
                <button
                  type="button"
                  aria-expanded={shown === ticket.id}
                  onClick={() => setShown(shown === ticket.id ? null : ticket.id)}
                >
                  {shown === ticket.id ? 'Cacher le code' : 'Montrer le code'}
                </button>
                <button type="button" onClick={() => setCanceling(ticket.id)}>
                  Annuler
                </button>
              </>
            )}
            {shown === ticket.id && ticket.code !== null && (
              <Qr text={ticket.code} label={`Code du billet ${ticket.number}`} />
            )}
          </TicketLine>
        ))}
      </ul>
      {canceling !== null && (
        <ReasonSheet
          title={canceling === 'order' ? `Annuler la commande ${order.id}` : 'Annuler ce billet'}
          hint="Le billet n’ouvrira plus aucun passage. Son numéro reste pris."
          reasons={REASONS}
          action="Annuler le billet"
          onSend={cancel}
          inWords={refusalInWords}
          onClose={() => setCanceling(null)}
        />
      )}
    </section>
  )
}
