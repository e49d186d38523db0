import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readCameraProfiles } from '@vigie/config-schema/documents'
import type { BootId, CameraId, ItemId } from '@vigie/contract/ids'
import type { Logger } from 'pino'
import { createAgentLog } from './agent-log.ts'
import { createCameraMemory } from './camera/camera-memory.ts'
import type { DiscoveredCamera } from './camera/discovery-answer.ts'
import { openPlannedCamera } from './camera/open-planned-camera.ts'
import type { HonestTime } from './clock/honest-time.ts'
import { createTimeKeeping, mayLeaveUndated } from './clock/keep-time.ts'
import { type MachineBoot, thisRunAsBoot } from './clock/machine-boot.ts'
import { openHonestTime } from './clock/open-honest-time.ts'
import { redate } from './clock/redate.ts'
import { createCommandMemory } from './command/command-memory.ts'
import { createDrill } from './command/drill.ts'
import { createLogTail } from './command/log-tail.ts'
import { createOrders } from './command/orders.ts'
import { createPreviews } from './command/previews.ts'
import { createCommands } from './command/take-commands.ts'
import { createUnitDoers } from './command/unit-doers.ts'
import { createWords } from './command/words.ts'
import { createConfigurationFiles } from './configuration/configuration-files.ts'
import { type DesiredConfiguration, openDesiredConfiguration } from './configuration/desired-configuration.ts'
import { createUplinkWatch } from './configuration/hold-uplink.ts'
import { planOfDocuments } from './configuration/plan-of-documents.ts'
import { readSignedSet } from './configuration/signed-set.ts'
import { tryCameras } from './configuration/try-cameras.ts'
import { faultCodeOf } from './faults.ts'
import { createSentFrames } from './frame/sent-frames.ts'
import { runHealthLoop } from './health/health-loop.ts'
import { createHealthReports } from './health/health-reports.ts'
import { readMachine } from './health/machine.ts'
import { createTraffic } from './health/traffic.ts'
import { createUnitState } from './health/unit-state.ts'
import { certificatesIn, ownCertificate } from './identity/credential.ts'
import type { Identity } from './identity/keep-identity.ts'
import { createLaneLog } from './lane/lane-log.ts'
import { createLanes } from './lane/lanes.ts'
import { classRules } from './outbox/class-rules.ts'
import { type Outbox, type OutgoingItem, openOutbox } from './outbox/outbox.ts'
import { type CameraWorkDeps, createCameraWork } from './schedule/camera-work.ts'
import { createCamerasAtWork } from './schedule/cameras-at-work.ts'
import { type AgentSettings, brokerAddress, type PlannedCamera, readUnitPlan } from './settings.ts'
import { createStamp } from './stamp.ts'
import type { Time } from './time.ts'
import { runTogether } from './together.ts'
import { createDoorbell } from './uplink/doorbell.ts'
import { createLine } from './uplink/line.ts'
import { createPresence } from './uplink/presence.ts'
import { runUplink } from './uplink/uplink.ts'
import { createUplinkGate } from './uplink/uplink-gate.ts'
import { SOFTWARE } from './version.ts'

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
  /** Asks the unit's own networks which cameras there are, for whoever puts one up. */
  findCameras?: (signal: AbortSignal) => Promise<DiscoveredCamera[]>
  /** What a unit that enrols itself shows of itself. Without it, the settings name a certificate. */
  identity?: Pick<Identity, 'shown' | 'changed' | 'letIn' | 'turnedAway' | 'isRevoked'>
  /** The unit's time, if it lives longer than this run of the agent. */
  honestTime?: HonestTime
}

/** Why an agent ended: it was told to stop, or a command asked for a new start. */
export type AgentEnd = 'stopped' | 'to-be-restarted'

/**
 * One unit, from its cameras to the cloud's receipts, until the signal is aborted; then it says farewell and returns.
 * Several may run in one process, each with its own data folder.
 * @throws ProblemsError when a person has to mend the settings or what they name; AgentFault `data-folder-in-use` or
 * `disk-failing` when the outbox cannot be opened
 */
