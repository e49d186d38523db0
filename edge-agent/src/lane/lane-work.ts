import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { BoardProfile, ReaderProfile } from '@vigie/config-schema/lane-profiles'
import type { LaneState } from '@vigie/contract/gate/lane-mode'
import type { Direction } from '@vigie/contract/gate/outcome'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId, LaneId } from '@vigie/contract/ids'
import type { FaultCode } from '../faults.ts'
import type { Time } from '../time.ts'
import { runTogether } from '../together.ts'
import { type Admission, type AdmitDeps, createAdmit } from './admit.ts'
import type { Board } from './board/board-port.ts'
import type { BoardAt } from './board/open-board.ts'
import type { RowKeeper } from './keep-rows.ts'
import { createLaneAtWork, type LaneAtWork } from './lane-at-work.ts'
import type { LeftOpen, Rest } from './lane-life.ts'
import { type ReaderDeps, runReader } from './reader/run-reader.ts'

/** One lane with its board and its readers. */
export type LaneWork = {
  id: LaneId
  /** The way that is meant where nobody names one. */
  way: Direction
  atWork: LaneAtWork
  state(): LaneState
  readers(): ReaderStanding[]
  run(signal: AbortSignal): Promise<void>
}

/** How one reader does. `lastScanMs` is monotonic; null: it has read nothing since the start. */
export type ReaderStanding = { direction: Direction; isWorking: boolean; lastScanMs: number | null }

/** Ports to the devices; loaded with their libraries by boxes that have lanes alone. */
export type LaneDevices = Pick<ReaderDeps, 'openLine' | 'listPorts' | 'portBehind'> & {
  openBoard(at: BoardAt, deps: { time: Time }): Promise<Board>
}

export type LaneWorkDeps = Omit<AdmitDeps, 'atWork' | 'keeper' | 'clock' | 'letIn'> & {
  time: Time & AdmitDeps['clock']
  keeper: RowKeeper
  devices: LaneDevices
  readers: ReadonlyMap<string, ReaderProfile>
  boards: ReadonlyMap<string, BoardProfile>
  newId: () => ItemId
  /** What the staff had set it to before this start. */
  rest: Rest | null
  /** What it stood open for when the agent ended, not long ago. */
  leftOpen: (LeftOpen & { ticket: TicketRef | null }) | null
  /** It stands otherwise than before; who comes and goes is not told. */
  onStanding(state: LaneState): void
  onReader(lane: LaneId, direction: Direction, condition: Parameters<ReaderDeps['onCondition']>[0]): void
  onOddity(lane: LaneId, oddity: Parameters<ReaderDeps['onOddity']>[0]): void
}

export function createLaneWork(lane: LaneFacts, deps: LaneWorkDeps): LaneWork {
  const { time, keeper, devices } = deps
  const id = lane.id as LaneId // the document's pattern is the contract's
  const way: Direction = lane.direction === 'out' ? 'out' : 'in'
  const readers = [
    { reader: lane.reader, standing: unopened(way) },
    ...(lane.exitReader === undefined ? [] : [{ reader: lane.exitReader, standing: unopened('out') }]),
  ]
  let since = new Date(time.now()).toISOString()
  let shown = 'locked'
  let lastDecision: LaneState['lastDecision']

  const board = deps.boards.get(lane.board.profile)
  const port = lane.board.port
  if (board === undefined || port === undefined) throw new Error(`lane ${id} was not looked at before it was taken`)
  const at = { profile: board, port, address: lane.board.address, wiring: lane.board.wiring }

  const atWork = createLaneAtWork(lane, {
    time,
    ...(deps.rest !== null && { rest: deps.rest }),
    openBoard: () => devices.openBoard(at, { time }),
    report: (report) => keeper.report({ body: report, lane: id }),
    onChange() {
      admit.look()
      tellStanding()
    },
  })
  const admit = createAdmit(lane, {
    ...deps,
    ...{ atWork, clock: time, letIn: deps.leftOpen?.ticket ?? null },
    onAdmission(admission: Admission) {
      lastDecision = { at: new Date(time.now()).toISOString(), outcome: admission.outcome }
      deps.onAdmission(admission)
    },
  })
  if (deps.leftOpen !== null) atWork.takeUp(deps.leftOpen)

  function faultNow(): FaultCode | null {
    // Also before it is opened for the first time: a lane that reads no ticket is not ready.
    return (
      keeper.fault() ??
      atWork.state().fault ??
      (readers.some(({ standing }) => !standing.isWorking) ? 'reader-lost' : null)
    )
  }

  function state(): LaneState {
    const fault = faultNow()
    const { mode } = atWork.state()
    return { lane: id, mode, since, ...(fault !== null && { fault }), ...(lastDecision && { lastDecision }) }
  }

  function tellStanding(): void {
    const { mode, fault } = state()
    const isTurning = mode === 'granted' || mode === 'rotating'
    const standing = `${isTurning ? 'locked' : mode} ${fault ?? ''}`
    if (standing === shown) return
    shown = standing
    since = new Date(time.now()).toISOString()
    deps.onStanding(state())
  }

  function runOf({ reader, standing }: (typeof readers)[number]) {
    const profile = deps.readers.get(reader.profile)
    if (profile === undefined) throw new Error(`lane ${id} was not looked at before it was taken`)
    const { direction } = standing
    const events: ReaderDeps = {
      ...{ time, openLine: devices.openLine, listPorts: devices.listPorts, portBehind: devices.portBehind },
      onScan(scan) {
        standing.lastScanMs = time.monotonicMs()
        admit.scan(scan, direction)
      },
      onOddity: (oddity) => deps.onOddity(id, oddity),
      onCondition(condition) {
        standing.isWorking = condition.is === 'working'
        deps.onReader(id, direction, condition)
        tellStanding()
      },
    }
    return (signal: AbortSignal) => runReader({ profile, port: reader.port }, events, signal)
  }

  return {
    ...{ id, way, atWork, state },
    readers: () => readers.map(({ standing }) => standing),
    run: (signal) => runTogether(signal, [atWork.run, ...readers.map(runOf)]),
  }
}

const unopened = (direction: Direction): ReaderStanding => ({ direction, isWorking: false, lastScanMs: null })
