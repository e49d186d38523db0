import type { Time } from '../time.ts'
import { CameraFault } from './camera-fault.ts'
import type { KnownCamera } from './camera-memory.ts'
import type { CameraDescription, CameraPort } from './camera-port.ts'
import type { DiscoveredCamera } from './discovery-answer.ts'

export type RovingDeps = {
  time: Time
  /** Opens a port to a camera at an address. `isSure`: it is the address of the settings, written by a person. */
  portAt(url: string, isSure: boolean): CameraPort
  memory: { read(): KnownCamera | null; write(known: KnownCamera): void }
  /** Asks the camera's own network who is there. */
  look(signal: AbortSignal): Promise<DiscoveredCamera[]>
  /** Told when the camera was found at another address than before. */
  onFound(url: string): void
  /** Told of what went wrong beside a picture: learning, looking, remembering. */
  onTrouble(error: unknown): void
}

/** A reboot takes a camera one to two minutes; before that it is not looked for elsewhere. */
export const LOOK_AFTER_MS = 3 * 60_000
/** A look is two small datagrams and a few questions to each device that may be it. */
export const LOOK_EVERY_MS = 10 * 60_000
/** Devices that may be ours and are asked who they are, in one look. Beyond: the next look. */
const MAX_ASKED = 4

/** What a camera that is not there any more, or somebody else in its place, looks like. */
const AWAY = new Set(['camera-unreachable', 'camera-not-onvif', 'camera-certificate-untrusted'])

/**
 * A camera that is found again when its address has changed.
 *
 * While it answers it is learnt by its serial number and by its id in WS-Discovery. When it has been away for minutes its
 * network is asked for it; whoever has the same id must also give the same maker, model and serial number. At an address that
 * no person wrote down the login is only ever spoken as a digest, never in clear: the port is opened with `isSure` false.
 * With https the trust of the settings holds at every address. The address is remembered.
 */
export function createRovingCamera(
  configured: string,
  { time, portAt, memory, look, onFound, onTrouble }: RovingDeps,
): CameraPort {
  let known = memory.read()
  let url = known?.foundAt ?? configured
  let port = portAt(url, url === configured)
  let isClosed = false
  let hasAnswered = false
  let awaySinceMs: number | null = null
  let lookedMs = -Infinity
  let triedToLearn = false

  /** Rejects with nothing but the signal's reason: a picture is not worth less because its camera is a stranger. */
  async function orTrouble(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      signal.throwIfAborted()
      onTrouble(error)
    }
  }

  async function learn(signal: AbortSignal): Promise<void> {
    triedToLearn = true
    await orTrouble(signal, async () => {
      const { maker, model, serial } = await port.describe(signal)
      if (serial === '') return
      const here = (await look(signal)).find((found) => new URL(found.url).host === new URL(url).host)
      known = { maker, model, serial, endpoint: here?.endpoint ?? null, foundAt: null }
      memory.write(known)
    })
  }

  async function isOurs(at: CameraPort, signal: AbortSignal): Promise<boolean> {
    let told: CameraDescription
    try {
      told = await at.describe(signal)
    } catch (error) {
      if (error instanceof CameraFault) return false
      throw error
    }
    return known !== null && told.serial === known.serial && told.maker === known.maker && told.model === known.model
  }

  function candidates(found: DiscoveredCamera[]): string[] {
    const endpoint = known?.endpoint ?? null
    const same = endpoint === null ? found : found.filter((one) => one.endpoint === endpoint)
    const urls = same.map((one) => asConfigured(configured, one.url)).slice(0, MAX_ASKED)
    return [...new Set([configured, ...urls])].filter((one) => one !== url)
  }

  /** Whether the camera stands at another address now. */
  async function find(signal: AbortSignal): Promise<boolean> {
    for (const candidate of candidates(await look(signal))) {
      const there = portAt(candidate, candidate === configured)
      if (known === null || isClosed || !(await isOurs(there, signal))) {
        there.close()
        continue
      }
      port.close()
      port = there
      url = candidate
      known = { ...known, foundAt: url === configured ? null : url }
      onFound(url)
      memory.write(known)
      return true
    }
    return false
  }

  async function wasFound(error: unknown, signal: AbortSignal): Promise<boolean> {
    if (!(error instanceof CameraFault) || !AWAY.has(error.code)) {
      awaySinceMs = null
      return false
    }
    const nowMs = time.monotonicMs()
    awaySinceMs ??= nowMs
    if (known === null || nowMs - awaySinceMs < LOOK_AFTER_MS || nowMs - lookedMs < LOOK_EVERY_MS) return false
    lookedMs = nowMs
    const before = url
    await orTrouble(signal, async () => {
      await find(signal)
    })
    return url !== before
  }

  return {
    describe: (signal) => port.describe(signal),
    nudge: (by, signal) => port.nudge(by, signal),
    reboot: (signal) => port.reboot(signal),

    async grabPicture(preset, signal) {
      // Before a picture, not after: the time of a picture is counted back from the end of this call.
      if (hasAnswered && known === null && !triedToLearn) await learn(signal)
      try {
        const picture = await port.grabPicture(preset, signal)
        hasAnswered = true
        awaySinceMs = null
        return picture
      } catch (error) {
        if (signal.aborted || !(await wasFound(error, signal))) throw error
        return port.grabPicture(preset, signal)
      }
    },

    close() {
      isClosed = true
      port.close()
    },
  }
}

/** A device's address as the settings would write it: what was reached by https is never reached without. */
function asConfigured(configured: string, found: string): string {
  const { protocol, port, pathname } = new URL(configured)
  if (protocol !== 'https:') return found
  const url = new URL(`https://${new URL(found).hostname}`)
  url.port = port
  url.pathname = pathname
  return url.href
}