export async function runAgent(settings: AgentSettings, deps: AgentDeps, signal: AbortSignal): Promise<AgentEnd> {
  const { random, identity } = deps
  const plan = readUnitPlan(settings, identity?.shown())
  const { site, unit } = plan
  const newId = () => deps.newId() as ItemId // a ULID, which is what an ItemId is
  const boot = deps.newId() as BootId // likewise
  const tail = createLogTail(deps.log.child({ site, unit }), deps.time.now)
  const log = createAgentLog(tail.log)

  mkdirSync(settings.dataFolder, { recursive: true, mode: 0o700 })
  const machine = deps.machine ?? thisRunAsBoot(deps.newId)
  const time = deps.honestTime ?? openHonestTime(settings.dataFolder, { ...deps, machine })
  const doorbell = createDoorbell(time)
  const opening = await openOutbox(
    { folder: settings.dataFolder, rules: classRules({ frameMaxBytes: settings.frameStoreMaxBytes }) },
    { time, announce: doorbell.ring, tell: log.outbox },
  )
  const { outbox } = opening
  log.started({ boot, boots: await outbox.countBoot(), software: SOFTWARE, opening, backlog: outbox.backlog() })

  const gate = createUplinkGate(time)
  const drill = createDrill({ gate, time })
  const stamp = createStamp({ unit, boot }, { time, newId })
  const traffic = createTraffic()
  const sentFrames = createSentFrames(outbox.waits)
  const unitState = createUnitState([], time)
  let configuration: DesiredConfiguration | null = null
  const line = createLine()
  const reports = createHealthReports(plan, {
    lanes: () => lanes.states(),
    ...{ stamp, outbox, unitState, time, traffic },
    configuration: () => configuration?.report() ?? null,
    readMachine: () => readMachine(settings.dataFolder),
  })

  /** Everything that a unit makes is kept here, so that a drill can say what must arrive after it. */
  const keep: Outbox['keep'] = async (item) => {
    const kept = await outbox.keep(item)
    if (kept.kept) drill.kept(item)
    return kept
  }

  /** A report that cannot be kept is not worth more than a line in the log: the next one says what is so then. */
  async function keepReport(item: OutgoingItem): Promise<void> {
    try {
      const kept = await keep(item)
      log.kept(item, kept)
    } catch (error) {
      if (faultCodeOf(error) === null) throw error
      log.notKept(item, error)
    }
  }

  const commandMemory = createCommandMemory(join(settings.dataFolder, 'commands.json'))
  const orders = createOrders(time, commandMemory.read().orders)
  const timeKeeping = createTimeKeeping({
    time,
    tellState: () => keepReport(reports.state()),
    onChange(change) {
      log.clockChanged(change, time.offsetMs())
      configuration?.timeKnown()
    },
    onFault: log.clockNotKept,
  })

  const cameraMemory = createCameraMemory(join(settings.dataFolder, 'cameras.json'))
  const workDeps: CameraWorkDeps = {
    ...{ site, unit, key: plan.key, dataFolder: settings.dataFolder },
    ...{ time, stamp, keep, sentFrames, orders, log },
    openCamera: (camera) => openPlannedCamera(camera, { time, memory: cameraMemory, discover: deps.discover, log }),
    async onAttempt(attempt) {
      if (unitState.note(attempt)) await keepReport(reports.state())
    },
  }
  const lanes = createLanes(plan.lanes, async () => {
    // Loaded by units with lanes alone: see the file.
    const { laneDevices } = await import('./lane/devices.ts')
    const { openLaneBox } = await import('./lane/lane-box.ts')
    return openLaneBox({
      ...{ site, unit, boot, dataFolder: settings.dataFolder, devices: laneDevices, profiles: () => plan.laneProfiles },
      ...{ time, random, newId, stamp, keep, outboxFile: outbox.fileNumber, line, roots },
      addressOf: (url) => brokerAddress({ ...settings, mqttUrl: url }, credential()),
      takeCommand: (payload) => commands.take(payload, true),
      isRevoked: () => identity?.isRevoked() ?? false,
      onStanding: () => void keepReport(reports.state()),
      log: createLaneLog(tail.log),
    })
  })
  /** A renewal changes it while the agent runs. */
  const credential = () => identity?.shown()?.credential ?? plan.credential
  /** Where the documents say that it is, and nowhere else. */
  const openAsPlanned = (camera: PlannedCamera) => openPlannedCamera(camera, { time, memory: cameraMemory, log })
  const uplinkWatch = createUplinkWatch(time)
  const roots = () => certificatesIn(credential().authorities)
  const planBy = {
    site,
    unit,
    profiles: plan.profiles,
    laneProfiles: plan.laneProfiles,
    targetOf: (id: CameraId) => plan.targets.get(id),
  }
  configuration = await openDesiredConfiguration({
    ...{ time, seed: plan, files: createConfigurationFiles(join(settings.dataFolder, 'configuration')) },
    readSet: async (bytes) => readSignedSet(bytes, { site, unit, roots, nowMs: time.now }),
    key: () => credential().key,
    planOf: (documents, keys) => planOfDocuments(documents, { ...planBy, keys }),
    tryCameras: (plans, trying) => tryCameras(plans, { time, openCamera: openAsPlanned }, trying),
    holdUplink: uplinkWatch.holds,
    async goBy(next) {
      outbox.allowHistory(next.historyBytesPerHour)
      lanes.replace(next.lanes)
      await cameras.replace(next)
    },
    ask: doorbell.ring,
    tell: () => keepReport(reports.state()),
    onEvent: log.configuration,
  })
  outbox.allowHistory(configuration.plan.historyBytesPerHour)
  lanes.replace(configuration.plan.lanes)
  const cameras = createCamerasAtWork(configuration.plan, {
    workOf: (current, camera) => createCameraWork(current, camera, workDeps),
    onPlan: unitState.plan,
  })
  const previews = createPreviews({ site, unit, time, stamp, line, traffic })
  const restart = new AbortController()
  const words = createWords({ site, unit }, stamp, doorbell.ring)
  const commands = createCommands({
    ...{ memory: commandMemory, orders, clock: time },
    doers: createUnitDoers({
      ...{ site, unit, key: plan.key, dataFolder: settings.dataFolder },
      ...{ time, orders, cameras, outbox, line, traffic, previews, tail, lanes, newId },
      drill: drill.drill,
      profiles: () => readCameraProfiles(settings.profilesFolder),
      readMachine: () => readMachine(settings.dataFolder),
      upMs: () => machine.upAtZeroMs + time.monotonicMs(),
      discover: deps.findCameras,
      restart: () => restart.abort(),
    }),
    say(command, word, onSent) {
      log.command(command, word.step, word.reason)
      if (!lanes.sayHere(command, word, onSent)) words.say(command, word, onSent)
    },
  })
  let shown = plan.credential
  const presence = createPresence(
    { site, unit, boot, machineBoot: deps.machine?.id, certificate: () => ownCertificate(shown), software: SOFTWARE },
    stamp,
  )
  try {
    await runTogether(AbortSignal.any([signal, restart.signal]), [
      commands.run,
      previews.run,
      cameras.run,
      lanes.run,
      configuration.run,
      (stopped) => runHealthLoop(unit, { reports, keep: keepReport, time, isWatched: orders.isWatched }, stopped),
      timeKeeping.run,
      (stopped) =>
        gate.run(
          (open) =>
            runUplink(
              () => {
                shown = credential()
                return brokerAddress(settings, shown)
              },
              {
                ...{ outbox, doorbell, time, presence, random },
                line: {
                  opened(connection) {
                    line.opened(connection)
                    uplinkWatch.opened()
                  },
                  closed() {
                    line.closed()
                    uplinkWatch.closed()
                  },
                },
                desired: configuration,
                lists: { take: lanes.takeList },
                commands: { take: commands.take, firstWord: words.first, wordSent: words.sent },
                ...(identity && { renewed: identity.changed }),
                onOpen(session, isResumed) {
                  log.connected(session, isResumed)
                  identity?.letIn(shown.certificates)
                },
                onLost(error, retryInMs) {
                  log.lost(error, retryInMs)
                  identity?.turnedAway(shown.certificates, error)
                },
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
              open,
            ),
          stopped,
        ),
    ])
    log.stopped()
    return restart.signal.aborted && !signal.aborted ? 'to-be-restarted' : 'stopped'
  } finally {
    await outbox.close()
  }
}
