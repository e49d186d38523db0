import type { AgentSettings } from '@vigie/edge-agent/settings'
import { type CameraWishes, cameraCount, planCameras } from './camera-plan.ts'
import { readFirstAdministrator } from './first-administrator.ts'
import { waitForFirstPictures } from './first-pictures.ts'
import { enrolUnits, prepareAuthority } from './fleet-authority.ts'
import { claimUnits } from './fleet-claims.ts'
import { type FleetChoice, writeFleetDocuments } from './fleet-documents.ts'
import { type KeptProcess, keepProcess, type Program, type RestartPolicy } from './kept-process.ts'
import { hasLoopbackMulticast } from './loopback-multicast.ts'
import { type MemoryReport, readMemory } from './memory.ts'
import { customsOf } from './museum/customs.ts'
import { museumAddresses } from './museum/museum-addresses.ts'
import { gatewayBoxes, laneBoxes, readMuseums, writeMuseumDocuments, writeOffer } from './museum/museum-documents.ts'
import { gatesProgram, gatewayName, gatewayProgram } from './museum/museum-programs.ts'
import { museumPortCount, type OwnGates, planMuseums } from './museum/plan-museums.ts'
import { placesOf } from './places.ts'
import { findFreePorts, isPortFree, waitForPort } from './port.ts'
import {
  agentPrograms,
  authorityProgram,
  brokerProgram,
  camerasProgram,
  cloudProgram,
  type Ports,
  vaultKeyFile,
} from './programs.ts'
import { openRotatedLog } from './rotated-log.ts'
import { takeRunLock } from './run-lock.ts'

/** What a process gets to start before the fleet is given up; the first start on a slow disk took 9 s. */
const READY_WITHIN_MS = 60_000
/** What a process gets to stop before it is killed. */
const STOP_WITHIN_MS = 10_000

export type FleetOptions = FleetChoice & {
  /** Everything the fleet keeps. A second start goes on where the first one was. */
  dataFolder: string
  /** `free`: any that are free now, the same across restarts of a process. */
  ports: Ports | 'free'
  agentsPerProcess?: number
  /** Museums by id, each with its gateway, a box for each lane, and their gates. Default: none. */
  museums?: readonly string[]
  /** Who stands in for readers and boards instead of the fleet's simulator; nobody visits then. */
  ownGates?: OwnGates
  cameras?: CameraWishes
  /** How the agents reach the broker. Default: on the loopback interface. */
  brokerHost?: string
  /**
   * `themselves`: each agent by a claim, as on a box. `before`: each finds its certificate, which spares what harms agents the
   * harm to their enrolment, and leaves a clock unknown until the cloud tells the time. Default: before.
   */
  enrolled?: 'themselves' | 'before'
  /** Further settings of every agent. */
  agent?: Partial<AgentSettings>
  /** Further settings of cloud-api: DATABASE_URL, INFLUX_URL, ... */
  cloud?: Readonly<Record<string, string>>
  /** Changes how a program is started: with another clock, another disk, in a network namespace. */
  wrap?: (program: Program) => Program
  /** Default: 1 s, doubling to 30 s. */
  restarts?: RestartPolicy
  /** Told what a person watching should know, a line at a time. */
  note?: (line: string) => void
  signal?: AbortSignal
}

export type Fleet = {
  addresses: {
    origin: string
    broker: string
    authority: string
    cameras: Map<string, string>
    /** By site: the page of the gate staff, and the link that makes a browser a device of theirs. */
    museums: Map<string, { name: string; page: string; pairing: string | null }>
    /** By which the first administrator opens an account; null once somebody has one. */
    firstAdministrator: string | null
  }
  /** authority, broker, cloud-api, cameras, agents-1, agents-2, ..., gates, gateway-musee-salagon, lanes-musee-salagon-1, ... */
  processes: ReadonlyMap<string, KeptProcess>
  sites: number
  /** Resolves when every site shows a picture that is not old. */
  live(progress: (live: number) => void, signal: AbortSignal): Promise<void>
  memory(): MemoryReport
  /** Ends everything in the reverse order of its start; at once and without grace when `hurry` is aborted. */
  stop(hurry?: AbortSignal): Promise<void>
  /** Rejects when a process cannot run at all. Never resolves. */
  failed: Promise<never>
}

