import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BootId, ItemId, MachineBootId } from '@vigie/contract/ids'
import type { Logger } from 'pino'
import { createAgentLog } from './agent-log.ts'
import { createCameraMemory } from './camera/camera-memory.ts'
import type { CameraPort } from './camera/camera-port.ts'
import { createCamera } from './camera/create-camera.ts'
import type { DiscoveredCamera } from './camera/discovery-answer.ts'
import { createRovingCamera } from './camera/roving-camera.ts'
import { createClockMemory } from './clock/clock-memory.ts'
import { createHonestTime } from './clock/honest-time.ts'
import { createTimeKeeping, mayLeaveUndated } from './clock/keep-time.ts'
import type { MachineBoot } from './clock/machine-boot.ts'
import { redate } from './clock/redate.ts'
import { createCommandMemory } from './command/command-memory.ts'
import { createOrders } from './command/orders.ts'
import { createCommands } from './command/take-commands.ts'
import { createWords } from './command/words.ts'
import { faultCodeOf } from './faults.ts'
import { createFrameCapture } from './frame/capture-frame.ts'
import { createSentFrames } from './frame/sent-frames.ts'
import { runHealthLoop } from './health/health-loop.ts'
import { createHealthReports } from './health/health-reports.ts'
import { readMachine } from './health/machine.ts'
import { createTraffic } from './health/traffic.ts'
import { createUnitState } from './health/unit-state.ts'
import { classRules } from './outbox/class-rules.ts'
import { type OutgoingItem, openOutbox } from './outbox/outbox.ts'
import { createAskedFrames } from './schedule/asked-frames.ts'
import { runCameraLoop } from './schedule/camera-loop.ts'
import { takeFirstLook } from './schedule/first-look.ts'
import { type PlanInForce, planInForce } from './schedule/plan-in-force.ts'
import { sunHeight } from './schedule/sun-height.ts'
import { type AgentSettings, type PlannedCamera, readUnitPlan, viewsOf } from './settings.ts'
import { createStamp } from './stamp.ts'
import type { Time } from './time.ts'
import { runTogether } from './together.ts'
import { createDoorbell } from './uplink/doorbell.ts'
import { createPresence } from './uplink/presence.ts'
import { runUplink } from './uplink/uplink.ts'
import { RELEASED_MS, SOFTWARE } from './version.ts'

export type AgentDeps = {
  time: Time
  /** Which boot of the machine this is; without one, this run of the agent counts as one. */
  machine?: MachineBoot | null
  /** Makes a ULID, each time another. */
  newId: () => string
  /** Uniform in [0, 1). */
  random: () => number
  log: Logger
  /** Asks the network of a camera's address who is there. Without it, a camera whose address changes is not found again. */
  discover?: (url: string, signal: AbortSignal) => Promise<DiscoveredCamera[]>
}

/**
 * One unit, from its cameras to the cloud's receipts, until the signal is aborted; then it says farewell and returns.
 * Several may run in one process, each with its own data folder.
 * @throws ProblemsError when a person has to mend the settings or what they name; AgentFault `data-folder-in-use` or
 * `disk-failing` when the outbox cannot be opened
 */
