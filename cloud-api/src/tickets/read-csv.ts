import type { TicketStatus } from '@vigie/contract/gate/ticket-status'
import type { Mistake, SoldElsewhere } from './foreign-ticket.ts'

export type ReadCsv =
  | { ok: true; sold: { line: number; ticket: SoldElsewhere }[]; mistakes: Mistake[] }
  | { ok: false; missing: string[] }

/** By what exports call their columns. Others are not looked at: they hold names. */
const COLUMNS = {
  barcode: ['code-barres', 'code barre', 'code barres', 'barcode', 'code'],
  ticket: ['tarif', 'billet', 'ticket', 'type'],
  date: ['date', 'jour', 'date de visite'],
  time: ['heure', 'créneau', 'time'],
  status: ['état', 'etat', 'statut', 'status'],
  reference: ['référence', 'reference', 'identifiant', 'id'],
} as const
type Column = keyof typeof COLUMNS
const NEEDED: readonly Column[] = ['barcode', 'ticket', 'date']

const STATUSES: Readonly<Record<string, TicketStatus>> = {
  ...{ '': 'valid', valide: 'valid', valid: 'valid', payé: 'valid', paid: 'valid' },
  ...{ remboursé: 'revoked', refunded: 'revoked', annulé: 'revoked', canceled: 'revoked', cancelled: 'revoked' },
  ...{ 'en attente': 'unpaid', pending: 'unpaid', unpaid: 'unpaid', 'non payé': 'unpaid' },
}

/** Reads an export of another seller: commas, semicolons or tabs, with a line of names. Lines that make no sense are told. */
export function readCsv(text: string): ReadCsv {
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const separator = ([';', '\t', ','] as const).find((one) => head.includes(one)) ?? ','
  const names = fieldsOf(head, separator).map((name) => name.trim().toLowerCase())
  const placeOf = (column: Column) => names.findIndex((name) => (COLUMNS[column] as readonly string[]).includes(name))
  const missing = NEEDED.filter((column) => placeOf(column) < 0)
  if (missing.length > 0) return { ok: false, missing }

  const sold: { line: number; ticket: SoldElsewhere }[] = []
  const mistakes: Mistake[] = []
  for (const [index, row] of lines.entries()) {
    if (row.trim() === '') continue
    const line = index + 2
    const fields = fieldsOf(row, separator)
    const at = (column: Column) => (fields[placeOf(column)] ?? '').trim()
    const status = STATUSES[at('status').toLowerCase()]
    if (status === undefined) {
      mistakes.push({ line, why: 'status-unknown' })
      continue
    }
    const [date, time] = whenOf(at('date'), at('time'))
    const reference = at('reference') === '' ? null : at('reference').slice(0, 80)
    sold.push({ line, ticket: { barcode: at('barcode'), ticket: at('ticket'), date, time, status, reference } })
  }
  return { ok: true, sold, mistakes }
}

/** RFC 4180: a field in quotes may hold the separator, and two quotes for one. */
function fieldsOf(line: string, separator: string): string[] {
  const fields: string[] = []
  let [field, isQuoted] = ['', false]
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    if (isQuoted && character === '"' && line.charAt(at + 1) === '"') {
      field += '"'
      at += 1
    } else if (character === '"') isQuoted = !isQuoted
    else if (character === separator && !isQuoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  return [...fields, field]
}

/** `2026-08-15`, `2026-08-15 14:00:00` or `15/08/2026`, and the time where it stands by itself. */
function whenOf(date: string, time: string): [date: string, time: string | null] {
  const [, day, month, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})/.exec(date) ?? []
  const iso = year === undefined ? date.slice(0, 10) : [year, month?.padStart(2, '0'), day?.padStart(2, '0')].join('-')
  const [clock] = /(?:[01]\d|2[0-3]):[0-5]\d/.exec(time === '' ? date.slice(10) : time.replace(/\s?h\s?/, ':')) ?? []
  return [iso, clock ?? null]
}