/** A port that the fleet was told to use is taken. */
export class PortTaken extends Error {
  readonly port: number
  readonly setting: string

  constructor(port: number, setting: string) {
    super(`Port ${port} is taken. Choose others: ${setting}=${port + 1000} npm start`)
    this.name = 'PortTaken'
    this.port = port
    this.setting = setting
  }
}

/**
 * Starts a simulated fleet: authority, cameras, broker, cloud and agents, each a process of its own that speaks the
 * real protocols on the loopback interface. Resolves when all of them listen; the first pictures come after that.
 * Throws FolderInUse or PortTaken when there is no room for it.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const {
    note = () => {},
    wrap = (program) => program,
    restarts = { firstMs: 1_000, capMs: 30_000 },
    agentsPerProcess = 14,
  } = options
  const places = placesOf(options.dataFolder)
  const lock = takeRunLock(options.dataFolder, note)
  const processes = new Map<string, KeptProcess>()
  /** Processes that start together and stop together. */
  const stages: KeptProcess[][] = []
  const stop = async (hurry?: AbortSignal) => {
    for (const stage of [...stages].reverse()) await Promise.all(stage.map((kept) => kept.stop(STOP_WITHIN_MS, hurry)))
    lock.release()
  }
  try {
    const fleet = writeFleetDocuments(places.reference, places.documents, options)
    const wanted = readMuseums(places.referenceMuseums, options.museums ?? [])
    const ports = await choosePorts(options.ports, cameraCount(fleet), museumPortCount(wanted))
    const museums = planMuseums(wanted, ports.museums, options.ownGates)
    writeMuseumDocuments(places.museums, museums)
    writeOffer(places.referenceOffer, places.offer)
    const authority = await prepareAuthority(places)
    const plan = planCameras(fleet, {
      firstPort: ports.cameras,
      passwordFolder: places.passwords,
      wishes: { ...((await hasLoopbackMulticast()) && { discoveryAddress: '127.0.0.1' }), ...options.cameras },
    })

    const noteProcesses = () => lock.note(runningOf(processes))
    const startStage = (programs: Program[]) => {
      const stage = programs.map((program) =>
        keepProcess(wrap({ ...program, env: { ...machineEnvironment(), ...program.env } }), {
          log: openRotatedLog(places.log(program.name)),
          policy: restarts,
          note,
          changed: noteProcesses,
        }),
      )
      stages.push(stage)
      for (const kept of stage) processes.set(kept.name, kept)
      noteProcesses()
    }
    const ready = (name: string, port: number) => untilListening(processes.get(name), port, options.signal)

    startStage([authorityProgram(places, ports)])
    await ready('authority', ports.authority)
    const areEnrolledBefore = options.enrolled !== 'themselves'
    if (areEnrolledBefore) await enrolUnits(ports.authority, authority, fleet)
    else await claimUnits(ports.authority, authority, places, fleet)
    // A box of a lane knows which of its museum's boxes it is by its certificate alone.
    await claimUnits(ports.authority, authority, places, laneBoxes(museums))
    await enrolUnits(ports.authority, authority, gatewayBoxes(museums))
    const cameras = plan.options.length === 0 ? [] : [camerasProgram(places, plan)]
    startStage([brokerProgram(places, ports, authority), ...cameras])
    await Promise.all([ready('broker', ports.broker), ready('cameras', ports.cameras + plan.options.length - 1)])
    const ofMuseums = museums.length === 0 ? {} : { MUSEUMS_FOLDER: places.museums, OFFER_FILE: places.offer }
    startStage([cloudProgram(places, ports, authority, { ...ofMuseums, ...options.cloud })])
    await ready('cloud-api', ports.http)
    const till = { cloudFolder: places.cloud, vaultKeyFile: vaultKeyFile(places), ...databaseOf(options.cloud) }
    const gates = museums.flatMap((museum) => museum.gates)
    startStage([
      ...museums.map((museum) => gatewayProgram(places, ports, authority, museum)),
      ...(gates.length === 0 ? [] : [gatesProgram(places, { gates, customs: customsOf(museums), till })]),
    ])
    await Promise.all(museums.map(({ document, ports: own }) => ready(gatewayName(document.id), own.page)))
    const agents = {
      ...{ plan, perProcess: agentsPerProcess, areEnrolledBefore, settings: options.agent ?? {} },
      brokerHost: options.brokerHost ?? '127.0.0.1',
    }
    startStage([
      ...agentPrograms(places, ports, authority, { fleet, ...agents }),
      ...museums.flatMap((museum) =>
        agentPrograms(places, ports, authority, {
          ...agents,
          ...{ fleet: laneBoxes([museum]), name: `lanes-${museum.document.id}`, documents: places.museums },
          areEnrolledBefore: false,
        }),
      ),
    ])
    const origin = `http://127.0.0.1:${ports.http}`
    return {
      addresses: {
        origin,
        broker: `mqtts://127.0.0.1:${ports.broker}`,
        authority: `https://127.0.0.1:${ports.authority}`,
        cameras: new Map([...plan.access].map(([site, cameras]) => [site, Object.values(cameras)[0]?.url ?? ''])),
        museums: await museumAddresses(museums, till),
        firstAdministrator: await readFirstAdministrator(places),
      },
      processes,
      sites: fleet.length,
      live: (progress, signal) => waitForFirstPictures(origin, { total: cameraCount(fleet), progress, signal }),
      memory: () => readMemory(process.pid, namesByPid(processes)),
      stop,
      failed: Promise.race([...processes.values()].map(({ failed }) => failed)),
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function choosePorts(wanted: Ports | 'free', cameras: number, museums: number): Promise<Ports> {
  if (wanted === 'free') {
    // All at once: what was found is not held, and a second search could find it again.
    const http = await findFreePorts(3 + cameras + museums)
    return { http, broker: http + 1, authority: http + 2, cameras: http + 3, museums: http + 3 + cameras }
  }
  const asked = [
    { port: wanted.http, setting: 'VIGIE_PORT' },
    { port: wanted.broker, setting: 'VIGIE_BROKER_PORT' },
    { port: wanted.authority, setting: 'VIGIE_AUTHORITY_PORT' },
    ...Array.from({ length: cameras }, (_, index) => ({ port: wanted.cameras + index, setting: 'VIGIE_CAMERA_PORT' })),
    ...Array.from({ length: museums }, (_, index) => ({ port: wanted.museums + index, setting: 'VIGIE_MUSEUM_PORT' })),
  ]
  for (const { port, setting } of asked) if (!(await isPortFree(port))) throw new PortTaken(port, setting)
  return wanted
}

async function untilListening(kept: KeptProcess | undefined, port: number, outer?: AbortSignal): Promise<void> {
  if (kept === undefined) return
  const deadline = AbortSignal.timeout(READY_WITHIN_MS)
  const signal = outer === undefined ? deadline : AbortSignal.any([deadline, outer])
  try {
    await Promise.race([waitForPort(port, signal, kept.pid), kept.failed])
  } catch (error) {
    if (!deadline.aborted) throw error
    throw new Error(`${kept.name} does not listen on port ${port} after ${READY_WITHIN_MS / 1000} s:\n${kept.tail(20)}`)
  }
}

/** A till sells where the cloud keeps what is sold. */
const databaseOf = ({ DATABASE_URL }: Readonly<Record<string, string>> = {}) =>
  DATABASE_URL === undefined ? {} : { databaseUrl: DATABASE_URL }

/** What a program needs of the machine's environment; its settings it gets from its plan alone. */
function machineEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env
  // glibc gives each thread an arena of its own and libvips has many threads: two arenas keep a process 60 MB smaller.
  return { PATH, HOME, LANG, NODE_ENV: 'production', MALLOC_ARENA_MAX: '2' }
}

function namesByPid(processes: ReadonlyMap<string, KeptProcess>): Map<number, string> {
  return new Map([[process.pid, 'fleet'], ...runningOf(processes).map(({ name, pid }) => [pid, name] as const)])
}

function runningOf(processes: ReadonlyMap<string, KeptProcess>): { name: string; pid: number }[] {
  return [...processes.values()].flatMap(({ name, pid }) => {
    const running = pid()
    return running === undefined ? [] : [{ name, pid: running }]
  })
}
