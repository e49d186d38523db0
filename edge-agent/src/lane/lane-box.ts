import type { X509Certificate } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ClockState } from '@vigie/contract/clock'
import type { LaneState } from '@vigie/contract/gate/lane-mode'
import type { Row } from '@vigie/contract/gate/row'
import type { BootId, ItemId, LaneId, SiteId, UnitId } from '@vigie/contract/ids'
import { createListWatch } from '@vigie/contract/list-watch'
import { createPresent } from '@vigie/contract/present'
import { createSignedLists } from '@vigie/contract/signed-lists'
import type { Outbox } from '../outbox/outbox.ts'
import type { Stamp } from '../stamp.ts'
import type { Time } from '../time.ts'
import { runTogether } from '../together.ts'
import type { BrokerAddress } from '../uplink/broker-connection.ts'
import { createDoorbell } from '../uplink/doorbell.ts'
import type { Line } from '../uplink/line.ts'
import { type CommandsHere, createCommandsHere } from './commands-here.ts'
import { type GrantsLeftOpen, grantsLeftOpen } from './grants-left-open.ts'
import { handRowsOver } from './hand-over.ts'
import { createInside } from './inside.ts'
import { createRowKeeper, type RowKeeper } from './keep-rows.ts'
import { createLaneAlarms } from './lane-alarms.ts'
import { rulesOf } from './lane-life.ts'
import type { LaneLog } from './lane-log.ts'
import { createLaneWork, type LaneDevices, type LaneWork } from './lane-work.ts'
import { type LaneLedger, openLaneLedger } from './ledger/lane-ledger.ts'
import { runMuseumLink } from './museum-link.ts'
import type { LanePlan, LaneProfiles } from './plan-lanes.ts'
import { restBefore } from './rest-memory.ts'
import { type LaneListStore, openListStore } from './store/list-store.ts'
import { createListFollower, type ListFollower } from './tickets/follow-lists.ts'

/** All that a box has that drives lanes, by whatever plan. */
export type LaneBox = {
  /** Lets the lanes of a plan work until aborted. */
  run(plan: LanePlan, signal: AbortSignal): Promise<void>
  crew(): readonly LaneWork[]
  ledger: Pick<LaneLedger, 'history' | 'ends' | 'since'>
  keeper: Pick<RowKeeper, 'write' | 'report'>
  lists: Pick<ListFollower, 'take'> & { mark(): number; ageS(): number | null }
  commands: CommandsHere
  close(): void
}

export type LaneBoxDeps = {
  site: SiteId
  unit: UnitId
  boot: BootId
  dataFolder: string
  /** The unit's honest time. */
  time: Time & { state(): ClockState; errorMs(): number | null }
  random: () => number
  newId: () => ItemId
  stamp: Stamp
  keep: Outbox['keep']
  outboxFile: Outbox['fileNumber']
  line: Pick<Line, 'isOpen' | 'publish'>
  roots: () => readonly X509Certificate[]
  /** How the unit shows itself to a broker of this address. */
  addressOf(url: string): BrokerAddress
  profiles: () => LaneProfiles
  devices: LaneDevices
  takeCommand(payload: Uint8Array): void
  /** Whether the authority has said that the access of this box was taken back. */
  isRevoked(): boolean
  /** The state of the unit is worth telling. */
  onStanding(state: LaneState): void
  log: LaneLog
}

const LOOK_EVERY_MS = 200

/** Not without the ledger, and no ledger without it: whoever fails to open one leaves both to the next try. */
function openLists(ledger: Pick<LaneLedger, 'close'>, dataFolder: string): LaneListStore {
  try {
    return openListStore(join(dataFolder, 'lists.sqlite'), (path) => rmSync(path, { force: true }))
  } catch (error) {
    ledger.close()
    throw error
  }
}

