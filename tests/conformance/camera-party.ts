import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CameraProfile } from '@vigie/config-schema/camera-profile'
import type { CameraPort, CameraTarget } from '@vigie/edge-agent/camera/camera-port'
import { type CameraOptions, createCamera } from '@vigie/edge-agent/camera/create-camera'
import { onTestFinished } from 'vitest'
import { type CameraSimulator, type CameraSimulatorOptions, createCameraSimulator } from '../fakes/camera/simulator.ts'
import { actionOf, answerOnvif, type OnvifScript, plainCamera } from '../fakes/http-peer/onvif-peer.ts'
import { peerThat } from '../fakes/http-peer/peer-for-test.ts'

/**
 * Both adapters, held to the same promises. What one of them cannot do stands here as data, and a test shows that it is
 * so: a gap that has closed fails there, and its line goes.
 */
export const ADAPTERS = [
  { client: 'onvif', gaps: ['reads a token that looks like a decimal number as that number'] },
  { client: 'node-onvif', gaps: ['asks neither GetServices nor Media2'] },
] as const
export type Client = (typeof ADAPTERS)[number]['client']
export type Gap = (typeof ADAPTERS)[number]['gaps'][number]

/** Each character of these has broken one of the libraries, or a camera's own parser. */
export const USER = "vigie <o'> & co"
export const PASSWORD = 'é"<&>\''
export const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])

export const clock = { now: () => Date.now(), monotonicMs: () => performance.now() }

export type PartyOptions = CameraOptions & {
  answerWithinMs?: number
  /** Further quirks of its profile. */
  quirks?: Partial<CameraProfile>
  /** Waits are noted here, and over at once. */
  waits?: number[]
}

export function cameraAt(
  client: Client,
  target: Partial<CameraTarget> & { url: string },
  { answerWithinMs = 10_000, waits = [], quirks = {}, ...deadlines }: PartyOptions = {},
): CameraPort {
  const wait = async (ms: number, signal: AbortSignal) => {
    signal.throwIfAborted()
    waits.push(ms)
  }
  const { url, user = USER, password = PASSWORD, trust } = target
  const camera = createCamera(
    { url, user, password, ...(trust && { trust }), profile: { client, answerWithinMs, ...quirks } },
    { clock: { ...clock, wait } },
    deadlines,
  )
  onTestFinished(() => camera.close())
  return camera
}

/** A folder with one small picture: drawing takes a second of a core, and what is drawn does not matter here. */
function pictureFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-camera-'))
  writeFileSync(join(folder, 'one.jpg'), JPEG)
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A whole camera, as others know it too; its pictures are not drawn. */
export async function simulatedCamera(options: Partial<CameraSimulatorOptions> = {}): Promise<CameraSimulator> {
  const camera = await createCameraSimulator({
    ...{ name: 'Col', seed: 1, user: USER, password: PASSWORD, listen: { host: '127.0.0.1', port: 0 }, clock },
    ...{ folder: pictureFolder(), osd: false },
    site: { latitude: 44.3, longitude: 6.6, altitudeM: 2247, kind: 'col' },
    presets: [
      { token: '1', name: 'amont' },
      { token: '2', name: 'aval' },
    ],
    ...options,
  })
  onTestFinished(() => camera.close())
  return camera
}

/** A camera that says what it is told to say, asks for no login and has one small picture. */
export async function scriptedCamera(
  changes: (base: string) => OnvifScript = () => ({}),
  tls?: { key: string; cert: string },
) {
  let script: OnvifScript = {}
  const peer = await peerThat((request, response) => {
    if (request.method === 'GET') response.writeHead(200, { 'content-type': 'image/jpeg' }).end(JPEG)
    else {
      const { status, xml } = answerOnvif(script, request)
      response.writeHead(status, { 'content-type': 'application/soap+xml' }).end(xml)
    }
  }, tls && { tls })
  script = { ...plainCamera(peer.url), ...changes(peer.url) }
  /** What has been asked so far: actions, and "picture". */
  const asked = () => peer.seen.map((request) => (request.method === 'GET' ? 'picture' : actionOf(request)))
  return { ...peer, url: `${peer.url}/device`, asked }
}
