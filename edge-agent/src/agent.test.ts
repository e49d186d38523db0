import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { MaskDocument, SiteDocument } from '@vigie/config-schema/site-document'
import type { Command, CommandBody } from '@vigie/contract/command'
import { isSealIntact } from '@vigie/contract/frame'
import type { CameraId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { type Broker, createBroker } from '@vigie/gateway-broker/broker'
import { createTestAuthority, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { type CameraSimulator, createCameraSimulator } from '@vigie/tests/fakes/camera/simulator'
import { connectSmallCloud, type Delivery, idOf, type SmallCloud } from '@vigie/tests/fakes/cloud/small-cloud'
import { pino } from 'pino'
import sharp from 'sharp'
import { monotonicFactory } from 'ulid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runAgent } from './agent.ts'
import type { Time } from './time.ts'

const SITE = 'col-d-allos'
const UNIT = 'vg-0001'
/** A day passes in 72 minutes: ten seconds between two frames are half a second here. */
const PACE = 20

const startedMs = Date.now()
const time: Time = {
  now: () => Math.round(startedMs + performance.now() * PACE),
  monotonicMs: () => performance.now() * PACE,
  wait: (ms, signal) => setTimeout(ms / PACE, undefined, { signal }),
}
/** Where the simulator holds up a magenta card, and the zone of the document that hides it. */
const CARD = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 }
const zone = {
  label: 'card',
  fill: 'solid' as const,
  polygon: [
    [CARD.x, CARD.y],
    [CARD.x + CARD.width, CARD.y],
    [CARD.x + CARD.width, CARD.y + CARD.height],
    [CARD.x, CARD.y + CARD.height],
  ] as [number, number][],
}
const masks: MaskDocument = { version: 7, approvedOn: '2026-11-22', zones: [zone] }

let authority: Awaited<ReturnType<typeof createTestAuthority>>
let camera: CameraSimulator
beforeAll(async () => {
  authority = await createTestAuthority([{ site: SITE, unit: UNIT }])
  camera = await createCameraSimulator({
    ...{ clock: time, name: 'CAM1', seed: 1, user: 'vigie', password: 'secret', testCards: [CARD], pictureKeptMs: 0 },
    site: { latitude: 44.3, longitude: 6.6, altitudeM: 2247, kind: 'col' },
    listen: { host: '127.0.0.1', port: 0 },
  })
})
afterAll(async () => {
  await camera.close()
  authority.remove()
})

type LogLine = Record<string, unknown>
let folder: string
let broker: Broker
let cloud: SmallCloud
let log: LogLine[]
let logWaiters: Array<{ fits: (line: LogLine) => boolean; resolve: () => void }>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-agent-'))
  log = []
  logWaiters = []
  broker = await startBroker(0)
  cloud = await joinCloud(broker.port)
})
afterEach(async () => {
  await camera.behave()
  await cloud.leave()
  await broker.stop()
  rmSync(folder, { recursive: true })
})

const joinCloud = (port: number) => connectSmallCloud(port, { ...tlsOf(authority, authority.cloud), now: time.now })
const startBroker = (port: number) =>
  createBroker(
    { log: pino({ level: 'silent' }) },
    {
      ...{ host: '127.0.0.1', port, ca: readFileSync(authority.caFile, 'utf8') },
      certificate: readFileSync(authority.broker.certificateFile, 'utf8'),
      key: readFileSync(authority.broker.keyFile, 'utf8'),
    },
  )

function takeLogLine(text: string): void {
  const line = JSON.parse(text)
  log.push(line)
  for (const { fits, resolve } of logWaiters) if (fits(line)) resolve()
}

/** Resolves when the agent has logged, or logs, such a line; the test's own timeout bounds the wait. */
function logged(fits: (line: LogLine) => boolean): Promise<void> {
  if (log.some(fits)) return Promise.resolve()
  return new Promise((resolve) => logWaiters.push({ fits, resolve }))
}

const captured = () => log.filter(({ msg }) => msg === 'frame.captured').map(({ id }) => id as ItemId) // as it was logged

