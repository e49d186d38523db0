import { conflictOf } from '@vigie/contract/gate/conflict'
import { ticketHistory } from '@vigie/contract/gate/history'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Tables } from '../tables.ts'

/**
 * Looks at tickets of which something new is known, over all museums, and keeps those that let in too many for each museum
 * concerned. A conflict that a later row has undone is none any more; one that grew must be looked at again.
 */
export async function noteConflicts(
  transaction: Transaction<Tables>,
  tickets: ReadonlySet<TicketRef>,
  at: number,
): Promise<void> {
  for (const ticket of tickets) {
    const stored = await transaction
      .selectFrom('gateRow')
      .select(['site', 'row'])
      .where('ticket', '=', ticket)
      .execute()
    const rows = stored.map(({ row }) => rowIn(row))
    const sites = [...new Set(stored.map(({ site }) => site))]
    const conflict = conflictOf(ticket, ticketHistory(rows, await nightsAt(transaction, sites, rows)))
    if (conflict === null) {
      await transaction
        .deleteFrom('gateConflict')
        .where('ticket', '=', ticket)
        .where('acknowledgedAt', 'is', null)
        .execute()
      continue
    }
    for (const site of sites) {
      const row = { site, ticket, persons: conflict.persons, conflict: JSON.stringify(conflict), foundAt: at }
      const open = { acknowledgedAt: null, acknowledgedBy: null, note: null }
      await transaction
        .insertInto('gateConflict')
        .values({ ...row, ...open })
        .onConflict((clash) =>
          clash
            .columns(['site', 'ticket'])
            .doUpdateSet({ ...row, ...open })
            .where('gateConflict.conflict', '!=', row.conflict),
        )
        .execute()
    }
  }
}

/** When everybody was counted out since a ticket was first seen, ascending. */
export async function nightsAt(
  transaction: Transaction<Tables>,
  sites: readonly SiteId[],
  rows: readonly Row[],
): Promise<string[]> {
  if (sites.length === 0) return []
  const since = Math.min(...rows.map((row) => Date.parse(row.at)))
  const nights = await transaction
    .selectFrom('gateRow')
    .select('at')
    .where('site', 'in', sites)
    .where('kind', '=', 'everybody-out')
    .where('at', '>=', since)
    .orderBy('at')
    .execute()
  return nights.map(({ at }) => new Date(at).toISOString())
}

export const rowIn = (text: string): Row => JSON.parse(text) as Row // decoded before it was written
