import { type ChainEnd, chainStart } from '@vigie/contract/gate/chain'
import type { HaveMark } from '@vigie/contract/gate/ledger-message'
import type { Row, RowBody } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import type Database from 'better-sqlite3'

/** A row and its place in the order in which rows came here. */
export type PlacedRow = { position: number; row: Row }

/** The rows of the ledger. Everything that is SQL about them stands here, and what wants a commit is one transaction. */
export type RowTable = {
  /** Durable when it returns. */
  add(rows: readonly Row[]): void
  /** Where the chain of an origin ends. */
  endOf(origin: UnitId): ChainEnd
  ends(): HaveMark[]
  hashAt(origin: UnitId, seq: number): string | null
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
  /** The first position at which an origin has a row above a number; null: it has none. */
  firstAbove(origin: UnitId, seq: number): number | null
  lastPosition(): number
  /** The times at which everybody was counted out, ascending. */
  nights(): string[]
  /** The night on which everybody was last counted out. */
  lastNight(): Row | null
  /** The newest word of each box on each of its lanes, and of the gateway on itself. */
  newestOfLanes(): Row[]
  /** The newest first. */
  newest(kind: RowBody['kind'], count: number): Row[]
}

type Found = { text: string }

export function createRowTable(database: Database.Database): RowTable {
  const insert = database.prepare(
    `INSERT INTO row (origin, seq, id, at_ms, hash, kind, lane, ticket, decision, nonce, text)
     VALUES (:origin, :seq, :id, :at, :hash, :kind, :lane, :ticket, :decision, :nonce, :text)`,
  )
  const addOrigin = database.prepare<[string]>('INSERT INTO origin (unit) VALUES (?) ON CONFLICT DO NOTHING')
  const originKeys = database.prepare<[], { key: number; unit: UnitId }>('SELECT key, unit FROM origin')
  const end = database.prepare<[number], ChainEnd>(
    'SELECT seq, hash FROM row WHERE origin = ? ORDER BY seq DESC LIMIT 1',
  )
  const hashOf = database.prepare<[number, number], { hash: string }>(
    'SELECT hash FROM row WHERE origin = ? AND seq = ?',
  )
  const withId = database.prepare<[string], Found>('SELECT text FROM row WHERE id = ?')
  const withNonce = database.prepare<[string], Found>('SELECT text FROM row WHERE nonce = ? ORDER BY position LIMIT 1')
  const ofTicket = database.prepare<[string, string], Found>(
    `SELECT text FROM row WHERE ticket = ? UNION ALL
     SELECT later.text FROM row JOIN row AS later ON later.decision = row.id WHERE row.ticket = ?`,
  )
  const ofDecision = database.prepare<[string], Found>('SELECT text FROM row WHERE decision = ? ORDER BY position')
  const between = database.prepare<[number, number], Found>(
    'SELECT text FROM row WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms, position',
  )
  const seenTwice = database.prepare<[number], { ticket: TicketRef }>(
    `SELECT ticket FROM row WHERE at_ms >= ? AND kind = 'decision' AND ticket IS NOT NULL
     GROUP BY ticket HAVING count(*) > 1`,
  )
  const beginning = database.prepare<[string, string, number], { ticket: TicketRef }>(
    'SELECT DISTINCT ticket FROM row WHERE ticket >= ? AND ticket < ? LIMIT ?',
  )
  const afterAll = database.prepare<[number, number, number], Found & { position: number }>(
    'SELECT position, text FROM row WHERE position > ? AND origin <> ? ORDER BY position LIMIT ?',
  )
  const firstAbove = database.prepare<[number, number], { position: number | null }>(
    'SELECT min(position) AS position FROM row WHERE origin = ? AND seq > ?',
  )
  const last = database.prepare<[], { position: number | null }>('SELECT max(position) AS position FROM row')
  const newest = database.prepare<[string, number], Found>(
    'SELECT text FROM row WHERE kind = ? ORDER BY at_ms DESC LIMIT ?',
  )
  const nights = database.prepare<[], { at: number }>(
    "SELECT at_ms AS at FROM row WHERE kind = 'everybody-out' ORDER BY at_ms",
  )
  const lastNight = database.prepare<[], Found>(
    "SELECT text FROM row WHERE kind = 'everybody-out' ORDER BY at_ms DESC LIMIT 1",
  )
  // Of a bare column beside max() SQLite gives that of the row that has it.
  const ofLanes = database.prepare<[], Found>(
    "SELECT text, max(position) FROM row WHERE kind = 'lane' GROUP BY lane, origin",
  )

  const keys = new Map(originKeys.all().map(({ key, unit }) => [unit, key]))
  /** No row has the key 0. */
  const keyOf = (unit: UnitId | null) => (unit === null ? 0 : (keys.get(unit) ?? 0))
  const newKey = (unit: UnitId): number => {
    const key = keys.get(unit) ?? Number(addOrigin.run(unit).lastInsertRowid)
    return key
  }
  const addAll = database.transaction((rows: readonly Row[]) => {
    const found = new Map<UnitId, number>()
    for (const row of rows) {
      const key = found.get(row.origin) ?? newKey(row.origin)
      found.set(row.origin, key)
      insert.run({ ...columnsOf(row), origin: key })
    }
    return found
  })
  const rowsOf = (found: Found[]): Row[] => found.map(({ text }) => JSON.parse(text) as Row) // decoded before it was stored
  const rowIn = (found: Found | undefined): Row | null => (found === undefined ? null : (rowsOf([found])[0] ?? null))
  const endOf = (origin: UnitId) => end.get(keyOf(origin)) ?? chainStart

  return {
    add(rows) {
      for (const [unit, key] of addAll(rows)) keys.set(unit, key)
    },
    endOf,
    ends: () => [...keys.keys()].map((origin) => ({ origin, seq: endOf(origin).seq })),
    hashAt: (origin, seq) => hashOf.get(keyOf(origin), seq)?.hash ?? null,
    byId: (id) => rowIn(withId.get(id)),
    byNonce: (nonce) => rowIn(withNonce.get(nonce)),
    ofTicket: (ticket) => rowsOf(ofTicket.all(ticket, ticket)),
    ofDecision: (id) => rowsOf(ofDecision.all(id)),
    // The next letter after the last digit bounds all that begin so.
    refsBeginning: (digits, count) => beginning.all(digits, `${digits}g`, count).map(({ ticket }) => ticket),
    between: (fromMs, untilMs) => rowsOf(between.all(fromMs, untilMs)),
    ticketsSeenTwice: (sinceMs) => seenTwice.all(sinceMs).map(({ ticket }) => ticket),
    after: (position, except, count) =>
      afterAll
        .all(position, keyOf(except), count)
        .map((found) => ({ position: found.position, row: JSON.parse(found.text) as Row })),
    firstAbove: (origin, seq) => firstAbove.get(keyOf(origin), seq)?.position ?? null,
    lastPosition: () => last.get()?.position ?? 0,
    nights: () => nights.all().map(({ at }) => new Date(at).toISOString()),
    lastNight: () => rowIn(lastNight.get()),
    newestOfLanes: () => rowsOf(ofLanes.all()),
    newest: (kind, count) => rowsOf(newest.all(kind, count)),
  }
}

function columnsOf(row: Row) {
  const { seq, id, at, hash, lane, body } = row
  return {
    ...{ seq, id, hash, lane, at: Date.parse(at), kind: body.kind },
    ticket: body.kind === 'decision' || body.kind === 'status' ? body.ticket : null,
    decision: 'decision' in body ? body.decision : null,
    nonce: body.kind === 'decision' ? body.nonce : null,
    text: JSON.stringify(row),
  }
}
