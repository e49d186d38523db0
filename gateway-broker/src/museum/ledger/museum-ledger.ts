import { type ChainProblem, followChain, hashedText, type Sha256Hex, withHash } from '@vigie/contract/gate/chain'
import { type TicketHistory, ticketHistory } from '@vigie/contract/gate/history'
import type { Row, RowBody } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { comesBack } from '@vigie/contract/row-columns'
import type { GatewayClock } from '../gateway-clock.ts'
import { type Acknowledgements, createAcknowledgements } from './acknowledgements.ts'
import { type ConflictTable, createConflictTable } from './conflict-table.ts'
import { createHandoverTable, type HandoverTable } from './handover-table.ts'
import { LedgerComesBack, type LedgerFile } from './ledger-file.ts'
import { createNumbers, type Numbers } from './numbers.ts'
import { createRowTable, type RowTable } from './row-table.ts'
import { salvageRows } from './salvage.ts'

/** Why rows of a unit are not taken. `gap`: those before them are missing here, so they come again with them. */
export type RowsRefusal = ChainProblem['why'] | 'id-taken' | 'not-of-a-lane' | 'not-keepable'

/** What a lane writes. What the staff does is written here, so a box that says it undid something is lying. */
const OF_A_LANE: ReadonlySet<RowBody['kind']> = new Set(['decision', 'passage', 'returned', 'lane'])

/** What came of rows that a unit sent: those that are durable now, and the first that is not taken, with the reason. */
export type Taken = { stored: ItemId[]; fresh: Row[]; refusal: { id: ItemId; why: RowsRefusal } | null }

/** What is said about a moment that has passed: the hour of a cut, or a decision that a phone made by itself. */
export type Written = { body: RowBody; lane?: LaneId | null; atMs?: number }

/** The ledger of the whole museum: the rows of its lanes, and those that are made here for phones and staff. */
export type MuseumLedger = Omit<RowTable, 'add'> & {
  /** Takes rows that a lane's box says it wrote. Nobody writes for another: `from` is what its certificate says. */
  take(from: UnitId, rows: readonly Row[]): Taken
  /** Writes rows of this gateway, all or none; durable when it returns. @throws LedgerComesBack */
  append(written: readonly Written[]): Row[]
  /** Whether rows that this gateway wrote and lost may come back: not once it has written others in their place. */
  mayTakeBack(): boolean
  /** Takes such rows from whoever holds them, as far as they continue the chain. Gives how many were new here. */
  takeBack(rows: readonly Row[]): { taken: number; why: RowsRefusal | null }
  /** Nobody who was heard holds more of our rows than are here. */
  ownAreHere(): void
  /** What was done with one ticket, as a decision wants it. */
  history(ticket: TicketRef): TicketHistory
  handover: HandoverTable
  acknowledgements: Acknowledgements
  conflicted: ConflictTable
  numbers: Numbers
  /** Told of every row that is new here, after it is durable. */
  onRows(listener: (rows: readonly Row[]) => void): void
  close(): void
}

export type LedgerDeps = {
  unit: UnitId
  boot: BootId
  clock: GatewayClock
  newId: () => ItemId
  sha256: Sha256Hex
  /** So long a ledger that is new or was damaged waits for those who hold its rows before it writes; 0 if absent. */
  takeBackWithinMs?: number
}

/** All lanes of a building link within three seconds; one of them may hold a row more than the first that was heard. */
const OTHERS_WITHIN_MS = 3_000

