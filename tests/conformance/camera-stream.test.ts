import { readdirSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { reasonForNoStream, rtspAnswer, rtspPeerThat, startRtspCamera } from '../fixtures/rtsp-peer.ts'
import { ADAPTERS, cameraAt, scriptedCamera } from './camera-party.ts'

const never = new AbortController().signal
const fault = (code: string) => ({ name: 'CameraFault', code })
const login = { user: 'vigie', password: 'sec"ret <é>' }
/** Loading GStreamer and ffmpeg takes seconds on a busy machine. */
const ANSWER_WITHIN_MS = 40_000

const reason = reasonForNoStream()
if (reason !== null) console.log(`no picture is taken of a real RTSP camera: ${reason}`)

/** Command lines of all programs named ffmpeg that run now. */
function runningFfmpegs(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
        return /(^|\/)ffmpeg\0/.test(command) ? [`${command} ${environment}`] : []
      } catch {
        return [] // it has ended meanwhile, or is another user's
      }
    })
}

/** The ones that speak to this relay or through it: other tests may run their own. */
const ours = () => runningFfmpegs().filter((line) => /rtsp:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\//.test(line))

describe.skipIf(reason !== null)('a camera with a stream alone', { timeout: 90_000 }, () => {
  let real: Awaited<ReturnType<typeof startRtspCamera>>
  beforeAll(async () => {
    real = await startRtspCamera(login.user, login.password)
  })
  afterAll(() => real.stop())

  test.each(ADAPTERS)('gives one whole picture through $client, by the stream that it names', async ({ client }) => {
    const onvif = await scriptedCamera(() => ({
      GetSnapshotUri: undefined,
      GetStreamUri: `<t:MediaUri><t:Uri>rtsp://127.0.0.1:${real.port}/main</t:Uri></t:MediaUri>`,
    }))
    const options = { answerWithinMs: ANSWER_WITHIN_MS, quirks: { rtsp: {} } }
    const { bytes, answerMs } = await cameraAt(client, { url: onvif.url, ...login }, options).grabPicture(null, never)
    const { width, height, format } = await sharp(bytes).metadata()
    expect({ width, height, format }).toEqual({ width: 1280, height: 720, format: 'jpeg' })
    // The first bar of the test picture is white, the sixth red: it has been decoded whole, not smeared.
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    const at = (x: number) => [...data.subarray((200 * info.width + x) * info.channels).subarray(0, 3)]
    expect(Math.min(...at(60))).toBeGreaterThan(150)
    const [red = 0, green = 0, blue = 0] = at(1000)
    expect([red > 120, green < 90, blue < 90]).toEqual([true, true, true])
    expect(answerMs).toBeGreaterThan(0)
  })

  test('needs no ONVIF when its profile says where the stream is, and nobody sees the password', async () => {
    const options = { answerWithinMs: ANSWER_WITHIN_MS, quirks: { rtsp: { path: '/main', port: real.port } } }
    const camera = cameraAt('onvif', { url: 'http://127.0.0.1:9/', ...login }, options)
    const seen: string[] = []
    const watching = setInterval(() => seen.push(...ours()), 20)
    try {
      expect((await camera.grabPicture(null, never)).bytes.byteLength).toBeGreaterThan(10_000)
    } finally {
      clearInterval(watching)
    }
    expect(seen.length).toBeGreaterThan(0)
    for (const line of seen) {
      expect(line).not.toContain('sec')
      expect(line).not.toContain('vigie')
      expect(line).not.toContain(`:${real.port}`)
    }
    expect(ours()).toEqual([])
  })

  test('with another password is refused, and the password is in no text', async () => {
    const options = { answerWithinMs: ANSWER_WITHIN_MS, quirks: { rtsp: { path: '/main', port: real.port } } }
    const camera = cameraAt('onvif', { url: 'http://127.0.0.1:9/', user: 'vigie', password: 'hunter2' }, options)
    const error: unknown = await camera.grabPicture(null, never).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(fault('camera-refused-login'))
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2')
    expect(ours()).toEqual([])
  })
})

test('without ffmpeg it is said that ffmpeg is missing', async () => {
  const options = { quirks: { rtsp: { path: '/main', port: 9 } }, ffmpeg: '/nowhere/ffmpeg' }
  const camera = cameraAt('onvif', { url: 'http://127.0.0.1/', ...login }, options)
  await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault('camera-needs-ffmpeg'))
})

