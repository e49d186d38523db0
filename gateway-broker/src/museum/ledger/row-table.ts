import { type ChainEnd, chainStart, type Sha256Hex } from '@vigie/contract/gate/chain'
import type { HaveMark } from '@vigie/contract/gate/ledger-message'
import { isRowOf, type Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import { type ItemId, isItemId, type UnitId } from '@vigie/contract/ids'
import type Database from 'better-sqlite3'
import { createRowChain, type PlacedRow } from './row-chain.ts'
import { createRowWriter } from './row-writer.ts'
import { type FoundRow, keptId, ROW, rowFound } from './told-row.ts'

/**
 * The rows of the ledger, and what is asked of them. Those that come in their order, `after` and `ofOrigin`, stand in their
 * chain; where nobody looks at the chain it is not reckoned, and `prev` and `hash` are empty.
 */
export type RowTable = {
  /** Adds rows that continue the chain of their origin; durable when it returns. */
  add(rows: readonly Row[]): void
  /** Where the chain of an origin ends. */
  endOf(origin: UnitId): ChainEnd
  ends(): HaveMark[]
  byId(id: string): Row | null
  byNonce(nonce: string): Row | null
  /** Every row about a ticket: decisions, what followed from each, and what the staff set. */
  ofTicket(ticket: TicketRef): Row[]
  /** What followed from one decision. */
  ofDecision(id: ItemId): Row[]
  /** Tickets that the ledger knows and whose id begins so; hexadecimal digits only. */
  refsBeginning(digits: string, count: number): TicketRef[]
  /** Rows of a stretch of time by their own clock, `from` included. */
  between(fromMs: number, untilMs: number): Row[]
  /** Tickets with more than one decision since a time: only these can be in conflict. */
  ticketsSeenTwice(sinceMs: number): TicketRef[]
  /** After a position, of other origins than this, in the order in which they came. */
  after(position: number, except: UnitId | null, count: number): PlacedRow[]
  /** Of one origin, after a number. */
  ofOrigin(origin: UnitId, seq: number, count: number): PlacedRow[]
  lastPosition(): number
  /** The times at which everybody was counted out, ascending. */
  nights(): string[]
  /** The newest word of each box on each of its lanes, and of the gateway on itself. */
  newestOfLanes(): Row[]
  /** The newest first. */
  newestDecisions(count: number): Row[]
}

/** Times of rows that were made when they say; the others have an index of their own. */
const NEAR = 'row.late BETWEEN -3600000 AND 3600000'
const FAR = 'row.late NOT BETWEEN -3600000 AND 3600000'

export function createRowTable(database: Database.Database, sha256: Sha256Hex): RowTable {
  const chain = createRowChain(database, sha256)
  const writer = createRowWriter(database, chain)
  const originOf = database.prepare<[string], { key: number; seq: number; hash: Buffer }>(
    'SELECT key, seq, hash FROM origin WHERE unit = ?',
  )
  const ends = database.prepare<[], HaveMark>('SELECT unit AS origin, seq FROM origin ORDER BY key')
  const withId = database.prepare<[number, Buffer], FoundRow>(`${ROW} WHERE row.made = ? AND row.random = ?`)
  const withNonce = database.prepare<[string], FoundRow>(
    `${ROW} WHERE row.extra ->> 'nonce' IS NOT NULL AND row.extra ->> 'nonce' = ? ORDER BY row.position LIMIT 1`,
  )
  const ofTicket = database.prepare<[{ ticket: Buffer }], FoundRow>(
    `${ROW} WHERE row.ticket = :ticket
     UNION ALL ${ROW} WHERE row.about IN (SELECT position FROM row WHERE ticket = :ticket)
     UNION ALL ${ROW} WHERE row.position IN (
       SELECT apart.position FROM row AS decided CROSS JOIN apart USING (made, random) WHERE decided.ticket = :ticket
     )`,
  )
  const ofDecision = database.prepare<[{ made: number; random: Buffer }], FoundRow>(
    `${ROW} WHERE row.position IN (
       SELECT later.position FROM row AS decided CROSS JOIN row AS later ON later.about = decided.position
       WHERE decided.made = :made AND decided.random = :random
       UNION ALL SELECT position FROM apart WHERE made = :made AND random = :random
     ) ORDER BY row.position`,
  )
  const between = database.prepare<[{ from: number; until: number }], FoundRow>(
    `SELECT * FROM (
       ${ROW} WHERE row.made >= :from - 3600000 AND row.made < :until + 3600000 AND ${NEAR}
         AND row.made + row.late >= :from AND row.made + row.late < :until
       UNION ALL ${ROW} WHERE ${FAR} AND row.made + row.late >= :from AND row.made + row.late < :until
     ) ORDER BY at, position`,
  )
  const seenTwice = database.prepare<[number], { ticket: Buffer }>(
    `SELECT ticket FROM row JOIN shape ON shape.key = row.shape
     WHERE ticket IS NOT NULL AND made + late >= ? AND kind = 'decision' GROUP BY ticket HAVING count(*) > 1`,
  )
  const beginning = database.prepare<[Buffer, Buffer, number], { ticket: Buffer }>(
    'SELECT DISTINCT ticket FROM row WHERE ticket BETWEEN ? AND ? LIMIT ?',
  )
  const afterAll = database.prepare<[number, number, number], FoundRow>(
    `${ROW} WHERE row.position > ? AND row.origin <> ? ORDER BY row.position LIMIT ?`,
  )
  const last = database.prepare<[], { position: number | null }>('SELECT max(position) AS position FROM row')
  const nights = database.prepare<[], { at: number }>('SELECT at FROM night ORDER BY at')
  const ofLanes = database.prepare<[], FoundRow>(`${ROW} WHERE row.position IN (SELECT position FROM lane_word)`)
  const madeLast = database.prepare<[number], { found: number; at: number | null }>(
    `SELECT count(*) AS found, min(at) AS at FROM (
       SELECT row.made + row.late AS at FROM row CROSS JOIN shape ON shape.key = row.shape
       WHERE ${NEAR} AND shape.kind = 'decision' ORDER BY row.made DESC LIMIT ?
     )`,
  )

  /** No row has the key 0. */
  const keyOf = (unit: UnitId | null) => (unit === null ? 0 : (originOf.get(unit)?.key ?? 0))
  const rowsOf = (found: FoundRow[]): Row[] => found.map(rowFound)
  const rowIn = (found: FoundRow | undefined): Row | null => (found === undefined ? null : rowFound(found))
  const refOf = ({ ticket }: { ticket: Buffer }) => ticket.toString('hex') as TicketRef // as it was taken apart
  const betweenTimes = (from: number, until: number) => rowsOf(between.all({ from, until }))
  function byId(id: string): Row | null {
    return isItemId(id) ? rowIn(withId.get(...keptId(id))) : null
  }
  function byOwnId(nonce: string): Row | null {
    const row = byId(nonce)
    return row !== null && isRowOf(row, 'decision') && row.body.nonce === nonce ? row : null
  }

  return {
    add: writer.add,
    endOf(origin) {
      const found = originOf.get(origin)
      return found === undefined ? chainStart : { seq: found.seq, hash: found.hash.toString('hex') }
    },
    ends: () => ends.all(),
    byId,
    byNonce: (nonce) => rowIn(withNonce.get(nonce)) ?? byOwnId(nonce),
    ofTicket: (ticket) => rowsOf(ofTicket.all({ ticket: Buffer.from(ticket, 'hex') })),
    ofDecision(id) {
      const [made, random] = keptId(id)
      return rowsOf(ofDecision.all({ made, random }))
    },
    refsBeginning(digits, count) {
      const [first, last] = [digits.padEnd(digits.length + (digits.length % 2), '0'), digits.padEnd(32, 'f')]
      return beginning.all(Buffer.from(first, 'hex'), Buffer.from(last, 'hex'), count).map(refOf)
    },
    between: betweenTimes,
    ticketsSeenTwice: (sinceMs) => seenTwice.all(sinceMs).map(refOf),
    after: (position, except, count) => chain.linked(afterAll.all(position, keyOf(except), count)),
    ofOrigin: (origin, seq, count) => chain.ofOrigin(keyOf(origin), seq, count),
    lastPosition: () => last.get()?.position ?? 0,
    nights: () => nights.all().map(({ at }) => new Date(at).toISOString()),
    newestOfLanes: () => rowsOf(ofLanes.all()),
    newestDecisions(count) {
      // Of so many that were made last the earliest time bounds those that are asked for, whenever they were made.
      const { found = 0, at = null } = madeLast.get(count) ?? {}
      const rows = betweenTimes(found < count ? 0 : (at ?? 0), Number.MAX_SAFE_INTEGER)
      return rows
        .filter((row) => isRowOf(row, 'decision'))
        .slice(-count)
        .reverse()
    },
  }
}