export function createMuseumLedger({ database, setAside }: LedgerFile, deps: LedgerDeps): MuseumLedger {
  const { unit, boot, clock, newId, sha256, takeBackWithinMs = 0 } = deps
  const table = createRowTable(database, sha256)
  if (setAside !== null) salvageRows(setAside, table, sha256)
  const handover = createHandoverTable(database, { table, origin: unit })
  const isSuspect = setAside !== null || table.endOf(unit).seq === 0
  let heldUntilMs = isSuspect ? clock.monotonicMs() + takeBackWithinMs : Number.NEGATIVE_INFINITY
  let hasWritten = false
  const listeners: ((rows: readonly Row[]) => void)[] = []
  const tell = (rows: readonly Row[]) => {
    if (rows.length > 0) for (const listener of listeners) listener(rows)
  }

  function take(from: UnitId, rows: readonly Row[]): Taken {
    const end = table.endOf(from)
    const again: Row[] = []
    let refused: { row: Row; why: RowsRefusal } | null = null
    const hashAt = hashesOf(from, rows.length)
    for (const row of rows) {
      if (row.origin !== from || row.seq > end.seq) break
      // Sent again, since its receipt was lost; or another row under a number that is taken.
      const isKnown = hashAt(row.seq) === row.hash && row.hash === sha256(hashedText(row))
      if (!isKnown) refused = { row, why: 'known-otherwise' }
      if (!isKnown) break
      again.push(row)
    }
    const rest = refused === null ? rows.slice(again.length) : []
    const { taken, problem } = followChain(rest, from, end, sha256)
    const chained = rest.slice(0, taken)
    const stranger = rest[taken]
    if (problem !== null && stranger !== undefined) refused = { row: stranger, why: problem.why }
    const ids = new Set<ItemId>()
    const fresh: Row[] = []
    for (const row of chained) {
      const why = whyRefused(row, ids)
      if (why !== null) refused = { row, why }
      if (why !== null) break
      ids.add(row.id)
      fresh.push(row)
    }
    if (fresh.length > 0) table.add(fresh)
    tell(fresh)
    const refusal = refused === null ? null : { id: refused.row.id, why: refused.why }
    return { stored: [...again, ...fresh].map(({ id }) => id), fresh, refusal }
  }

  function whyRefused(row: Row, ids: ReadonlySet<ItemId>): RowsRefusal | null {
    // An id names one row of the whole museum: whoever takes another's would hide what that one said.
    if (ids.has(row.id) || table.byId(row.id) !== null) return 'id-taken'
    if (!OF_A_LANE.has(row.body.kind)) return 'not-of-a-lane'
    return comesBack(row) ? null : 'not-keepable'
  }

  /** The hash of the row that stands here under a number; so many are read at once, since mostly all of them are asked for. */
  function hashesOf(origin: UnitId, atOnce: number): (seq: number) => string | undefined {
    const read = new Map<number, string>()
    return (seq) => {
      if (!read.has(seq)) {
        for (const { row } of table.ofOrigin(origin, seq - 1, atOnce)) read.set(row.seq, row.hash)
      }
      return read.get(seq)
    }
  }

  function takeBack(rows: readonly Row[]): { taken: number; why: RowsRefusal | null } {
    if (hasWritten) return { taken: 0, why: 'known-otherwise' }
    const end = table.endOf(unit)
    const lacking = rows.filter(({ seq }) => seq > end.seq)
    const { taken, problem } = followChain(lacking, unit, end, sha256)
    const back = lacking.slice(0, taken)
    if (back.some(({ id }) => table.byId(id) !== null)) return { taken: 0, why: 'id-taken' }
    if (!back.every(comesBack)) return { taken: 0, why: 'not-keepable' }
    if (back.length > 0) table.add(back)
    handover.made(back.length)
    tell(back)
    return { taken, why: problem?.why ?? null }
  }

  function append(written: readonly Written[]): Row[] {
    if (!hasWritten && clock.monotonicMs() < heldUntilMs) throw new LedgerComesBack()
    let { seq, hash } = table.endOf(unit)
    const rows = written.map(({ body, lane = null, atMs = clock.now() }) => {
      seq += 1
      const row = withHash(
        {
          ...{ v: 1, id: newId(), origin: unit, seq, boot, mono: Math.round(clock.monotonicMs()) },
          at: new Date(atMs).toISOString(),
          clock: clock.state(),
          clockErrorMs: clock.errorMs(),
          ...{ lane, prev: hash, body },
        },
        sha256,
      )
      hash = row.hash
      return row
    })
    table.add(rows)
    hasWritten = true
    handover.made(rows.length)
    tell(rows)
    return rows
  }

  return {
    ...table,
    take,
    append,
    mayTakeBack: () => !hasWritten,
    takeBack,
    ownAreHere() {
      heldUntilMs = Math.min(heldUntilMs, clock.monotonicMs() + OTHERS_WITHIN_MS)
    },
    history: (ticket) => ticketHistory(table.ofTicket(ticket), table.nights()),
    handover,
    acknowledgements: createAcknowledgements(database),
    conflicted: createConflictTable(database),
    numbers: createNumbers(database),
    onRows: (listener) => void listeners.push(listener),
    close: () => void database.close(),
  }
}