/** Starts an agent on the test's folder; `stop` waits until it has said farewell. */
function startAgent(document: { masks?: MaskDocument } = { masks }, { wholeEveryS = 1, clock = time } = {}) {
  const siteFile = join(folder, `${SITE}.json`)
  const profilesFolder = join(folder, 'profiles')
  mkdirSync(profilesFolder, { recursive: true })
  const picture = { widthPx: 640, quality: 80, wholeEveryS }
  const site: SiteDocument = {
    ...{ id: SITE, unit: UNIT, name: "Col d'Allos", road: 'D908', kind: 'col', wave: 2020 },
    ...{ latitude: 44.3, longitude: 6.6, altitudeM: 2247 },
    cameras: [
      {
        ...{ id: 'cam1', profile: 'simulator', schedule: { intervalS: 10, watchedIntervalS: 4 }, picture },
        presets: [{ id: 'amont', label: 'vers Allos', ...document }],
      },
    ],
  }
  const profile = { id: 'simulator', maker: 'Vigie', model: 'Simulator', client: 'onvif', answerWithinMs: 5000 }
  writeFileSync(siteFile, JSON.stringify(site))
  writeFileSync(join(profilesFolder, 'simulator.json'), JSON.stringify({ ...profile, source: 'ours' }))
  writeFileSync(join(folder, 'password'), 'secret\n')
  const stop = new AbortController()
  const running = runAgent(
    {
      ...{
        siteFile,
        profilesFolder,
        dataFolder: join(folder, 'data'),
        frameStoreMaxBytes: 64 * 1024 * 1024,
        keepAliveS: 240,
      },
      ...{ mqttUrl: `mqtts://127.0.0.1:${broker.port}`, caFile: authority.caFile, ...authority.unit(UNIT) },
      cameras: { cam1: { url: camera.url, user: 'vigie', passwordFile: join(folder, 'password') } },
    },
    {
      ...{ time: clock, newId: monotonicFactory(), random: Math.random },
      log: pino({ base: null, level: 'debug' }, { write: takeLogLine }),
    },
    stop.signal,
  )
  return {
    async stop() {
      stop.abort()
      await running
    },
  }
}

const to = { site: SITE as SiteId, unit: UNIT as UnitId } // of the contract's patterns
const commandFor = (body: CommandBody): Command => {
  const [issuedAt = '', expiresAt = ''] = [time.now(), time.now() + 3_600_000].map((ms) => new Date(ms).toISOString())
  return { v: 1, id: newCommandId(), issuedAt, expiresAt, body }
}
const newCommandId = monotonicFactory() as () => ItemId // it makes ULIDs

/** Seconds to the next capture, as a frame or the word that nothing has changed tells it. */
function intervalOf(delivery: Delivery): number | undefined {
  if (delivery.what === 'frame') return delivery.value.header.intervalS
  return delivery.what === 'unchanged' ? delivery.value.intervalS : undefined
}

const isFrame = (delivery: Delivery) => delivery.what === 'frame'
const isState = (fits: (camera: { condition: string; fault?: string }) => boolean) => (delivery: Delivery) =>
  delivery.what === 'state' && delivery.value.cameras.every(fits)

