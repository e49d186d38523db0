import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { Clock } from '@vigie/contract/clock'
import { CameraFault } from './camera-fault.ts'
import type { CameraDescription, CameraMediaProfile, CameraPreset, CameraStep } from './camera-port.ts'
import { deviceText } from './device-text.ts'
import type { HttpClient } from './http-client.ts'
import type { Login } from './http-digest.ts'
import { createNodeOnvifAdapter } from './node-onvif-adapter.ts'
import { createOnvifAdapter } from './onvif-adapter.ts'
import type { MediaProfile, OnvifClient } from './onvif-client.ts'
import { pinAddress, pinStreamAddress } from './pinned-address.ts'
import { createSoapPost, type SoapPost } from './soap-post.ts'
import { usernameToken } from './username-token.ts'

/** A 16-channel encoder has 48. Beyond: the first ones, which are the main ones. */
const MAX_PROFILES = 16
/** ONVIF asks for no more than this of a device (PTZ service, MaximumNumberOfPresets). */
const MAX_PRESETS = 256

/** What has been learnt of a camera, and what can be asked of it further. */
export type CameraConversation = {
  describe(signal: AbortSignal): Promise<CameraDescription>
  pictureAddress(): URL
  /** Rejects with `camera-preset-unknown`; returns when the order is taken, not when it is done. */
  goToPreset(nameOrToken: string, signal: AbortSignal): Promise<void>
  isMoving(signal: AbortSignal): Promise<boolean | null>
}

type Dependencies = {
  http: HttpClient
  clock: Clock
  randomBytes(size: number): Uint8Array
  onStep(step: CameraStep): void
}

/** Asks what every picture needs: the clock (for the login), the services, the profiles, one picture address. */
export async function converse(
  { deviceService, login, client }: { deviceService: URL; login: Login | null; client: CameraProfile['client'] },
  { http, clock, randomBytes, onStep }: Dependencies,
  signal: AbortSignal,
): Promise<CameraConversation> {
  const foreignHosts = new Set<string>()
  const pin = (named: string) => {
    const pinned = pinAddress(deviceService, named)
    if (pinned?.foreignHost) foreignHosts.add(deviceText(pinned.foreignHost))
    return pinned?.url ?? null
  }
  const makeAdapter = client === 'onvif' ? createOnvifAdapter : createNodeOnvifAdapter
  const adapterWith = (post: SoapPost) => makeAdapter(post, pin)

  async function step<Value>(name: CameraStep['name'], work: Promise<Value>): Promise<Value> {
    const startedMs = clock.monotonicMs()
    const value = await work
    onStep({ name, tookMs: Math.round(clock.monotonicMs() - startedMs) })
    return value
  }

  const token = (cameraNow: () => number) =>
    login === null ? null : () => usernameToken(login, cameraNow(), randomBytes(16))
  const open = adapterWith(createSoapPost(http, { deviceService, token: null }))
  const byOurs = adapterWith(createSoapPost(http, { deviceService, token: token(() => clock.now()) }))
  const told = await step('clock', readClock(open, byOurs, clock, signal))
  const cameraNow = () => (told === null ? clock.now() : told.wallMs + clock.monotonicMs() - told.atMs)
  const asked = adapterWith(createSoapPost(http, { deviceService, token: token(cameraNow) }))

  const services = await step('services', asked.readServices(signal))
  if (services.media === null) throw new CameraFault('camera-no-profile', 'it has no media service')
  const profiles = (await step('profiles', asked.readProfiles(signal))).filter(({ token: name }) => name !== '')
  profiles.splice(MAX_PROFILES)
  if (profiles.length === 0) throw new CameraFault('camera-no-profile')
  const main = await step('addresses', findPicture(asked, profiles, pin, signal))
  let presets: CameraPreset[] | null = null

  async function readPresets(inTime: AbortSignal): Promise<CameraPreset[]> {
    if (services.turning === null) return []
    return (await orNone(asked.readPresets(main.profile.token, inTime)))?.slice(0, MAX_PRESETS) ?? []
  }

  async function addressesOf(profile: MediaProfile, inTime: AbortSignal): Promise<CameraMediaProfile> {
    const snapshot =
      profile === main.profile ? main.url : pin((await orNone(asked.readSnapshotAddress(profile.token, inTime))) ?? '')
    const stream = (await orNone(asked.readStreamAddress(profile.token, inTime))) ?? ''
    return {
      ...profile,
      name: deviceText(profile.name),
      encoding: deviceText(profile.encoding),
      snapshotUrl: snapshot?.href ?? null,
      streamUrl: pinStreamAddress(deviceService, stream),
    }
  }

  return {
    async describe(inTime) {
      const information = await step('information', asked.readInformation(inTime))
      const described: CameraMediaProfile[] = []
      for (const profile of profiles) described.push(await addressesOf(profile, inTime))
      presets = await step('presets', readPresets(inTime))
      return {
        maker: deviceText(information.maker),
        model: deviceText(information.model),
        firmware: deviceText(information.firmware),
        serial: deviceText(information.serial),
        clockOffsetMs: told === null ? null : told.offsetMs,
        profiles: described,
        presets: presets.map(({ token: name, name: label }) => ({ token: deviceText(name), name: deviceText(label) })),
        foreignHosts: [...foreignHosts],
      }
    },
    pictureAddress: () => main.url,
    async goToPreset(nameOrToken, inTime) {
      presets ??= await readPresets(inTime)
      const found =
        presets.find(({ name }) => name === nameOrToken) ?? presets.find(({ token: name }) => name === nameOrToken)
      if (found === undefined) throw new CameraFault('camera-preset-unknown', nameOrToken)
      await asked.goToPreset(main.profile.token, found.token, inTime)
    },
    isMoving: (inTime) => orNone(asked.isMoving(main.profile.token, inTime)),
  }
}

/** Cameras tell whole seconds, cut off: on average it is half a second later. */
const HALF_SECOND_MS = 500

type CameraTime = { wallMs: number; atMs: number; offsetMs: number }

/**
 * The clock is asked first and without a login, which needs it (ONVIF Core §5.9.4 demands that it is open to all). Some
 * cameras want a login all the same: then with our own time. Null when it is not told.
 */
async function readClock(
  open: OnvifClient,
  byOurs: OnvifClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<CameraTime | null> {
  const startedMs = clock.monotonicMs()
  let toldMs: number | null = null
  try {
    toldMs = await open.readClock(signal)
  } catch (error) {
    if (!(error instanceof CameraFault)) throw error
    if (error.code === 'camera-refused-login') toldMs = await byOurs.readClock(signal)
    else if (error.code !== 'camera-refused') throw error
  }
  if (toldMs === null) return null
  const wallMs = toldMs + HALF_SECOND_MS
  const atMs = clock.monotonicMs()
  // It was true at some moment between question and answer: at half the way, give or take.
  return { wallMs, atMs, offsetMs: Math.round(wallMs - (clock.now() - (atMs - startedMs) / 2)) }
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
    const named = await orNone(client.readSnapshotAddress(profile.token, signal))
    const url = named === null || named === '' ? null : pin(named)
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
