import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Misbehaviour } from '../fakes/camera/misbehaviour.ts'
import { answerOnvif, plainCamera } from '../fakes/http-peer/onvif-peer.ts'
import { peerThat } from '../fakes/http-peer/peer-for-test.ts'
import { selfSigned } from '../fakes/http-peer/self-signed.ts'
import { ADAPTERS, cameraAt, JPEG, scriptedCamera, simulatedCamera } from './camera-party.ts'

/*
 * Odd cameras, each on both clients and against a real server. The rest of them:
 *
 *   MD5 and SHA-256 Digest, odd names and passwords, pinned https, presets   camera-port.test.ts
 *   hung, drip-fed, slow, truncated, 200 MB, text/plain, no profiles, XML    camera-port-faults.test.ts
 *   a stream alone                                                           camera-stream.test.ts
 *   another address, a reboot                                                camera-found-again.test.ts
 *   recorded answers, spoilt                                                 ../fuzz/camera-answers.test.ts
 */
const never = new AbortController().signal
const fault = (code: string) => ({ name: 'CameraFault', code })
const DAY_MS = 86_400_000

/** Sends a body in pieces without saying how long it is. */
function inChunks(response: ServerResponse, status: number, type: string, body: Buffer): void {
  response.writeHead(status, { 'content-type': type })
  for (let at = 0; at < body.byteLength; at += 100) response.write(body.subarray(at, at + 100))
  response.end()
}

describe.each(ADAPTERS)('a camera by $client', ({ client }) => {
  test.each([
    ['a year behind', -365 * DAY_MS],
    ['in 1970', -Date.now()],
    ['six minutes behind', -360_000],
    ['six minutes ahead', 360_000],
    ['ten years ahead', 3650 * DAY_MS],
  ])('whose clock is %s lets us in all the same', async (_, ms) => {
    for (const soapAuth of ['ws-token', 'http-digest'] as const) {
      const there = await simulatedCamera({ soapAuth, behaviour: [{ kind: 'clock-offset', ms }] })
      const camera = cameraAt(client, there)
      const { clockOffsetMs } = await camera.describe(never)
      expect(Math.abs((clockOffsetMs ?? 0) - ms)).toBeLessThan(5_000)
      expect((await camera.grabPicture('aval', never)).bytes).toEqual(JPEG)
    }
  })

  test('that sends everything in chunks, of no length told, is read whole', async () => {
    const there = await peerThat((request, response) => {
      if (request.method === 'GET') inChunks(response, 200, 'image/jpeg', Buffer.concat([JPEG, Buffer.alloc(1_000)]))
      else {
        const { status, xml } = answerOnvif(plainCamera(there.url), request)
        inChunks(response, status, 'application/soap+xml', Buffer.from(xml))
      }
    })
    const camera = cameraAt(client, { url: `${there.url}/device` })
    expect((await camera.describe(never)).maker).toBe('Maker')
    expect((await camera.grabPicture(null, never)).bytes.byteLength).toBe(JPEG.byteLength + 1_000)
    await there.silent()
  })

  test.each(['soap', 'picture'])('that redirects its %s to another host is not followed there', async (what) => {
    const other = await peerThat((_, response) => response.end(JPEG))
    const elsewhere = { location: `http://localhost:${new URL(other.url).port}/` }
    const there = await peerThat((request, response) => {
      const isPicture = request.method === 'GET'
      if (isPicture === (what === 'picture')) response.writeHead(302, elsewhere).end()
      else if (isPicture) response.end(JPEG)
      else {
        const { status, xml } = answerOnvif(plainCamera(there.url), request)
        response.writeHead(status).end(xml)
      }
    })
    const camera = cameraAt(client, { url: `${there.url}/device` })
    await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault('camera-redirected-elsewhere'))
    expect(other.connections()).toBe(0)
    await there.silent()
  })

  test('with a pinned certificate is not followed from https to http', async () => {
    const tls = selfSigned('127.0.0.1')
    const plain = await peerThat((_, response) => response.end(JPEG))
    const there = await peerThat(
      (request, response) => {
        if (request.method === 'GET') response.writeHead(302, { location: `${plain.url}/picture` }).end()
        else response.end(answerOnvif(plainCamera(there.url), request).xml)
      },
      { tls },
    )
    const camera = cameraAt(client, { url: `${there.url}/device`, trust: { fingerprint: tls.fingerprint } })
    await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault('camera-redirected-elsewhere'))
    expect(plain.connections()).toBe(0)
  })

  test('that asks for a password in clear gets none where its profile says Digest', async () => {
    const there = await simulatedCamera({ soapAuth: 'http-digest', pictureAuth: 'basic' })
    const camera = cameraAt(client, there, { quirks: { auth: 'digest' } })
    await expect(camera.grabPicture(null, never)).rejects.toMatchObject(fault('camera-refused-login'))
    expect((await cameraAt(client, there).grabPicture(null, never)).bytes).toEqual(JPEG)
  })

  test('that misbehaves in every way in turn leaves no socket and no memory behind', async () => {
    const ways: Misbehaviour[] = [
      { kind: 'truncates' },
      { kind: 'hangs', on: 'picture' },
      { kind: 'drips', bytes: 1, everyMs: 5, on: 'soap' },
      { kind: 'huge-answer', bytes: 200_000_000, on: 'picture' },
      { kind: 'huge-answer', bytes: 200_000_000, on: 'soap' },
      { kind: 'status', status: 503 },
      { kind: 'error-page' },
      { kind: 'wrong-password' },
      { kind: 'no-profiles' },
    ]
    const there = await simulatedCamera()
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    const round = async (camera: ReturnType<typeof cameraAt>) => {
      for (const way of ways) {
        await there.behave(way)
        await expect(camera.grabPicture(null, never)).rejects.toMatchObject({ name: 'CameraFault' })
      }
      await there.behave()
      // By a camera with time enough: a busy machine may need all of it.
      expect((await cameraAt(client, there).grabPicture(null, never)).bytes).toEqual(JPEG)
    }
    const options = { conversationWithinMs: 700, answerWithinMs: 700 }
    await round(cameraAt(client, there, options))
    const peakBefore = process.resourceUsage().maxRSS
    for (let rounds = 0; rounds < 2; rounds += 1) await round(cameraAt(client, there, options))
    // In kilobytes: 4 answers of 200 MB have come meanwhile, and the camera that sends them is in this process too.
    expect(process.resourceUsage().maxRSS - peakBefore).toBeLessThan(100_000)
    await expect.poll(sockets).toBe(0)
  })

  test('that gives the same picture under every wrong name is read by its bytes', async () => {
    for (const type of ['text/plain', 'application/octet-stream', 'image/png', '']) {
      const there = await peerThat((request, response) => {
        if (request.method === 'GET') response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(JPEG)
        else response.end(answerOnvif(plainCamera(there.url), request).xml)
      })
      const { bytes, contentType } = await cameraAt(client, { url: `${there.url}/device` }).grabPicture(null, never)
      expect([bytes, contentType]).toEqual([JPEG, type])
    }
  })

  test('with profiles that have neither name nor size gives its picture', async () => {
    const there = await scriptedCamera(() => ({ GetProfiles: '<t:Profiles token="a"/><t:Profiles token=""/>' }))
    expect((await cameraAt(client, there).grabPicture(null, never)).bytes).toEqual(JPEG)
  })
})