/** Opens what a box with lanes keeps. @throws AgentFault `data-folder-in-use`, `disk-failing` */
export function openLaneBox(deps: LaneBoxDeps): LaneBox {
  const { site, unit, time, stamp, newId, log } = deps
  const bells = { handOver: createDoorbell(time), lists: createDoorbell(time), link: createDoorbell(time) }
  const file = join(deps.dataFolder, 'ledger.sqlite')
  const { ledger, rebuilt } = openLaneLedger({ file, now: time.now }, { unit, boot: deps.boot, clock: time, newId })
  if (rebuilt) log.rebuilt(rebuilt)
  const store = openLists(ledger, deps.dataFolder)
  const lists = createSignedLists({ site, store, roots: deps.roots, clock: time })
  let plan: LanePlan | null = null
  let crew: LaneWork[] = []

  const inside = createInside({
    ...{ ledger, now: time.now },
    terms: () => lists.catalogue()?.museum ?? null,
    areExitsCounted: () => plan?.areExitsCounted ?? false,
  })
  const keeper = createRowKeeper({
    ...{ ledger, time },
    onRows(rows: readonly Row[]) {
      inside.took(rows)
      bells.handOver.ring()
      bells.link.ring()
    },
    onDisk: log.disk,
  })
  const raise = createLaneAlarms(keeper, time.monotonicMs)
  const alarm = (cause: string, about: string) => {
    if (raise(cause, about)) log.alarm(cause, about)
  }
  const listWatch = createListWatch({ lists, clock: time, raise: alarm })
  const follower = createListFollower({
    ...{ site, unit, lists, line: deps.line, time, bell: bells.lists },
    stamp: () => stamp.next('ticket'),
    onRefused: alarm,
  })
  const commands = createCommandsHere(
    { site, unit },
    { stamp, announce: bells.link.ring, take: (payload) => deps.takeCommand(payload) },
  )
  const present = createPresent((hash) => lists.entryOf(hash) !== null)

  function workOf(
    lane: LanePlan['lanes'][number],
    { profiles, standing }: { profiles: LaneProfiles; standing: GrantsLeftOpen['standing'] },
  ): LaneWork {
    const before = restBefore(ledger, { unit, lane: lane.id }, time)
    const work = createLaneWork(lane, {
      ...{ ledger, keeper, lists, present, inside: inside.now, time, newId },
      ...{ devices: deps.devices, ...profiles, rest: before?.rest ?? null },
      leftOpen: standing.get(lane.id as LaneId) ?? null,
      onAdmission: (admission) => log.decided(lane.id as LaneId, admission),
      onUnsettled: () => {
        follower.want()
        bells.lists.ring()
      },
      onStanding(state) {
        log.standing(state)
        deps.onStanding(state)
      },
      ...{ onReader: log.reader, onOddity: log.oddity },
    })
    work.atWork.setRevoked(deps.isRevoked())
    return work
  }

  async function lookBesides(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      inside.look()
      listWatch.look()
      for (const { atWork } of crew) {
        atWork.setRevoked(deps.isRevoked())
        if (time.state() !== 'unknown') atWork.tellTime(time.now())
      }
      await time.wait(LOOK_EVERY_MS, signal).catch(() => undefined)
    }
  }

  const link = (url: string) => (signal: AbortSignal) =>
    runMuseumLink(
      {
        ...{ site, unit, ledger, stamp, time, random: deps.random, bell: bells.link, commands },
        address: () => deps.addressOf(url),
        onRows: inside.took,
        onLink: log.link,
        onTrouble: (what) => alarm('ledger-untaken', what),
      },
      signal,
    )

  return {
    async run(next, signal) {
      plan = next
      if (next.gateway !== null) ledger.awaitOwn()
      const profiles = deps.profiles()
      const rulesAt = new Map(next.lanes.map((lane) => [lane.id as LaneId, rulesOf(lane)])) // of the document's pattern
      const windowOf = (lane: LaneId) => rulesAt.get(lane)?.windowMs ?? null
      const { over, standing } = grantsLeftOpen({ ledger, unit, time, windowOf })
      for (const written of over) keeper.report(written)
      crew = next.lanes.map((lane) => workOf(lane, { profiles, standing }))
      await runTogether(signal, [
        keeper.run,
        follower.run,
        lookBesides,
        (signal) => handRowsOver({ ...deps, ledger, bell: bells.handOver }, signal),
        ...(next.gateway === null ? [] : [link(next.gateway)]),
        ...crew.map(({ run }) => run),
      ])
    },
    crew: () => crew,
    ledger,
    keeper,
    lists: { take: follower.take, mark: lists.mark, ageS: lists.ageS },
    commands,
    close() {
      ledger.close()
      store.close()
    },
  }
}
