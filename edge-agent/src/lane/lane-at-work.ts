import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { LaneMode } from '@vigie/contract/gate/lane-mode'
import type { Direction } from '@vigie/contract/gate/outcome'
import type { Time } from '../time.ts'
import { runTogether } from '../together.ts'
import type { Board } from './board/board-port.ts'
import { createContactWatch } from './board/contact-watch.ts'
import { createCountWatch } from './board/count-watch.ts'
import { createSignals } from './board/signals.ts'
import { LaneFault, type LaneFaultCode } from './lane-fault.ts'
import {
  atFirst,
  canTakeGrant,
  faultOf,
  type Grant,
  isUnderWay,
  type LaneEffect,
  type LaneEvent,
  type LaneReport,
  type LaneState,
  type LeftOpen,
  modeOf,
  type Rest,
  rulesOf,
} from './lane-life.ts'
import { step } from './lane-step.ts'

/** A lane as the decisions and the staff see it. None of the calls waits. */
export type LaneAtWork = {
  state(): { mode: LaneMode; fault: LaneFaultCode | null }
  canTakeGrant(direction: Direction): boolean
  /** The order leaves at once; what becomes of it is reported. A grant that is not taken is given back at once. */
  grant(grant: Grant): void
  /** A grant of before the start, before anything else happens. */
  takeUp(leftOpen: LeftOpen): void
  refuse(): void
  setRest(change: Omit<Extract<LaneEvent, { name: 'rest' }>, 'name'>): void
  /**
   * What time it is, for who knows it: a free rotation that is over by it ends. How long it was still to last was reckoned
   * at the start, perhaps by a clock that had stood still for as long as the power was away.
   */
  tellTime(nowMs: number): void
  /** Whether the access of the box was taken back. */
  setRevoked(is: boolean): void
  /** Aborted, it takes nobody any more, and waits for who is going through. */
  run(signal: AbortSignal): Promise<void>
}

export type LaneAtWorkDeps = {
  time: Time
  /** What the staff had set it to before this start. Absent: to be locked. */
  rest?: Rest
  /** @throws LaneFault */
  openBoard(): Promise<Board>
  /** Kept before it returns: what it throws ends the agent. */
  report(report: LaneReport): void
  onChange?(state: { mode: LaneMode; fault: LaneFaultCode | null }): void
}

/** With the question and its answer at 9600 baud, 40 ms, a PASS of 130 ms is seen by two polls at least. */
const POLL_MS = 20
const TICK_MS = 100
const REOPEN_MS = 1_000

/** One lost answer is noise on a line. */
const SILENT_AFTER = 2

const PULSE_MS = 500

/** A person whose arm is free comes or not within that; the service is killed after 20 s. Beyond: the next start takes it up. */
const FINISHES_WITHIN_MS = 8_000