export async function runAgent(settings: AgentSettings, deps: AgentDeps, signal: AbortSignal): Promise<void> {
  const { random } = deps
  const plan = readUnitPlan(settings)
  const { site, unit } = plan
  const newId = () => deps.newId() as ItemId // a ULID, which is what an ItemId is
  const boot = deps.newId() as BootId // likewise
  const log = createAgentLog(deps.log.child({ site, unit }))

  mkdirSync(settings.dataFolder, { recursive: true, mode: 0o700 })
  const machine = deps.machine ?? { id: deps.newId() as MachineBootId, upAtZeroMs: 0 } // a ULID has the pattern
  const memory = createClockMemory(join(settings.dataFolder, 'clock.json'))
  const time = createHonestTime({ time: deps.time, machine, memory }, { releasedMs: RELEASED_MS })
  const doorbell = createDoorbell(time)
  const opening = await openOutbox(
    { folder: settings.dataFolder, rules: classRules({ frameMaxBytes: settings.frameStoreMaxBytes }) },
    { time, announce: doorbell.ring, tell: log.outbox },
  )
  const { outbox } = opening
  log.started({ boot, boots: await outbox.countBoot(), software: SOFTWARE, opening, backlog: outbox.backlog() })

  const stamp = createStamp({ unit, boot }, { time, newId })
  const traffic = createTraffic()
  const sentFrames = createSentFrames(outbox.waits)
  const unitState = createUnitState(
    plan.cameras.map(({ id }) => id),
    time,
  )
  const reports = createHealthReports(plan, {
    ...{ stamp, outbox, unitState, time, traffic },
    readMachine: () => readMachine(settings.dataFolder),
  })

  /** A report that cannot be kept is not worth more than a line in the log: the next one says what is so then. */
  async function keepReport(item: OutgoingItem): Promise<void> {
    try {
      const kept = await outbox.keep(item)
      log.kept(item, kept)
    } catch (error) {
      if (faultCodeOf(error) === null) throw error
      log.notKept(item, error)
    }
  }

  const commandMemory = createCommandMemory(join(settings.dataFolder, 'commands.json'))
  const orders = createOrders(time, commandMemory.read().orders)
  /** The part of a camera's schedule that holds now. */
  const schedule = ({ document }: PlannedCamera) =>
    planInForce(document.schedule, {
      place: plan.place,
      nowMs: time.state() === 'unknown' ? null : time.now(),
      ...{ isWatched: orders.isWatched(), isThrifty: orders.isThrifty() },
    })

  const timeKeeping = createTimeKeeping({
    time,
    tellState: () => keepReport(reports.state()),
    onChange: (change) => log.clockChanged(change, time.offsetMs()),
    onFault: log.clockNotKept,
  })
  const sunHeightDeg = () => (time.state() === 'unknown' ? null : sunHeight(plan.place, time.now()))

  const cameraMemory = createCameraMemory(join(settings.dataFolder, 'cameras.json'))
  function openCamera({ id, target, profile }: PlannedCamera): CameraPort {
    const portAt = (url: string, isSure: boolean) => {
      const isPinned = url.startsWith('https:') && target.trust !== undefined
      const auth = isSure || isPinned ? (profile.auth ?? 'any') : 'digest'
      return createCamera({ ...target, url, profile: { ...profile, auth } }, { clock: time })
    }
    const { discover } = deps
    if (discover === undefined) return portAt(target.url, true)
    return createRovingCamera(target.url, {
      ...{ time, portAt },
      memory: { read: () => cameraMemory.read(id), write: (known) => cameraMemory.write(id, known) },
      look: (looking) => discover(target.url, looking),
      onFound: (url) => log.cameraFound(id, url),
      onTrouble: (error) => log.cameraTrouble(id, error),
    })
  }

  function planCamera(camera: PlannedCamera) {
    const held: { port?: CameraPort } = {}
    const connected = () => {
      held.port ??= openCamera(camera)
      return held.port
    }
    const views = viewsOf(plan, camera).map((view) => ({
      view,
      capture: createFrameCapture(view, {
        camera: connected,
        time,
        stamp,
        key: plan.key,
        keep: outbox.keep,
        sentFrames,
        sunHeightDeg,
        learntFolder: join(settings.dataFolder, 'views'),
      }),
    }))
    const bell = createDoorbell(time)
    const asked = createAskedFrames(views, bell.ring)
    let before: PlanInForce | null = null
    const intervalMs = () => {
      const now = schedule(camera)
      if (now.name !== before?.name) log.planChanged(camera.id, now)
      before = now
      return now.intervalS * 1000
    }

    async function run(stopped: AbortSignal): Promise<void> {
      try {
        await runCameraLoop(
          { views, intervalMs, dwellS: camera.document.tour?.dwellS },
          {
            time,
            outOfTurn: { asked, bell },
            async onCaptured(view, captured) {
              log.captured(view, captured)
              if (captured.outcome === 'held-back') return
              const attempt = { camera: view.camera, preset: view.preset, fault: null, answerMs: captured.answerMs }
              if (unitState.note(attempt)) await keepReport(reports.state())
            },
            async onFault(view, fault, error) {
              log.failed(view, error)
              const attempt = { camera: view.camera, preset: view.preset, fault, answerMs: null }
              if (unitState.note(attempt)) await keepReport(reports.state())
            },
            onSkipped: log.skipped,
          },
          stopped,
        )
      } finally {
        held.port?.close()
      }
    }
    const firstLook = {
      ...{ name: `${site}/${camera.id}`, time, intervalMs },
      ask: () => asked.ask(() => {}),
    }
    return { id: camera.id, asked, bell, run, firstLook }
  }

  const cameras = plan.cameras.map(planCamera)
  const words = createWords({ site, unit }, stamp, doorbell.ring)
  const commands = createCommands({
    ...{ memory: commandMemory, orders, clock: time },
    cameras: new Map(cameras.map(({ id, asked }) => [id, asked])),
    say(command, step, reason) {
      log.command(command, step, reason)
      words.say(command, step, reason)
    },
    onOrder() {
      for (const { bell } of cameras) bell.ring()
    },
  })
  const presence = createPresence({ site, unit, boot, certificate: plan.certificate, software: SOFTWARE }, stamp)
  try {
    await runTogether(signal, [
      ...cameras.map(({ run }) => run),
      ...cameras.map(
        ({ firstLook }) =>
          (stopped: AbortSignal) =>
            takeFirstLook(firstLook, stopped),
      ),
      (stopped) => runHealthLoop(unit, { reports, keep: keepReport, time, isWatched: orders.isWatched }, stopped),
      timeKeeping.run,
      (stopped) =>
        runUplink(
          plan.broker,
          {
            ...{ outbox, doorbell, time, presence, random },
            commands: { take: commands.take, firstWord: words.first, wordSent: words.sent },
            onOpen: log.connected,
            onLost: log.lost,
            mayLeave: (name) => mayLeaveUndated(name) || time.state() !== 'unknown',
            finish: (item, payload) => redate({ class: item.class, payload }, { time, key: plan.key }),
            onCarried: traffic.countWire,
            onSent: (item) => traffic.count(item.class, item.bytes),
            onSettled(settled, comparison) {
              log.settled(settled)
              sentFrames.settled(settled)
              if (comparison) timeKeeping.take(comparison)
            },
          },
          stopped,
        ),
    ])
    log.stopped()
  } finally {
    await outbox.close()
  }
}
