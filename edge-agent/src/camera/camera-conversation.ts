import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { Clock } from '@vigie/contract/clock'
import { readCameraClock } from './camera-clock.ts'
import { CameraFault } from './camera-fault.ts'
import type { CameraDescription, CameraMediaProfile, CameraPreset, HeadMove } from './camera-port.ts'
import type { RunStep } from './camera-steps.ts'
import { deviceText } from './device-text.ts'
import type { HttpClient } from './http-client.ts'
import type { Login } from './http-digest.ts'
import { createNodeOnvifAdapter } from './node-onvif-adapter.ts'
import { createOnvifAdapter } from './onvif-adapter.ts'
import type { MediaProfile, OnvifClient } from './onvif-client.ts'
import { pinAddress, pinStreamAddress } from './pinned-address.ts'
import { createSoapPost } from './soap-post.ts'
import { usernameToken } from './username-token.ts'

/** An encoder of 16 channels has 48. Beyond: left out; the main ones come first. */
const MAX_PROFILES = 16
/** Heads have up to 300, and a site document names 16. Beyond: left out. */
const MAX_PRESETS = 300

/** What has been learnt of a camera, and what can be asked of it further. */
export type CameraConversation = {
  describe(signal: AbortSignal): Promise<CameraDescription>
  reboot(signal: AbortSignal): Promise<void>
  /** Returns when the order is taken, not when it is done. */
  nudge(by: HeadMove, signal: AbortSignal): Promise<void>
  /** Where still pictures or, if that was wanted, its stream is to be had. */
  picture: { from: 'snapshot'; url: URL } | { from: 'stream'; url: string }
  /** Rejects with `camera-preset-unknown`; returns when the order is taken, not when it is done. */
  goToPreset(nameOrToken: string, signal: AbortSignal): Promise<void>
  /** Null when the camera does not tell. */
  isMoving(signal: AbortSignal): Promise<boolean | null>
}

export type ConversationDeps = {
  http: HttpClient
  clock: Clock
  randomBytes(size: number): Uint8Array
  step: RunStep
}

export type ConversationWith = {
  deviceService: URL
  login: Login | null
  client: CameraProfile['client']
  /** Where its pictures come from. */
  wants: 'snapshot' | 'stream'
}

/** Asks what every picture needs: the clock (for the login), the services, the profiles, one picture address. */
export async function converse(
  { deviceService, login, client, wants }: ConversationWith,
  { http, clock, randomBytes, step }: ConversationDeps,
  signal: AbortSignal,
): Promise<CameraConversation> {
  const foreignHosts = new Set<string>()
  const pin = (named: string) => {
    const pinned = named === '' ? null : pinAddress(deviceService, named)
    if (pinned?.foreignHost) foreignHosts.add(deviceText(pinned.foreignHost))
    return pinned?.url ?? null
  }
  const makeAdapter = client === 'onvif' ? createOnvifAdapter : createNodeOnvifAdapter
  const clientAt = (cameraNow: (() => number) | null): OnvifClient => {
    const token = login === null || cameraNow === null ? null : () => usernameToken(login, cameraNow(), randomBytes(16))
    return makeAdapter(createSoapPost(http, { deviceService, token }), pin)
  }

  const cameraClock = await step('clock', () =>
    readCameraClock({ open: clientAt(null), loggedIn: clientAt(clock.now) }, clock, signal),
  )
  const asked = clientAt(cameraClock.now)
  const services = await step('services', () => asked.readServices(signal))
  const profiles = await step('profiles', () => readProfiles(asked, services.media !== null, signal))
  const pinStream = (named: string) => pinStreamAddress(deviceService, named)
  const main = await step('addresses', async () => {
    const find = wants === 'stream' ? findStream(asked, pinStream) : findSnapshot(asked, pin)
    return findPicture(profiles, find, signal)
  })

  async function withAddresses(profile: MediaProfile, inTime: AbortSignal): Promise<CameraMediaProfile> {
    const known = profile === main.profile ? main.picture : null
    const snapshot = known?.from === 'snapshot' ? known : await findSnapshot(asked, pin)(profile, inTime)
    const stream = known?.from === 'stream' ? known : await findStream(asked, pinStream)(profile, inTime)
    const { name, encoding } = profile
    return {
      ...profile,
      ...{ name: deviceText(name), encoding: deviceText(encoding) },
      ...{ snapshotUrl: snapshot?.url.href ?? null, streamUrl: stream?.url ?? null },
    }
  }

  /** Presets belong to the head; any profile that is bound to it gives them. */
  async function findPresets(inTime: AbortSignal): Promise<{ profile: MediaProfile; presets: CameraPreset[] }> {
    if (services.turning !== null) {
      for (const profile of [main.profile, ...profiles.filter((other) => other !== main.profile)]) {
        const presets = (await orNone(asked.readPresets(profile.token, inTime))) ?? []
        if (presets.length > 0) return { profile, presets: presets.slice(0, MAX_PRESETS) }
      }
    }
    return { profile: main.profile, presets: [] }
  }
  let head: Awaited<ReturnType<typeof findPresets>> | null = null

  return {
    picture: main.picture,
    reboot: (inTime) => asked.reboot(inTime),

    async describe(inTime) {
      const { maker, model, firmware, serial } = await step('information', () => asked.readInformation(inTime))
      const described = await step('streams', async () => {
        const all: CameraMediaProfile[] = []
        for (const profile of profiles) all.push(await withAddresses(profile, inTime))
        return all
      })
      const { presets } = await step('presets', async () => {
        head = await findPresets(inTime)
        return head
      })
      return {
        ...{ maker: deviceText(maker), model: deviceText(model) },
        ...{ firmware: deviceText(firmware), serial: deviceText(serial) },
        clockOffsetMs: cameraClock.offsetMs,
        profiles: described,
        presets: presets.map(({ token, name }) => ({ token: deviceText(token), name: deviceText(name) })),
        foreignHosts: [...foreignHosts],
      }
    },

    async goToPreset(nameOrToken, inTime) {
      head ??= await findPresets(inTime)
      const { profile, presets } = head
      await asked.goToPreset(profile.token, presetOf(presets, nameOrToken).token, inTime)
    },

    async nudge(by, inTime) {
      head ??= await findPresets(inTime)
      await asked.nudge(head.profile.token, by, inTime)
    },

    isMoving: (inTime) => orNone(asked.isMoving((head?.profile ?? main.profile).token, inTime)),
  }
}

