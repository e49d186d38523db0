import type { Conflict } from '@vigie/contract/gate/conflict'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { sql } from 'kysely'
import { appendAudit } from '../audit.ts'
import { type Database, writeInOrder } from '../database.ts'
import type { Tables } from '../tables.ts'
import { rowIn } from './gate-conflicts.ts'
import type { GateConflictTable, GateLaneTable } from './ticket-tables.ts'

export type StoredConflict = Omit<GateConflictTable, 'conflict'> & { conflict: Conflict }

/** How whole the ledger of one unit is, as far as it came here. */
export type OriginLedger = {
  origin: UnitId
  /** The greatest number, and how many rows there are. */
  newest: number
  rows: number
  /** Numbers below the newest that are not here (yet). */
  missing: number
  /** Rows that do not fit in their chain. */
  problems: number
  receivedAt: number
}

/** What a box said of itself that a person should look into. */
export type GateAlarm = {
  unit: UnitId
  cause: string
  /** For whoever looks into it. */
  about: string | null
  /** By the box's clock, unless that knew nothing; never later than it came. */
  at: number
  receivedAt: number
}

/** What comes in a week from all museums is far less. Beyond, as from a box gone mad: the oldest are left out. */
const ALARMS_MAX = 1_000

/** The ledgers of all gates of a museum, merged. Rows come with `storeItems`; none is ever deleted. */
export type GateLedgerStore = {
  /** Every row from a moment on, in no order: `inOrder` of the contract is the order. */
  rowsSince(site: SiteId, at: number, until?: number): Promise<Row[]>
  rowsOfTicket(ticket: TicketRef): Promise<{ site: SiteId; row: Row }[]>
  newestDecisions(site: SiteId, limit: number): Promise<Row[]>
  origins(site: SiteId): Promise<OriginLedger[]>
  lanes(site: SiteId): Promise<GateLaneTable[]>
  /** Of all museums, what came since a moment, the newest first. Alarms of single lanes are not among them. */
  alarmsSince(receivedAt: number): Promise<GateAlarm[]>
  /** Those that nobody has looked at first, then the newest. */
  conflicts(site: SiteId, limit: number): Promise<StoredConflict[]>
  acknowledge(site: SiteId, ticket: TicketRef, by: { who: string; note: string; at: number }): Promise<boolean>
}

export function createGateLedgerStore(database: Database<Tables>): GateLedgerStore {
  const { kysely } = database
  return {
    rowsSince: async (site, at, until = Number.MAX_SAFE_INTEGER) => {
      const rows = await kysely
        .selectFrom('gateRow')
        .select('row')
        .where('site', '=', site)
        .where('at', '>=', at)
        .where('at', '<', until)
        .execute()
      return rows.map(({ row }) => rowIn(row))
    },
    rowsOfTicket: async (ticket) => {
      const rows = await kysely.selectFrom('gateRow').select(['site', 'row']).where('ticket', '=', ticket).execute()
      return rows.map(({ site, row }) => ({ site, row: rowIn(row) }))
    },
    newestDecisions: async (site, limit) => {
      const rows = await kysely
        .selectFrom('gateRow')
        .select('row')
        .where('site', '=', site)
        .where('kind', '=', 'decision')
        .orderBy('at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ row }) => rowIn(row))
    },
    origins: async (site) => {
      const rows = await kysely
        .selectFrom('gateRow')
        .select(['origin', ({ fn }) => fn.max('seq').as('newest'), ({ fn }) => fn.countAll().as('rows')])
        .select(({ fn }) => fn.count('seq').distinct().as('numbers'))
        .select(({ fn }) => fn.count('problem').as('problems'))
        .select(({ fn }) => fn.max('receivedAt').as('receivedAt'))
        .where('site', '=', site)
        .groupBy('origin')
        .orderBy('origin')
        .execute()
      return rows.map(({ origin, ...row }) => {
        const [newest, numbers] = [Number(row.newest), Number(row.numbers)]
        const counts = { newest, rows: Number(row.rows), missing: newest - numbers, problems: Number(row.problems) }
        return { origin, ...counts, receivedAt: Number(row.receivedAt) }
      })
    },
    lanes: (site) => kysely.selectFrom('gateLane').selectAll().where('site', '=', site).orderBy('lane').execute(),
    alarmsSince: async (since) => {
      const rows = await kysely
        .selectFrom('gateRow')
        .select(['row', 'receivedAt'])
        .where('kind', '=', 'lane')
        .where('lane', 'is', null)
        .where('receivedAt', '>=', since)
        .orderBy('receivedAt', 'desc')
        .orderBy('seq', 'desc')
        .limit(ALARMS_MAX)
        .execute()
      return rows.flatMap(({ row, receivedAt }) => alarmIn(rowIn(row), receivedAt))
    },
    conflicts: async (site, limit) => {
      const rows = await kysely
        .selectFrom('gateConflict')
        .selectAll()
        .where('site', '=', site)
        .orderBy(sql`case when acknowledged_at is null then 0 else 1 end`)
        .orderBy('foundAt', 'desc')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...row, conflict: JSON.parse(row.conflict) as Conflict })) // written by `noteConflicts`
    },
    acknowledge: (site, ticket, { who, note, at }) =>
      writeInOrder(database, async (transaction) => {
        const done = await transaction
          .updateTable('gateConflict')
          .set({ acknowledgedAt: at, acknowledgedBy: who, note })
          .where('site', '=', site)
          .where('ticket', '=', ticket)
          .where('acknowledgedAt', 'is', null)
          .returning('persons')
          .executeTakeFirst()
        if (done === undefined) return false
        const after = { persons: done.persons }
        await appendAudit(transaction, {
          ...{ at, who, action: 'ticket.conflict-acknowledged', what: ticket, site, after },
          ...(note !== '' && { reason: note }),
        })
        return true
      }),
  }
}

function alarmIn({ origin, at, clock, body }: Row, receivedAt: number): GateAlarm[] {
  if (body.kind !== 'lane' || body.cause === undefined) return []
  const saidAt = clock === 'unknown' ? receivedAt : Math.min(Date.parse(at), receivedAt)
  return [{ unit: origin, cause: body.cause, about: body.reason ?? null, at: saidAt, receivedAt }]
}
