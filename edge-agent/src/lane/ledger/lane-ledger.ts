import { createHash } from 'node:crypto'
import type { Clock, ClockState } from '@vigie/contract/clock'
import { type ChainEnd, type ChainProblem, followChain, withHash } from '@vigie/contract/gate/chain'
import { type TicketHistory, ticketHistory } from '@vigie/contract/gate/history'
import type { HaveMark } from '@vigie/contract/gate/ledger-message'
import type { Row, RowBody } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { AgentFault } from '../../faults.ts'
import { isDiskFailure } from '../../outbox/disk-failure.ts'
import { LaneFault } from '../lane-fault.ts'
import { type LedgerPlace, openLedgerFile } from './ledger-file.ts'
import { createRowTable, type Mark } from './row-table.ts'
import { salvageRows } from './salvage-rows.ts'

/** What is to be written, and when it happened; now, unless said. */
export type Written = { body: RowBody; lane: LaneId | null; atMs?: number; id?: ItemId }

/** What came of rows: those that were new here and are durable, and the first that does not continue its chain. */
export type TakenRows = { taken: Row[]; problem: (ChainProblem & { origin: UnitId }) | null }

/**
 * The ledger of a lane's box: what happened at its own lanes, and what the museum gateway has told of the others. Rows are
 * added and never changed, and nothing here is ever removed because somebody else has it.
 */
export type LaneLedger = {
  /**
   * Writes rows of this unit, all or none. Durable when it returns.
   * @throws AgentFault `disk-failing`, LaneFault `ledger-returning`
   */
  append(written: readonly Written[]): Row[]
  /**
   * Takes rows of others, and those of this unit that were lost here, of each origin ascending. Rows that are here already
   * are passed over, and what is wrong with one origin keeps out no other.
   * @throws AgentFault `disk-failing`
   */
  take(rows: readonly Row[]): TakenRows
  /** What a museum gateway is told: of the own rows, up to where none is lacking, so that it gives back those that are. */
  have(): HaveMark[]
  /** There is a museum gateway: a chain whose end was lost waits for it before it goes on. */
  awaitOwn(): void
  history(ticket: TicketRef): TicketHistory
  /** Up to where the rows of each origin are here. */
  ends(): HaveMark[]
  /** Rows of this unit after a number, with their hashes. */
  own(afterSeq: number, count: number): Row[]
  /** Rows of any origin after a number, with their hashes. */
  of(origin: UnitId, afterSeq: number, count: number): Row[]
  /** Rows of all origins whose own clocks say that they are of this time or later. */
  since(atMs: number): Row[]
  /** Up to which of its own rows another has been given. */
  mark(name: Mark): number
  setMark(name: Mark, seq: number): void
  /** Reckons every chain anew. Null: each is whole. For a person who asks: it reads everything. */
  verify(): (ChainProblem & { origin: UnitId }) | null
  close(): void
}

export type LaneLedgerDeps = {
  unit: UnitId
  boot: BootId
  clock: Clock & { state(): ClockState; errorMs(): number | null }
  newId: () => ItemId
}

/** What was found on opening that somebody should know. */
export type LaneLedgerOpening = { ledger: LaneLedger; rebuilt: { setAside: string; salvaged: number } | null }

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What the disk refuses is a fault, which passes; anything else that fails is not. */
function onDisk<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (isDiskFailure(error)) throw new AgentFault('disk-failing', undefined, { cause: error })
    throw error
  }
}

/** A chain whose end is lost waits for a gateway that comes up after the same power cut. Beyond, it begins anew. */
const AWAITED_MS = 60_000
/** What a gateway that was reached holds of it comes at once, and what came is followed by the next. */
const ANSWERED_MS = 10_000
const FOLLOWED_MS = 3_000
/** Rows that nobody has are asked for so often: each time all that stand behind them come too. */
const GAP_SAID_EVERY_MS = 600_000

/** Read and reckoned in one go by `verify`. */
const VERIFIED_AT_ONCE = 1_000

