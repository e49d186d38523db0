import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { CAMERA_FAULTS } from '@vigie/edge-agent/camera/camera-fault'
import type { CameraPort } from '@vigie/edge-agent/camera/camera-port'
import { createCamera } from '@vigie/edge-agent/camera/create-camera'
import { expect, onTestFinished, test } from 'vitest'
import { ADAPTERS, clock, JPEG } from '../conformance/camera-party.ts'
import { between, FUZZ_RUNS, fuzz, pick, randomBytes } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { mutateXml } from './mutate-xml.ts'

/** Answers of real devices, recorded in the tests of npm onvif 0.7.4. */
const RECORDINGS = join(
  dirname(createRequire(import.meta.url).resolve('onvif-fixtures/package.json')),
  'test/serverMockup',
)
/** Some recordings are templates of a server; what they leave open is a number or an address there. */
const recording = (name: string) =>
  readFileSync(join(RECORDINGS, `${name}.xml`), 'utf8')
    .replaceAll(/\{\{\?.*?\}\}/g, '')
    .replaceAll(/\{\{=.*?\}\}/g, '1')

const ANSWERS: Record<string, string> = {
  GetSystemDateAndTime: recording('GetSystemDateAndTime'),
  GetServices: recording('GetServices'),
  GetCapabilities: recording('GetCapabilities'),
  GetDeviceInformation: recording('GetDeviceInformation'),
  GetProfiles: recording('GetProfiles'),
  GetSnapshotUri: recording('GetSnapshotUri'),
  GetStreamUri: recording('GetStreamUri'),
  GetPresets: recording('ptz.GetPresets'),
  GotoPreset: recording('ptz.GotoPreset'),
  GetStatus: recording('GetStatus'),
}
const PICTURE = 'picture'
const ASKED = [...Object.keys(ANSWERS), PICTURE]

/** HTTP in bytes, as a camera writes it. */
const http = (body: Uint8Array, type: string) =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.byteLength}\r\nConnection: close\r\n\r\n`,
    ),
    body,
  ])

/** What one answer becomes: of another shape, of other bytes, of other HTTP, or mere noise. */
function hostile(asked: string, random: () => number): Buffer {
  const body = asked === PICTURE ? JPEG : Buffer.from(ANSWERS[asked] ?? '')
  const type = asked === PICTURE ? 'image/jpeg' : 'application/soap+xml'
  const way = random()
  if (way < 0.45 && asked !== PICTURE) return http(Buffer.from(mutateXml(body.toString(), random)), type)
  if (way < 0.7) return http(mutateBytes(body, random), type)
  if (way < 0.95) return mutateBytes(http(body, type), random)
  return randomBytes(random, between(random, 0, 3_000))
}

/** A camera of recordings on loopback, one of whose answers is spoilt at a time. It ends each connection after its answer. */
async function recordedCamera() {
  const open = new Set<Socket>()
  let spoil: { asked: string; answer: Buffer } | null = null
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    let request = ''
    socket.on('data', (chunk: Buffer) => {
      request += chunk.toString('latin1')
      const asked = askedBy(request)
      if (asked === null) return
      const answer =
        asked === PICTURE ? http(JPEG, 'image/jpeg') : http(Buffer.from(ANSWERS[asked] ?? ''), 'application/soap+xml')
      socket.end(spoil?.asked === asked ? spoil.answer : answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo // a TCP server's address is never a path
  return {
    url: `http://127.0.0.1:${port}/onvif/device_service`,
    open,
    spoil(asked: string, answer: Buffer) {
      spoil = { asked, answer }
    },
  }
}

/** What a whole request asks for; null while it is not whole. */
function askedBy(request: string): string | null {
  const end = request.indexOf('\r\n\r\n')
  if (end === -1) return null
  if (request.startsWith('GET')) return PICTURE
  const length = Number(/^content-length: *(\d+)/im.exec(request)?.[1] ?? 0)
  if (request.length < end + 4 + length) return null
  return /<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(request)?.[1] ?? ''
}

/** How a call ended: with a value, or with the code of a fault. Anything else is what is looked for. */
async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'value'
  } catch (error) {
    if (error instanceof Error && error.name === 'CameraFault' && 'code' in error) return String(error.code)
    throw error
  }
}

const RUNS = Math.ceil(FUZZ_RUNS / 2)

test.each(ADAPTERS)(
  'answers made hostile: $client ends each call, with a value or a fault of the table',
  { timeout: 3_600_000 },
  async ({ client }) => {
    const there = await recordedCamera()
    const never = new AbortController().signal
    const outcomes = new Map<string, number>()
    const target = { url: there.url, user: 'vigie', password: 'secret', profile: { client, answerWithinMs: 5_000 } }
    const time = { ...clock, wait: async () => undefined }

    await fuzz(async (random) => {
      const asked = pick(random, ASKED)
      there.spoil(asked, hostile(asked, random))
      const camera: CameraPort = createCamera(
        target,
        { clock: time },
        { conversationWithinMs: 5_000, restsWithinMs: 50 },
      )
      const call = random() < 0.5 ? camera.describe(never) : camera.grabPicture(random() < 0.5 ? null : 'P001', never)
      const outcome = await outcomeOf(call)
      camera.close()
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      expect([...Object.keys(CAMERA_FAULTS), 'value']).toContain(outcome)
      // The peer ends every connection, so nothing may wait for a deadline.
      expect(['camera-timeout', 'camera-unreachable']).not.toContain(outcome)
      expect('isPolluted' in {}).toBe(false)
    }, RUNS)

    console.log(client, Object.fromEntries(outcomes))
    expect(outcomes.get('value')).toBeGreaterThan(0)
    expect(outcomes.get('camera-answer-broken')).toBeGreaterThan(0)
    await expect.poll(() => there.open.size).toBe(0)
  },
)
