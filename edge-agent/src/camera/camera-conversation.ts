import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { Clock } from '@vigie/contract/clock'
import { readCameraClock } from './camera-clock.ts'
import { CameraFault } from './camera-fault.ts'
import type { CameraDescription, CameraMediaProfile, CameraPreset } from './camera-port.ts'
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
  pictureAddress: URL
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

/** Asks what every picture needs: the clock (for the login), the services, the profiles, one picture address. */
export async function converse(
  { deviceService, login, client }: { deviceService: URL; login: Login | null; client: CameraProfile['client'] },
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
  const main = await step('addresses', () => findPicture(asked, profiles, pin, signal))

  async function withAddresses(profile: MediaProfile, inTime: AbortSignal): Promise<CameraMediaProfile> {
    const snapshot =
      profile === main.profile ? main.url : pin((await orNone(asked.readSnapshotAddress(profile.token, inTime))) ?? '')
    const stream = (await orNone(asked.readStreamAddress(profile.token, inTime))) ?? ''
    const { name, encoding } = profile
    return {
      ...profile,
      ...{ name: deviceText(name), encoding: deviceText(encoding) },
      ...{ snapshotUrl: snapshot?.href ?? null, streamUrl: pinStreamAddress(deviceService, stream) },
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
    pictureAddress: main.url,

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
      const found =
        presets.find(({ name }) => name === nameOrToken) ?? presets.find(({ token }) => token === nameOrToken)
      if (found === undefined) throw new CameraFault('camera-preset-unknown', nameOrToken)
      await asked.goToPreset(profile.token, found.token, inTime)
    },

    isMoving: (inTime) => orNone(asked.isMoving((head?.profile ?? main.profile).token, inTime)),
  }
}

async function readProfiles(client: OnvifClient, hasMedia: boolean, signal: AbortSignal): Promise<MediaProfile[]> {
  if (!hasMedia) throw new CameraFault('camera-no-profile', 'it has no media service')
  const profiles = (await client.readProfiles(signal)).filter(({ token }) => token !== '')
  if (profiles.length === 0) throw new CameraFault('camera-no-profile')
  return profiles.slice(0, MAX_PROFILES)
}

/** The largest picture first; a profile without a picture address is passed over. */
async function findPicture(
  client: OnvifClient,
  profiles: MediaProfile[],
  pin: (named: string) => URL | null,
  signal: AbortSignal,
): Promise<{ profile: MediaProfile; url: URL }> {
  const area = ({ widthPx, heightPx }: MediaProfile) => (widthPx ?? 0) * (heightPx ?? 0)
  for (const profile of profiles.toSorted((one, other) => area(other) - area(one))) {
    const url = pin((await orNone(client.readSnapshotAddress(profile.token, signal))) ?? '')
    if (url !== null) return { profile, url }
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
