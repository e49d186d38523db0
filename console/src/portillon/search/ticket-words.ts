import type { TicketFound } from '../../api/museum.ts'
import { dayInWords } from '../../look/wording.ts'

const STATUS_WORDS: Record<TicketFound['status'], string> = {
  ...{ valid: 'Valable', revoked: 'Remplacé', blocked: 'Bloqué', canceled: 'Annulé' },
  ...{ unpaid: 'À payer', unapproved: 'À confirmer' },
}
const dates = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' })

type Days = Pick<TicketFound, 'firstDay' | 'lastDay' | 'slot'>
/** `over`, `early` and `used`: nobody has taken it back, and it opens nothing now. */
export type Standing = { look: TicketFound['status'] | 'over' | 'early' | 'used'; word: string }

/** How a ticket stands today, in a word. */
export function standingOf(found: Days & Pick<TicketFound, 'status' | 'isUsedUp'>, now: number): Standing {
  const { status, firstDay, lastDay, isUsedUp } = found
  const today = dates.format(now)
  if (status === 'valid' && lastDay !== null && lastDay < today) return { look: 'over', word: 'Terminé' }
  if (status === 'valid' && firstDay !== null && firstDay > today) return { look: 'early', word: 'Pas encore valable' }
  if (status === 'valid' && isUsedUp) return { look: 'used', word: 'Déjà utilisé' }
  return { look: status, word: STATUS_WORDS[status] }
}

/** "Le samedi 22 novembre, 14 h 00"; "Du jeudi 26 novembre au samedi 7 août 2027". Null where nobody told. */
export function daysInWords({ firstDay, lastDay, slot }: Days, now: number): string | null {
  if (firstDay === null || lastDay === null) return null
  const day = (date: string) => {
    const isOtherYear = date.slice(0, 4) !== dates.format(now).slice(0, 4)
    return dayInWords(Date.parse(`${date}T12:00:00Z`)) + (isOtherYear ? ` ${date.slice(0, 4)}` : '')
  }
  const hour = slot === null ? '' : `, ${slot.replace(':', '\u00a0h\u00a0')}`
  return firstDay === lastDay ? `Le ${day(firstDay)}${hour}` : `Du ${day(firstDay)} au ${day(lastDay)}${hour}`
}