/** Drawing a scene takes a second on a busy machine, and some tests need several. */
describe('an agent', { timeout: 60_000 }, () => {
  test('brings a masked frame to the cloud, sealed with the key of its certificate, and forgets it at the receipt', async () => {
    const agent = startAgent()
    const delivery = await cloud.hears(isFrame)
    if (delivery.what !== 'frame') throw new Error('not a frame')
    const { header, picture } = delivery.value
    expect(header).toMatchObject({ site: SITE, unit: UNIT, camera: 'cam1', preset: 'amont', maskVersion: 7, seq: 0 })
    expect(header).toMatchObject({ widthPx: 640, bytes: picture.byteLength, intervalS: 10 })
    const certificate = new X509Certificate(readFileSync(authority.unit(UNIT).certificateFile))
    expect(
      isSealIntact(delivery.value, createPublicKey(certificate.publicKey.export({ type: 'spki', format: 'pem' }))),
    ).toBe(true)

    const raw = await sharp(picture).raw().toBuffer()
    for (const [x, y] of zone.polygon) {
      const at = (Math.min(header.heightPx - 1, Math.round(y * header.heightPx)) * 640 + Math.round(x * 640)) * 3
      for (const channel of [0, 1, 2]) expect(Math.abs((raw[at + channel] ?? 0) - 0x80)).toBeLessThan(16)
    }
    await cloud.hears(isState(({ condition }) => condition === 'capturing'))
    await logged(({ msg, id }) => msg === 'item.settled' && id === header.id)
    await agent.stop()
  })

  test('says its birth before anything else, and that it stopped at the end', async () => {
    const agent = startAgent()
    await cloud.hears(({ what }) => what === 'state')
    await agent.stop()
    await cloud.hears(({ what, value }) => what === 'presence' && !value.online)
    const [first] = cloud.deliveries
    expect(first).toMatchObject({ what: 'presence', value: { online: true, unit: UNIT } })
    expect(cloud.deliveries.at(-1)).toMatchObject({ what: 'presence', value: { online: false, reason: 'stopped' } })
  })

  test('sends an item again that got no receipt', async () => {
    const times = (id: ItemId | null) => cloud.deliveries.filter((delivery) => idOf(delivery) === id).length
    cloud.answer = (delivery) => (isFrame(delivery) && times(idOf(delivery)) === 1 ? null : 'stored')
    const agent = startAgent()
    await cloud.hears((delivery) => isFrame(delivery) && times(idOf(delivery)) === 2)
    await agent.stop()
  })

  test('says that a view has not changed instead of sending its picture again', async () => {
    await camera.behave({ kind: 'frozen-picture' })
    const agent = startAgent({ masks }, { wholeEveryS: 900 })
    const frame = idOf(await cloud.hears(isFrame))
    const word = await cloud.hears(({ what }) => what === 'unchanged')
    expect(word.value).toMatchObject({ frame, camera: 'cam1', preset: 'amont' })
    await logged(({ msg, id }) => msg === 'item.settled' && id === idOf(word))
    await agent.stop()
    expect(cloud.deliveries.filter(isFrame).map(idOf)).toEqual([frame])
  })

  test('loses no frame while the broker is away', async () => {
    const agent = startAgent()
    await cloud.hears(isFrame)
    const { port } = broker
    await broker.stop()
    const before = captured().length
    await logged(() => captured().length >= before + 3)
    broker = await startBroker(port)
    const first = cloud
    cloud = await joinCloud(port)
    const came = new Set(first.deliveries.map(idOf))
    const missing = captured().filter((id) => !came.has(id))
    expect(missing.length).toBeGreaterThanOrEqual(3)
    await Promise.all(missing.map((id) => cloud.hears((delivery) => idOf(delivery) === id)))
    await agent.stop()
  })

  test('takes no picture of a view without a mask document, and says so', async () => {
    const agent = startAgent({})
    await cloud.hears(isState(({ condition, fault }) => condition === 'failing' && fault === 'mask-missing'))
    await agent.stop()
    expect(cloud.deliveries.filter(isFrame)).toEqual([])
    expect(log.filter(({ msg }) => msg === 'frame.captured')).toEqual([])
  })

  test('says which fault a camera has, since when, and that it is over', async () => {
    await camera.behave({ kind: 'wrong-password' })
    const agent = startAgent()
    await cloud.hears(isState(({ fault }) => fault === 'camera-refused-login'))
    await camera.behave()
    await cloud.hears(isState(({ condition }) => condition === 'capturing'))
    await agent.stop()
  })

  test('goes on after a restart with what was not receipted', async () => {
    cloud.answer = (delivery) => (isFrame(delivery) ? null : 'stored')
    const first = startAgent()
    const lost = idOf(await cloud.hears(isFrame))
    await first.stop()
    const before = cloud.deliveries.length
    cloud.answer = () => 'stored'
    const second = startAgent()
    await cloud.hears((delivery) => idOf(delivery) === lost && cloud.deliveries.indexOf(delivery) >= before)
    await second.stop()
  })

  test('takes a frame at once when it is told to, and never twice for one command', async () => {
    const agent = startAgent()
    await cloud.hears((delivery) => delivery.what === 'frame' && delivery.value.header.clock === 'synchronised')
    const command = commandFor({ name: 'frame-now', camera: 'cam1' as CameraId }) // of the contract's pattern
    const steps = () => cloud.deliveries.flatMap(({ what, value }) => (what === 'progress' ? [value.step] : []))
    cloud.command(to, command)
    await cloud.hears(({ what, value }) => what === 'progress' && value.step === 'done')
    cloud.command(to, command)
    await cloud.hears(() => steps().length === 3)
    await agent.stop()
    expect(steps()).toEqual(['accepted', 'done', 'done'])
  })

  test('takes pictures more often when it is told to watch closely, says so in each, and goes back when told', async () => {
    const agent = startAgent()
    await cloud.hears((delivery) => delivery.what === 'frame' && delivery.value.header.clock === 'synchronised')
    const planned = (intervalS: number, after: number) => (delivery: Delivery) =>
      cloud.deliveries.indexOf(delivery) >= after && intervalOf(delivery) === intervalS
    cloud.command(to, commandFor({ name: 'watch-closely', minutes: 60 }))
    await cloud.hears(planned(4, 0))
    const after = cloud.deliveries.length
    cloud.command(to, commandFor({ name: 'watch-closely', minutes: 0 }))
    await cloud.hears(planned(10, after))
    await agent.stop()
  })

  test('knows that its clock is right once the cloud has answered, and not before', async () => {
    const agent = startAgent()
    await cloud.hears((delivery) => delivery.what === 'frame' && delivery.value.header.clock === 'synchronised')
    await cloud.hears(
      (delivery) =>
        delivery.what === 'telemetry' && delivery.value.samples.some(({ clockOffsetMs }) => clockOffsetMs !== null),
    )
    await agent.stop()
    expect(cloud.deliveries.find(({ what }) => what === 'presence')).toMatchObject({ value: { clock: 'unknown' } })
  })

  test('dates what it made in 1970 when it knows the time, seals it anew, and sends nothing undated but its state', async () => {
    cloud.answer = () => null
    const in1970: Time = { ...time, now: () => Math.round(time.monotonicMs()) }
    const agent = startAgent({ masks }, { clock: in1970 })
    await logged(({ msg, clock }) => msg === 'frame.captured' && clock === 'unknown')
    const beforeMs = time.now()
    await logged(() => captured().length >= 2)
    const [first] = captured()
    cloud.answer = () => 'stored'
    const delivery = await cloud.hears((one) => idOf(one) === first)
    await cloud.hears((one) => isFrame(one) && one.value.header.clock === 'synchronised')
    // What the cameras were doing before the time was known has its true date in the state that follows.
    await cloud.hears((one) => one.what === 'state' && Date.parse(one.value.cameras[0]?.since ?? '') > startedMs)
    await agent.stop()
    if (delivery.what !== 'frame') throw new Error('not a frame')
    expect(delivery.value.header).toMatchObject({ clock: 'estimated' })
    expect(delivery.value.header).not.toHaveProperty('machine')
    // The test's clock runs 20 times too fast, and so does the half of a round trip.
    expect(Math.abs(Date.parse(delivery.value.header.at) - beforeMs)).toBeLessThan(20_000 * PACE)
    const certificate = new X509Certificate(readFileSync(authority.unit(UNIT).certificateFile))
    expect(isSealIntact(delivery.value, certificate.publicKey)).toBe(true)
    const undated = cloud.deliveries.filter(({ what, value }) => {
      const envelope = what === 'frame' ? value.header : value
      return 'clock' in envelope && envelope.clock === 'unknown'
    })
    expect(new Set(undated.map(({ what }) => what))).toEqual(new Set(['presence', 'state']))
  })
})