/** Lets a lane live: one loop that owns its board, and one that tells it the time. */
export function createLaneAtWork(lane: LaneFacts, deps: LaneAtWorkDeps): LaneAtWork {
  const { time } = deps
  const { wiring } = lane.board
  const rules = rulesOf(lane)
  const pulseMs = lane.timings?.pulseMs ?? PULSE_MS
  const way = lane.direction === 'out' ? 'out' : 'in'
  let state: LaneState = atFirst(deps.rest)
  let shown = ''
  let open: { board: Board; signals: ReturnType<typeof createSignals> } | null = null
  const waiting: LaneEvent[] = []
  let isBusy = false
  let isLeaving = false

  /** Events that come of effects wait until those are done, so that reports stand in the order in which things happened. */
  function happen(event: LaneEvent): void {
    waiting.push(event)
    if (isBusy) return
    isBusy = true
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const turn = step(state, next, time.monotonicMs(), rules)
        state = turn.state
        for (const effect of turn.effects) perform(effect)
      }
    } finally {
      isBusy = false
    }
    tellChange()
  }

  function perform(effect: LaneEffect): void {
    if (effect.do === 'report') deps.report(effect.report)
    else if (effect.do === 'signal') open?.signals.show(effect.signal)
    else release(effect.direction === way ? wiring.pulseA : wiring.pulseB, effect.order)
  }

  function release(coil: number | undefined, order: number): void {
    if (open === null || coil === undefined) {
      happen({ name: 'not-released', order })
      return
    }
    void open.board.pulse(coil, pulseMs).then(
      () => happen({ name: 'released', order }),
      (error: unknown) => {
        const isRefused = error instanceof LaneFault && error.code === 'board-refused'
        happen({ name: isRefused ? 'not-released' : 'unanswered', order })
      },
    )
  }

  function stateNow() {
    return { mode: modeOf(state), fault: faultOf(state) }
  }

  function tellChange(): void {
    const now = stateNow()
    const text = `${now.mode} ${now.fault}`
    if (text !== shown) deps.onChange?.(now)
    shown = text
  }

  /** What is counted while the line is cut is there when it is back. */
  const lookAtCounts = createCountWatch(lane)

  async function pollUntilSilent(board: Board, signal: AbortSignal): Promise<void> {
    const look = createContactWatch(lane, { arePassesCounted: board.readCounts !== undefined })
    let failures = 0
    while (!signal.aborted) {
      try {
        const closed = await board.readInputs()
        const counts = await board.readCounts?.()
        if (failures > 0 || !state.hasBoard) happen({ name: 'board', is: true })
        failures = 0
        const nowMs = time.monotonicMs()
        const passed = counts === undefined ? [] : lookAtCounts(counts, nowMs)
        for (const event of [...passed, ...look(closed, nowMs)]) happen(event)
      } catch (error) {
        if (!(error instanceof LaneFault)) throw error
        failures += 1
        if (failures >= SILENT_AFTER || error.code === 'board-refused') return
      }
      await time.wait(POLL_MS, signal).catch(() => undefined)
    }
  }

  async function ownBoard(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const board = await deps.openBoard()
        open = { board, signals: createSignals(wiring, { time, board }) }
        await pollUntilSilent(board, signal)
      } catch (error) {
        if (!(error instanceof LaneFault)) throw error
      } finally {
        const was = open
        open = null
        was?.signals.end()
        await was?.board.close()
      }
      if (!signal.aborted) happen({ name: 'board', is: false })
      await time.wait(REOPEN_MS, signal).catch(() => undefined)
    }
  }

  return {
    state: stateNow,
    canTakeGrant: (direction) => !isLeaving && canTakeGrant(state, direction),
    grant: (grant) => happen({ name: 'grant', grant }),
    takeUp: ({ grant, left, untilMs }) => happen({ name: 'left-open', grant, left, untilMs }),
    refuse: () => happen({ name: 'refusal' }),
    setRest: (change) => happen({ name: 'rest', ...change }),
    tellTime(nowMs) {
      const { rest } = state
      if (rest.name !== 'free' || rest.until === undefined || nowMs < Date.parse(rest.until)) return
      happen({ name: 'rest', rest: { name: 'locked' } })
    },
    setRevoked(is) {
      if (is !== state.isRevoked) happen({ name: 'revoked', is })
    },
    async run(signal) {
      const over = new AbortController()
      let latestMs = Number.POSITIVE_INFINITY
      const leaveWhenDone = () => {
        if (isLeaving && (!isUnderWay(state) || time.monotonicMs() >= latestMs)) over.abort()
      }
      const leave = () => {
        isLeaving = true
        latestMs = time.monotonicMs() + FINISHES_WITHIN_MS
        leaveWhenDone()
      }
      if (signal.aborted) leave()
      else signal.addEventListener('abort', leave, { once: true })
      await runTogether(over.signal, [
        ownBoard,
        async (signal) => {
          while (!signal.aborted) {
            happen({ name: 'tick' })
            leaveWhenDone()
            await time.wait(TICK_MS, signal).catch(() => undefined)
          }
        },
      ])
      signal.removeEventListener('abort', leave)
    },
  }
}
