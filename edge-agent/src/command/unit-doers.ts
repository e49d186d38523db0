import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { CommandNamed } from '@vigie/contract/command'
import type { CommandResult } from '@vigie/contract/command-result'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import type { CameraPort } from '../camera/camera-port.ts'
import { createCamera } from '../camera/create-camera.ts'
import type { DiscoveredCamera } from '../camera/discovery-answer.ts'
import { isPrivateAddress } from '../camera/private-address.ts'
import type { HonestTime } from '../clock/honest-time.ts'
import type { UnitKey } from '../frame/seal-frame.ts'
import type { MachineHealth } from '../health/machine.ts'
import type { Traffic } from '../health/traffic.ts'
import { openSealed } from '../identity/open-sealed.ts'
import type { Lanes } from '../lane/lanes.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { CamerasAtWork } from '../schedule/cameras-at-work.ts'
import type { Line } from '../uplink/line.ts'
import { type Doer, type Doers, done, type Outcome, refused } from './doer.ts'
import { type DrillCount, SAID_WITHIN_MS } from './drill.ts'
import { findCameras } from './find-cameras.ts'
import { beThrifty, takeFrameNow, watchClosely } from './follow-orders.ts'
import { createLaneDoers } from './lane-doers.ts'
import type { LogTail } from './log-tail.ts'
import { createLook } from './look.ts'
import type { Orders } from './orders.ts'
import type { Previews } from './previews.ts'
import { probeDisk } from './probe-disk.ts'
import { probeLink } from './probe-link.ts'
import { probeOneCamera } from './probe-one-camera.ts'
import { probeReaders } from './probe-readers.ts'
import { refusedAlways } from './refused-always.ts'

export type UnitDoersDeps = {
  site: SiteId
  unit: UnitId
  key: UnitKey
  dataFolder: string
  time: HonestTime
  orders: Orders
  cameras: CamerasAtWork
  profiles: () => ReadonlyMap<string, CameraProfile>
  outbox: Pick<Outbox, 'backlog' | 'releaseHistory'>
  line: Line
  traffic: Traffic
  previews: Previews
  drill: DrillCount['drill']
  tail: Pick<LogTail, 'read'>
  lanes: Pick<Lanes, 'find' | 'box'>
  newId: () => ItemId
  readMachine: () => Promise<MachineHealth>
  /** Since the machine started, in milliseconds. */
  upMs: () => number
  /** Asks the unit's networks which cameras there are; absent: this agent has none to ask. */
  discover?: ((signal: AbortSignal) => Promise<DiscoveredCamera[]>) | undefined
  /** Ends this run of the agent, so that the next begins. */
  restart(): void
}

/** For a camera of which nobody has said which it is. */
const STRANGERS_PROFILE = { client: 'onvif', answerWithinMs: 10_000 } as const