/** Opens the ledger of a data folder, or makes it; of a damaged one, what can be read is taken over. */
export function openLaneLedger(place: LedgerPlace, deps: LaneLedgerDeps): LaneLedgerOpening {
  const { unit, boot, clock, newId } = deps
  const { database, setAside, wasEverSetAside } = openLedgerFile(place)
  const table = createRowTable(database, sha256)
  const rebuilt = setAside === null ? null : { setAside, salvaged: salvageRows(setAside, table, { own: unit, sha256 }) }

  /** Up to where none of our own rows is lacking, as far as anybody has looked. */
  let whole: ChainEnd = table.wholeEndOf(unit)
  const isEndLost = wasEverSetAside && table.endOf(unit).seq === 0
  let hasWritten = false
  let heldUntilMs = Number.NEGATIVE_INFINITY
  let gapSaidMs = Number.NEGATIVE_INFINITY
  const isHeld = () => !hasWritten && clock.monotonicMs() < heldUntilMs

  function append(written: readonly Written[]): Row[] {
    if (isHeld()) throw new LaneFault('ledger-returning')
    let { seq, hash } = table.endOf(unit)
    const rows = written.map(({ body, lane, atMs = clock.now(), id = newId() }) => {
      seq += 1
      const row = withHash(
        {
          ...{ v: 1, id, origin: unit, seq, boot, mono: Math.round(clock.monotonicMs()) },
          ...{ at: new Date(atMs).toISOString(), clock: clock.state(), clockErrorMs: clock.errorMs() },
          ...{ lane, prev: hash, body },
        },
        sha256,
      )
      hash = row.hash
      return row
    })
    onDisk(() => table.add(rows))
    hasWritten = true
    if (whole.seq === seq - rows.length) whole = { seq, hash }
    return rows
  }

  /** Rows of ours that we have no more, or not yet again: they must continue what is whole here, and be what follows them. */
  function takeBack(rows: readonly Row[]): TakenRows {
    const behind = rows.filter(({ seq }) => seq > whole.seq)
    const { taken, problem } = followChain(behind, unit, whole, sha256)
    const chained = behind.slice(0, taken)
    const end = table.endOf(unit)
    const here = new Map(table.after(unit, whole.seq, taken).map(({ seq, hash }) => [seq, hash]))
    const isOther = (row: Row) =>
      row.seq > end.seq ? hasWritten : !table.agrees(row) || (here.get(row.seq) ?? row.hash) !== row.hash
    const other = chained.find(isOther)
    const good = other === undefined ? chained : chained.slice(0, chained.indexOf(other))
    const back = good.filter(({ seq }) => !here.has(seq))
    if (back.length > 0) onDisk(() => table.add(back))
    whole = good.at(-1) ?? whole
    if (isHeld() && back.length > 0) heldUntilMs = clock.monotonicMs() + FOLLOWED_MS
    const wrong = other === undefined ? problem : { at: other.seq, why: 'known-otherwise' as const }
    return { taken: back, problem: wrong === null ? null : { ...wrong, origin: unit } }
  }

  function have(): HaveMark[] {
    const nowMs = clock.monotonicMs()
    if (isHeld()) heldUntilMs = Math.min(heldUntilMs, nowMs + ANSWERED_MS)
    if (whole.seq < table.endOf(unit).seq) whole = table.wholeEndOf(unit)
    const hasGap = whole.seq < table.endOf(unit).seq && nowMs - gapSaidMs >= GAP_SAID_EVERY_MS
    if (hasGap) gapSaidMs = nowMs
    return table.ends().map((mark) => (hasGap && mark.origin === unit ? { ...mark, seq: whole.seq } : mark))
  }

  function take(rows: readonly Row[]): TakenRows {
    const taken: Row[] = []
    let problem: TakenRows['problem'] = null
    for (const origin of new Set(rows.map((row) => row.origin))) {
      const of = rows.filter((row) => row.origin === origin)
      const came = origin === unit ? takeBack(of) : takeOthers(origin, of)
      taken.push(...came.taken)
      problem ??= came.problem
    }
    return { taken, problem }
  }

  function takeOthers(origin: UnitId, rows: readonly Row[]): TakenRows {
    const end = table.endOf(origin)
    const fresh = rows.filter(({ seq }) => seq > end.seq)
    const followed = followChain(fresh, origin, end, sha256)
    const taken = fresh.slice(0, followed.taken)
    if (taken.length > 0) onDisk(() => table.add(taken))
    return { taken, problem: followed.problem === null ? null : { ...followed.problem, origin } }
  }

  function verify(): (ChainProblem & { origin: UnitId }) | null {
    for (const { origin, seq } of table.ends()) {
      const last = table.endOf(origin)
      let end = { seq: 0, hash: '' }
      while (end.seq < seq) {
        const rows = table.after(origin, end.seq, VERIFIED_AT_ONCE)
        const next = rows.at(-1)
        if (next === undefined || rows.length !== next.seq - end.seq) return { origin, at: end.seq + 1, why: 'gap' }
        const wrong = rows.find((row) => !table.agrees(row))
        if (wrong !== undefined) return { origin, at: wrong.seq, why: 'hash-wrong' }
        end = { seq: next.seq, hash: next.hash }
      }
      if (end.hash !== last.hash && seq > 0) return { origin, at: seq, why: 'hash-wrong' }
    }
    return null
  }

  return {
    rebuilt,
    ledger: {
      ...{ append, take, have },
      awaitOwn() {
        if (isEndLost && !hasWritten) heldUntilMs = Math.max(heldUntilMs, clock.monotonicMs() + AWAITED_MS)
      },
      history: (ticket) => ticketHistory(table.ofTicket(ticket), table.nights()),
      ends: table.ends,
      own: (afterSeq, count) => table.after(unit, afterSeq, count),
      of: table.after,
      since: table.since,
      mark: table.mark,
      setMark: (name, seq) => onDisk(() => table.setMark(name, seq)),
      verify,
      close: () => void database.close(),
    },
  }
}
