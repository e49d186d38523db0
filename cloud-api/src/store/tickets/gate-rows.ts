import { createHash } from 'node:crypto'
import { canonicalJson, hashedText } from '@vigie/contract/gate/chain'
import { decisionNamedBy, ticketNamedBy } from '@vigie/contract/gate/merge'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId, SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import { noteConflicts } from './gate-conflicts.ts'
import { linkProblems } from './gate-links.ts'
import { noteEntries, noteStatuses } from './gate-news.ts'
import type { GateRowTable } from './ticket-tables.ts'
import { noteUses } from './ticket-use.ts'

/** A row of a ledger, and where it came from. */
export type GateRow = { site: SiteId; row: Row }
export type GateRowOutcome = 'stored' | 'already' | 'id-taken'

/** SQLite takes 32,766 values in a statement, and a row has 14. */
const ROWS_AT_ONCE = 500

/**
 * Stores rows once each, in the transaction of their batch, and draws what follows from them: whose ticket they speak of,
 * tickets that let in too many, what the staff set on the spot, what the other museums must count. A row that does not fit in its chain is kept all the same,
 * marked: it may be the only witness of an entry.
 */
export async function addGateRows(
  transaction: Transaction<Tables>,
  news: readonly GateRow[],
  at: number,
): Promise<Map<ItemId, GateRowOutcome>> {
  const outcomes = new Map<ItemId, GateRowOutcome>()
  const once = [...new Map(news.toReversed().map((one) => [one.row.id, one])).values()].reverse()
  for (let first = 0; first < once.length; first += ROWS_AT_ONCE) {
    const part = once.slice(first, first + ROWS_AT_ONCE)
    const fresh = await insert(transaction, part, at)
    for (const { row } of fresh) outcomes.set(row.id, 'stored')
    await judgeOthers(transaction, part, outcomes)
    if (fresh.length > 0) await follow(transaction, fresh, at)
  }
  return outcomes
}

async function insert(transaction: Transaction<Tables>, part: readonly GateRow[], at: number): Promise<GateRow[]> {
  const added = await transaction
    .insertInto('gateRow')
    .values(part.map((one) => tableRow(one, at)))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  const ids = new Set(added.map(({ id }) => id))
  return part.filter(({ row }) => ids.has(row.id))
}

/** What was there already is the same row, or another one with its id. */
async function judgeOthers(
  transaction: Transaction<Tables>,
  part: readonly GateRow[],
  outcomes: Map<ItemId, GateRowOutcome>,
): Promise<void> {
  const others = part.filter(({ row }) => !outcomes.has(row.id))
  if (others.length === 0) return
  const ids = others.map(({ row }) => row.id)
  const standing = await transaction.selectFrom('gateRow').select(['id', 'row']).where('id', 'in', ids).execute()
  const texts = new Map(standing.map(({ id, row }) => [id, canonicalJson(JSON.parse(row))]))
  for (const { row } of others) {
    outcomes.set(row.id, texts.get(row.id) === canonicalJson(row) ? 'already' : 'id-taken')
  }
}

async function follow(transaction: Transaction<Tables>, fresh: readonly GateRow[], at: number): Promise<void> {
  for (const [id, problem] of await linkProblems(transaction, fresh)) {
    await transaction.updateTable('gateRow').set({ problem }).where('id', '=', id).execute()
  }
  const tickets = await nameTickets(transaction, fresh)
  await noteStatuses(transaction, fresh, at)
  await noteEntries(transaction, fresh, at)
  await noteConflicts(transaction, tickets, at)
  await noteUses(transaction, tickets, at)
}

/** Passages and the like name a decision, and it a ticket; either may come first. @returns the tickets concerned */
async function nameTickets(transaction: Transaction<Tables>, fresh: readonly GateRow[]): Promise<Set<TicketRef>> {
  const tickets = new Set(fresh.flatMap(({ row }) => ticketNamedBy(row) ?? []))
  const named = fresh.flatMap(({ row }) => decisionNamedBy(row) ?? [])
  const came = fresh.flatMap(({ row }) => (row.body.kind === 'decision' && row.body.ticket !== null ? [row.id] : []))
  const decisions = [...new Set([...named, ...came])]
  if (decisions.length === 0) return tickets
  const known = await transaction
    .selectFrom('gateRow')
    .select(['id', 'ticket'])
    .where('id', 'in', decisions)
    .where('ticket', 'is not', null)
    .execute()
  for (const { id, ticket } of known) {
    if (ticket === null) continue
    tickets.add(ticket)
    await transaction
      .updateTable('gateRow')
      .set({ ticket })
      .where('decision', '=', id)
      .where('ticket', 'is', null)
      .execute()
  }
  return tickets
}

const tableRow = ({ site, row }: GateRow, receivedAt: number): GateRowTable => ({
  ...{ id: row.id, site, origin: row.origin, seq: row.seq, at: Date.parse(row.at), kind: row.body.kind },
  ...{ lane: row.lane, ticket: ticketNamedBy(row) ?? null, decision: decisionNamedBy(row) ?? null },
  ...{ prev: row.prev, hash: row.hash, receivedAt, row: JSON.stringify(row) },
  problem: row.hash === sha256Hex(hashedText(row)) ? null : 'hash-wrong',
})

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')