/** Who does what on a unit: the whole list of the contract. */
export function createUnitDoers(deps: UnitDoersDeps): Doers {
  const { site, unit, time, orders, cameras, outbox, line, traffic, previews } = deps
  const plans = { clock: time, orders, cameras, onOrder: cameras.ring }
  const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : '')
  const knownAt = (url: string) => {
    const known = cameras.find((camera) => hostOf(camera.url) === hostOf(url))
    return known === undefined ? null : { id: known.id, port: known.port() }
  }
  const open = (url: string, login: { user: string | null; password: string | null }, profile?: string): CameraPort => {
    const known = profile === undefined ? undefined : deps.profiles().get(profile)
    // Its address was typed or found, so that its password is never sent in the clear.
    return createCamera(
      { url, ...login, profile: { ...(known ?? STRANGERS_PROFILE), auth: 'digest' } },
      { clock: time },
    )
  }

  return {
    'frame-now': takeFrameNow(plans),
    'watch-closely': watchClosely(plans),
    thrifty: beThrifty(plans),
    'reboot-camera': {
      refusal: ({ camera }) => (cameras.get(camera) === undefined ? 'camera-unknown' : null),
      async run({ camera }, { signal }) {
        await cameras
          .find(({ id }) => id === camera)
          ?.port()
          .reboot(signal)
        return done()
      },
    },
    'restart-agent': {
      endsRun: true,
      run(_body, { signal }): Outcome {
        // That it was accepted still leaves. Aborted meanwhile, the agent ends anyway.
        void time.wait(SAID_WITHIN_MS, signal).then(deps.restart, () => undefined)
        return { step: 'returning' }
      },
    },
    'resend-history': {
      run() {
        const { items, bytes } = outbox.backlog().frame
        outbox.releaseHistory()
        return done({ of: 'history', items, bytes })
      },
    },
    probe: createProbe(deps),
    'find-cameras': deps.discover
      ? findCameras({
          ...{ time, previews, knownAt, discover: deps.discover },
          openStranger: (url) => open(url, { user: null, password: null }),
        })
      : refusedAlways('no-network'),
    look: createLook({
      ...{ time, line, previews },
      refusal: (look) => refusalOfLook(look, cameras),
      async open({ camera, access }) {
        if (access === undefined) {
          const planned = cameras.find(({ id }) => id === camera)
          if (planned === undefined) return { reason: 'camera-unknown' }
          return { port: planned.port(), release: () => undefined }
        }
        const opened = access.password === undefined ? null : await openSealed(access.password, deps.key.privateKey)
        if (access.password !== undefined && opened === null) return { reason: 'secret-sealed' }
        const password = opened && Buffer.from(opened).toString()
        const port = open(access.url, { user: access.user ?? null, password }, access.profile)
        return { port, release: port.close }
      },
    }),
    drill: deps.drill,
    ...createLaneDoers(deps),
  }

  function createProbe({ tail, dataFolder, readMachine, upMs, lanes }: UnitDoersDeps): Doer<CommandNamed<'probe'>> {
    const crew = () => lanes.box()?.crew() ?? []
    const probes: Record<
      CommandNamed<'probe'>['what'],
      (body: CommandNamed<'probe'>, signal: AbortSignal) => Promise<CommandResult> | CommandResult | null
    > = {
      link: (_, signal) => probeLink({ site, unit, clock: time, line, traffic }, signal),
      disk: () => probeDisk(dataFolder, { clock: time, readMachine }),
      clock: () => ({
        of: 'clock',
        state: time.state(),
        offsetMs: time.offsetMs(),
        upS: Math.max(0, Math.floor(upMs() / 1000)),
      }),
      camera({ camera }, signal) {
        const asked = cameras.find(({ id }) => camera === undefined || id === camera)
        return asked === undefined ? null : probeOneCamera(asked.id, asked.port(), signal)
      },
      logs: tail.read,
      reader: () => probeReaders(crew(), time),
      lane: () => ({ of: 'lane', lanes: crew().map(({ state }) => state()) }),
    }
    return {
      refusal({ what, camera }) {
        if (what === 'reader' && crew().length === 0) return 'reader-absent'
        if (what === 'lane' && crew().length === 0) return 'lane-absent'
        if (what !== 'camera') return null
        return cameras.find(({ id }) => camera === undefined || id === camera) === undefined ? 'camera-unknown' : null
      },
      run: async (body, { signal }) => {
        const result = await probes[body.what](body, signal)
        return result === null ? refused('camera-unknown') : done(result)
      },
    }
  }
}

/**
 * A camera at work is shown as it stands. Turned by somebody who looks, it would give its next picture of a view that its
 * masks were not approved for.
 */
function refusalOfLook({ camera, access, preset, move }: CommandNamed<'look'>, cameras: CamerasAtWork): string | null {
  const isTurned = preset !== undefined || move !== undefined
  if (access === undefined) {
    if (cameras.get(camera) === undefined) return 'camera-unknown'
    return isTurned ? 'camera-at-work' : null
  }
  if (!isPrivateAddress(access.url)) return 'camera-address-foreign'
  const isAtWork = cameras.find(
    ({ url }) =>
      new URL(url).hostname === new URL(access.url).hostname && new URL(url).port === new URL(access.url).port,
  )
  return isAtWork !== undefined && isTurned ? 'camera-at-work' : null
}