/**
 * By its name, where one preset alone has it; by its token otherwise. Of two with one name neither is guessed: the picture
 * would bear the masks of another view.
 */
function presetOf(presets: readonly CameraPreset[], nameOrToken: string): CameraPreset {
  const named = presets.filter(({ name }) => name === nameOrToken)
  const [only] = named.length === 1 ? named : presets.filter(({ token }) => token === nameOrToken)
  if (only !== undefined) return only
  throw new CameraFault('camera-preset-unknown', named.length > 1 ? `${nameOrToken} is not one alone` : nameOrToken)
}

async function readProfiles(client: OnvifClient, hasMedia: boolean, signal: AbortSignal): Promise<MediaProfile[]> {
  if (!hasMedia) throw new CameraFault('camera-no-profile', 'it has no media service')
  const profiles = (await client.readProfiles(signal)).filter(({ token }) => token !== '')
  if (profiles.length === 0) throw new CameraFault('camera-no-profile')
  return profiles.slice(0, MAX_PROFILES)
}

type FindAddress<Found> = (profile: MediaProfile, signal: AbortSignal) => Promise<Found | null>

function findSnapshot(client: OnvifClient, pin: (named: string) => URL | null) {
  const find: FindAddress<{ from: 'snapshot'; url: URL }> = async ({ token }, signal) => {
    const url = pin((await orNone(client.readSnapshotAddress(token, signal))) ?? '')
    return url && { from: 'snapshot', url }
  }
  return find
}

function findStream(client: OnvifClient, pin: (named: string) => string | null) {
  const find: FindAddress<{ from: 'stream'; url: string }> = async ({ token }, signal) => {
    const url = pin((await orNone(client.readStreamAddress(token, signal))) ?? '')
    return url === null ? null : { from: 'stream', url }
  }
  return find
}

/** The largest picture first; a profile without an address of it is passed over. */
async function findPicture(
  profiles: MediaProfile[],
  find: FindAddress<CameraConversation['picture']>,
  signal: AbortSignal,
): Promise<{ profile: MediaProfile; picture: CameraConversation['picture'] }> {
  const area = ({ widthPx, heightPx }: MediaProfile) => (widthPx ?? 0) * (heightPx ?? 0)
  for (const profile of profiles.toSorted((one, other) => area(other) - area(one))) {
    const picture = await find(profile, signal)
    if (picture !== null) return { profile, picture }
  }
  throw new CameraFault('camera-no-snapshot')
}

/** What a camera may refuse or answer oddly without being useless. */
async function orNone<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof CameraFault && (error.code === 'camera-refused' || error.code === 'camera-answer-broken')) {
      return null
    }
    throw error
  }
}
