import type { ComponentChildren } from 'preact'
import type { Ticket } from '../../api/tickets.ts'
import { dayInWords, sinceInWords } from '../../look/wording.ts'
import { hourOf } from '../sale/sale-screen.tsx'

export const STATUS_WORDS: Record<Ticket['status'], string> = {
  ...{ valid: 'valable', revoked: 'remplacé', blocked: 'bloqué', canceled: 'annulé' },
  ...{ unpaid: 'à payer', unapproved: 'à confirmer' },
}

type Props = { ticket: Ticket; onOpen?: () => void; children?: ComponentChildren }

/** One ticket of a list: its number, what it is good for, and how it stands. */
export function TicketLine({ ticket, onOpen, children }: Props) {
  const { number, typeName, firstDay, lastDay, slot, status, statusAt, order } = ticket
  const [from, until] = [firstDay, lastDay].map((day) => dayInWords(Date.parse(`${day}T12:00:00Z`)))
  return (
    <li class="ticket-line" data-status={status}>
      <span class="ticket-line-main">
        <strong>{number}</strong> {typeName}
        <span class="hint">
          {firstDay === lastDay ? `le ${from}` : `du ${from} au ${until}`}
          {slot !== null && ` à ${hourOf(slot)}`}
        </span>
        <span class="ticket-line-status">
          {STATUS_WORDS[status]}
          {status !== 'valid' && ` depuis ${sinceInWords(Date.parse(statusAt), Date.now())}`}
        </span>
      </span>
      {onOpen !== undefined && (
        <button type="button" onClick={onOpen}>
          Commande {order}
        </button>
      )}
      {children}
    </li>
  )
}