/** What a hostile or broken stream does to whoever reads it. */
describe.skipIf(reason === 'ffmpeg is not installed')('a stream that misbehaves', { timeout: 90_000 }, () => {
  const streamAt = (port: number, more: object = {}) =>
    cameraAt(
      'onvif',
      { url: 'http://127.0.0.1/', ...login },
      {
        ...{ answerWithinMs: ANSWER_WITHIN_MS, quirks: { rtsp: { path: '/main', port }, ...more } },
      },
    )

  test('by redirecting to another host is not followed there', async () => {
    const other = await rtspPeerThat(() => undefined)
    const there = await rtspPeerThat((request, socket) => {
      socket.write(rtspAnswer(request, '302 Moved', [`Location: rtsp://127.0.0.1:${other.port}/main`]))
    })
    await expect(streamAt(there.port).grabPicture(null, never)).rejects.toMatchObject(
      fault('camera-redirected-elsewhere'),
    )
    expect(other.connections()).toBe(0)
    await there.silent()
    expect(ours()).toEqual([])
  })

  test('by asking for the password in clear does not get it where the profile says Digest', async () => {
    const there = await rtspPeerThat((request, socket) => {
      socket.write(rtspAnswer(request, '401 Unauthorized', ['WWW-Authenticate: Basic realm="r"']))
    })
    await expect(streamAt(there.port, { auth: 'digest' }).grabPicture(null, never)).rejects.toMatchObject(
      fault('camera-refused-login'),
    )
    expect(there.seen.join('')).not.toMatch(/authorization/i)
  })

  test('by being silent ends at the deadline, and ffmpeg with it', async () => {
    const there = await rtspPeerThat(() => undefined)
    const camera = cameraAt(
      'onvif',
      { url: 'http://127.0.0.1/', ...login },
      {
        ...{ answerWithinMs: 1_500, quirks: { rtsp: { path: '/main', port: there.port } } },
      },
    )
    await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault('camera-timeout'))
    await there.silent()
    await expect.poll(() => ours()).toEqual([])
  })

  test('by flooding is cut off, and memory stays small', async () => {
    const packet = Buffer.concat([Buffer.from([0x24, 0, 0xff, 0xff]), Buffer.alloc(0xffff)])
    const there = await rtspPeerThat((request, socket) => {
      socket.write(rtspAnswer(request, '200 OK'))
      const pour = () => {
        while (!socket.destroyed && socket.write(packet)) if (socket.bytesWritten > 200_000_000) return
        socket.once('drain', pour)
      }
      pour()
    })
    const before = process.memoryUsage().rss
    await expect(streamAt(there.port).grabPicture(null, never)).rejects.toMatchObject({ name: 'CameraFault' })
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
    await there.silent()
    await expect.poll(() => ours()).toEqual([])
  })

  test.each([
    ['not speaking RTSP', 'camera-answer-broken', (_: string) => 'HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n'],
    ['endless headers', 'camera-answer-broken', (_: string) => `RTSP/1.0 200 OK\r\nX: ${'x'.repeat(40_000)}`],
    ['having no such stream', 'camera-refused', (request: string) => rtspAnswer(request, '404 Not Found')],
    ['a description that is none', 'camera-answer-broken', (request: string) => rtspAnswer(request, '200 OK')],
  ])('by %s is a fault: %s', async (_, code, answer) => {
    const there = await rtspPeerThat((request, socket) => socket.write(answer(request)))
    await expect(streamAt(there.port).grabPicture(null, never)).rejects.toMatchObject(fault(code))
    await there.silent()
  })

  test('by being switched off is unreachable', async () => {
    await expect(streamAt(9).grabPicture(null, never)).rejects.toMatchObject(fault('camera-unreachable'))
  })

  test('cancelling ends ffmpeg at once, with the reason', async () => {
    const stopping = new AbortController()
    const why = new Error('the agent stops')
    const there = await rtspPeerThat(() => stopping.abort(why))
    await expect(streamAt(there.port).grabPicture(null, stopping.signal)).rejects.toBe(why)
    await there.silent()
    await expect.poll(() => ours()).toEqual([])
  })
})
