import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CameraId } from '@vigie/contract/ids'
import { createCameraMemory } from '@vigie/edge-agent/camera/camera-memory'
import { createCamera } from '@vigie/edge-agent/camera/create-camera'
import { discoverCameras } from '@vigie/edge-agent/camera/discover-cameras'
import { createRovingCamera, LOOK_AFTER_MS, LOOK_EVERY_MS } from '@vigie/edge-agent/camera/roving-camera'
import { describe, expect, onTestFinished, test } from 'vitest'
import { peerThat } from '../fakes/http-peer/peer-for-test.ts'
import { ADAPTERS, type Client, clock, JPEG, PASSWORD, simulatedCamera, USER } from './camera-party.ts'

const never = new AbortController().signal
const CAM = 'cam1' as CameraId // of the contract's pattern
const unreachable = { code: 'camera-unreachable' }

/** Devices on loopback that answer WS-Discovery, as they stand at the moment of the question. */
async function network() {
  const there: { url: string; endpoint: string }[] = []
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  let questions = 0
  socket.on('message', (message, { port, address }) => {
    questions += 1
    const id = /MessageID>([^<]*)</.exec(message.toString())?.[1] ?? ''
    const matches = there.map(
      ({ url, endpoint }) =>
        `<d:ProbeMatch><a:EndpointReference><a:Address>${endpoint}</a:Address></a:EndpointReference><d:XAddrs>${url}</d:XAddrs></d:ProbeMatch>`,
    )
    const answer =
      `<s:Envelope xmlns:s="s" xmlns:a="a" xmlns:d="d"><s:Header><a:RelatesTo>${id}</a:RelatesTo></s:Header>` +
      `<s:Body><d:ProbeMatches>${matches.join('')}</d:ProbeMatches></s:Body></s:Envelope>`
    socket.send(answer, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  let uuids = 0
  /** Turns of the event loop, each with a look at the sockets, rather than one span: a busy machine loses no answer. */
  const wait = async () => {
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setTimeout(resolve, 3))
  }
  const time = { ...clock, wait }
  const look = (signal: AbortSignal) =>
    discoverCameras(
      { from: ['127.0.0.1'], withinMs: 1, group: { address: '127.0.0.1', port: socket.address().port } },
      { time, newUuid: () => `00000000-0000-4000-8000-${String(++uuids).padStart(12, '0')}` },
      signal,
    )
  return { there, look, questions: () => questions }
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vigie-roving-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** A unit's camera, whose monotonic clock the test moves. */
function unitWith(
  client: Client,
  configured: string,
  { look }: { look: Awaited<ReturnType<typeof network>>['look'] },
  file: string,
) {
  let aheadMs = 0
  const time = {
    now: clock.now,
    monotonicMs: () => clock.monotonicMs() + aheadMs,
    wait: async () => undefined,
  }
  const memory = createCameraMemory(file)
  const found: string[] = []
  const troubles: unknown[] = []
  const camera = createRovingCamera(configured, {
    ...{ time, look },
    portAt: (url, isSure) =>
      createCamera(
        {
          url,
          user: USER,
          password: PASSWORD,
          profile: { client, answerWithinMs: 10_000, auth: isSure ? 'any' : 'digest' },
        },
        { clock: time },
      ),
    memory: { read: () => memory.read(CAM), write: (known) => memory.write(CAM, known) },
    onFound: (url) => found.push(url),
    onTrouble: (error) => troubles.push(error),
  })
  onTestFinished(() => camera.close())
  const pass = (ms: number) => {
    aheadMs += ms
  }
  return { camera, memory, found, troubles, pass, grab: () => camera.grabPicture(null, never) }
}

describe.each(ADAPTERS)('a camera by $client that has another address', ({ client }) => {
  test('is found again by who it is, and found at once after a restart', async () => {
    const lan = await network()
    const before = await simulatedCamera()
    lan.there.push({ url: before.url, endpoint: 'urn:uuid:1' })
    const file = join(folder(), 'cameras.json')
    const unit = unitWith(client, before.url, lan, file)
    await unit.grab()
    await unit.grab()
    expect(unit.memory.read(CAM)).toMatchObject({ model: 'VG-SIM-1080', endpoint: 'urn:uuid:1', foundAt: null })

    // Another address; at its old one nobody answers.
    await before.close()
    const after = await simulatedCamera()
    lan.there.splice(0, 1, { url: after.url, endpoint: 'urn:uuid:1' })
    const asked = lan.questions()
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    expect(lan.questions()).toBe(asked)
    unit.pass(LOOK_AFTER_MS)
    expect((await unit.grab()).bytes).toEqual(JPEG)
    expect(unit.found).toEqual([after.url])

    const restarted = unitWith(client, before.url, lan, file)
    expect((await restarted.grab()).bytes).toEqual(JPEG)
    expect(unit.troubles).toEqual([])
  })

  test('is not taken for another of its model, and nobody but itself is told the password in clear', async () => {
    const lan = await network()
    const before = await simulatedCamera()
    const unit = unitWith(client, before.url, lan, join(folder(), 'cameras.json'))
    await unit.grab()
    await unit.grab()
    await before.close()

    const sibling = await simulatedCamera({ seed: 2 })
    const thief = await peerThat((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end()
    })
    lan.there.push(
      { url: sibling.url, endpoint: 'urn:uuid:2' },
      { url: `${thief.url}/onvif/device_service`, endpoint: 'urn:uuid:3' },
    )
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    unit.pass(LOOK_AFTER_MS)
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    expect(unit.found).toEqual([])
    expect(thief.seen.length).toBeGreaterThan(0)
    const said = JSON.stringify(thief.seen)
    expect(said).not.toMatch(/Basic /)
    expect(said).not.toContain(Buffer.from(PASSWORD).toString('base64'))
    expect(said).not.toContain(PASSWORD)
  })

  test('is asked for no more often than each ten minutes', async () => {
    const lan = await network()
    const before = await simulatedCamera()
    const unit = unitWith(client, before.url, lan, join(folder(), 'cameras.json'))
    await unit.grab()
    await unit.grab()
    await before.close()
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    unit.pass(LOOK_AFTER_MS)
    const asked = lan.questions()
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(unit.grab()).rejects.toMatchObject(unreachable)
    expect(lan.questions()).toBe(asked + 2)
    unit.pass(LOOK_EVERY_MS)
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    expect(lan.questions()).toBe(asked + 4)
  })

  test('comes back to where the settings say, and is taken there again', async () => {
    const lan = await network()
    const home = await simulatedCamera()
    const unit = unitWith(client, home.url, lan, join(folder(), 'cameras.json'))
    await unit.grab()
    await unit.grab()
    await home.behave({ kind: 'refuses-connections' })
    const away = await simulatedCamera()
    lan.there.push({ url: away.url, endpoint: 'urn:uuid:1' })
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    unit.pass(LOOK_AFTER_MS)
    await unit.grab()
    await away.close()
    await home.behave()
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    unit.pass(LOOK_EVERY_MS)
    expect((await unit.grab()).bytes).toEqual(JPEG)
    expect(unit.found).toEqual([away.url, home.url])
    expect(unit.memory.read(CAM)?.foundAt).toBeNull()
  })

  test('that only reboots is there again by itself, its clock at 1970', async () => {
    const lan = await network()
    const there = await simulatedCamera()
    const unit = unitWith(client, there.url, lan, join(folder(), 'cameras.json'))
    await unit.grab()
    await there.behave({ kind: 'refuses-connections' })
    await expect(unit.grab()).rejects.toMatchObject(unreachable)
    await there.behave({ kind: 'clock-offset', ms: -Date.now() })
    expect((await unit.grab()).bytes).toEqual(JPEG)
  })
})
