import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import type { State } from '@vigie/contract/state'
import { buildTopic } from '@vigie/contract/topics'
import { type Broker, createBroker } from '@vigie/gateway-broker/broker'
import { connectParty, createTestAuthority, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { connectSmallCloud } from '@vigie/tests/fakes/cloud/small-cloud'
import { knownTime } from '@vigie/tests/fakes/time'
import { pino } from 'pino'
import { monotonicFactory } from 'ulid'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { faultCodeOf } from '../faults.ts'
import { sealProcessedFrame } from '../frame/seal-frame.ts'
import { classRules } from '../outbox/class-rules.ts'
import { type Outbox, openOutbox } from '../outbox/outbox.ts'
import { createStamp } from '../stamp.ts'
import type { BrokerAddress } from './broker-connection.ts'
import { createDoorbell } from './doorbell.ts'
import { createPresence } from './presence.ts'
import { runUplink } from './uplink.ts'

const site = 'col-d-allos' as SiteId // of the contract's pattern
const unit = 'vg-0001' as UnitId // likewise
const view = { site, camera: 'cam1' as CameraId, preset: 'amont' as PresetId } // likewise
const key = {
  id: '0123456789abcdef' as KeyId, // likewise
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}
const newId = monotonicFactory() as () => ItemId
const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
}

type Authority = Awaited<ReturnType<typeof createTestAuthority>>
let authority: Authority
let stranger: Authority
let broker: Broker
/** Below those that anybody is given who asks for a free one. */
const CLOSED_PORT = 1
beforeAll(async () => {
  authority = await createTestAuthority([{ site, unit }])
  stranger = await createTestAuthority([{ site, unit }])
  broker = await createBroker(
    { log: pino({ level: 'silent' }) },
    {
      ...{ host: '127.0.0.1', port: 0, ca: readFileSync(authority.caFile, 'utf8') },
      certificate: readFileSync(authority.broker.certificateFile, 'utf8'),
      key: readFileSync(authority.broker.keyFile, 'utf8'),
    },
  )
})
afterAll(async () => {
  await broker.stop()
  authority.remove()
  stranger.remove()
})

let folder: string
let outbox: Outbox
const doorbell = createDoorbell(time)
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-uplink-'))
  const rules = classRules({ frameMaxBytes: 1e9 })
  outbox = (await openOutbox({ folder, rules }, { time, announce: doorbell.ring, tell() {} })).outbox
})
afterEach(async () => {
  await outbox.close()
  rmSync(folder, { recursive: true })
})

const url = (port: number) => `mqtts://127.0.0.1:${port}`
function credentials(trusted: Authority, own: Authority) {
  const { certificateFile, keyFile } = own.unit(unit)
  const text = (file: string) => readFileSync(file, 'utf8')
  return { ca: text(trusted.caFile), certificate: text(certificateFile), key: text(keyFile) }
}

/** Runs an uplink until so many connections were lost; gives why, and how long it waited after each. */
async function losses(address: { url: string; tls: ReturnType<typeof credentials> | null }, count: number) {
  const stop = new AbortController()
  const lost: Array<{ fault: string | null; retryInMs: number }> = []
  await start(address, stop.signal, {
    onLost(error, retryInMs) {
      lost.push({ fault: faultCodeOf(error), retryInMs })
      if (lost.length === count) stop.abort()
    },
  })
  return lost
}

type Events = Partial<Pick<Parameters<typeof runUplink>[1], 'onLost' | 'onOpen' | 'time'>>
function start(address: BrokerAddress, signal: AbortSignal, events: Events = {}): Promise<void> {
  const { boot, stamp } = newStamp()
  const presence = createPresence({ site, unit, boot, certificate: () => '-', software: 'test' }, stamp)
  const none = () => undefined
  return runUplink(
    () => address,
    {
      ...{ outbox, doorbell, presence, random: () => 0.999 },
      // Waits are told, not kept: these tests look at how long they would be.
      time: { ...time, wait: async (_ms, caller) => caller.throwIfAborted() },
      ...{ onSent: none, onSettled: none, onOpen: none, onLost: none },
      ...{ mayLeave: () => true, finish: (_item, payload) => payload, onCarried: none },
      ...events,
    },
    signal,
  )
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port // it listens on TCP
}

describe('an uplink without a broker', () => {
  test('waits longer after each failure, up to two minutes', async () => {
    const lost = await losses({ url: url(CLOSED_PORT), tls: credentials(authority, authority) }, 10)
    expect(new Set(lost.map(({ fault }) => fault))).toEqual(new Set(['broker-unreachable']))
    const waits = lost.map(({ retryInMs }) => Math.round(retryInMs / 1000))
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 120, 120, 120])
  })

  test('says of each kind of failure what it is', async () => {
    const closing = createServer((socket) => socket.destroy())
    const port = await listening(closing)
    const faultOf = async (address: Parameters<typeof losses>[0]) => (await losses(address, 1))[0]?.fault
    expect(await faultOf({ url: `mqtt://127.0.0.1:${port}`, tls: null })).toBe('broker-silent')
    expect(await faultOf({ url: url(broker.port), tls: credentials(stranger, authority) })).toBe('broker-untrusted')
    expect(await faultOf({ url: url(broker.port), tls: credentials(authority, stranger) })).toBe('broker-refused')
    closing.close()
  })

  test('can be stopped while a broker that says nothing keeps it waiting', async () => {
    const silent = createServer(() => undefined)
    const port = await listening(silent)
    const stop = new AbortController()
    const connected = new Promise((resolve) => silent.once('connection', resolve))
    const running = start({ url: `mqtt://127.0.0.1:${port}`, tls: null }, stop.signal)
    await connected
    stop.abort()
    await running
    silent.close()
  })
})

describe('an uplink with a broker', () => {
  test('counts failures anew after a connection that brought a receipt', async () => {
    const cloud = await connectSmallCloud(broker.port, { ...tlsOf(authority, authority.cloud), now: time.now })
    const address = { url: url(CLOSED_PORT), tls: credentials(authority, authority) }
    const stop = new AbortController()
    const waits: number[] = []
    await keepState()
    const running = start(address, stop.signal, {
      onLost(_error, retryInMs) {
        waits.push(Math.round(retryInMs / 1000))
        address.url = url(waits.length === 3 ? broker.port : CLOSED_PORT)
        if (waits.length === 5) stop.abort()
      },
    })
    await cloud.hears(({ what }) => what === 'state')
    while (outbox.backlog().state.items > 0) await setTimeout(5)
    // A second connection of the same unit: the broker closes the first.
    const second = await connectParty(broker.port, { ...tlsOf(authority, authority.unit(unit)), clientId: unit })
    await running
    await second.leave()
    await cloud.leave()
    expect(waits).toEqual([1, 2, 4, 1, 2])
  })

  test('lets a state pass a long backlog of frames', async () => {
    const cloud = await connectSmallCloud(broker.port, { ...tlsOf(authority, authority.cloud), now: time.now })
    const backlog = 40
    for (let index = 0; index < backlog; index++) await keepFrame()
    const stop = new AbortController()
    const address = { url: url(broker.port), tls: credentials(authority, authority) }
    const running = start(address, stop.signal, { time })
    await cloud.hears(({ what }) => what === 'frame')
    await keepState()
    await cloud.hears(({ what }) => what === 'state')
    const before = cloud.deliveries.findIndex(({ what }) => what === 'state')
    expect(cloud.deliveries.slice(0, before).filter(({ what }) => what === 'frame').length).toBeLessThan(backlog / 2)
    while (outbox.backlog().frame.items > 0) await setTimeout(5)
    stop.abort()
    await running
    await cloud.leave()
  })
})

const newStamp = () => {
  const boot = newId() as string as BootId // a ULID, as ids of boots are
  return { boot, stamp: createStamp({ unit, boot }, { time: knownTime(time), newId }) }
}

async function keepState(): Promise<void> {
  const body: State = { ...newStamp().stamp.next('state'), kind: 'state', cameras: [] }
  const payload = Buffer.from(JSON.stringify(body))
  await outbox.keep({ id: body.id, class: 'state', topic: buildTopic({ site, unit, what: 'state' }), payload })
}

async function keepFrame(): Promise<void> {
  const envelope = newStamp().stamp.next('frame')
  const frame = { jpeg: Buffer.alloc(100_000), widthPx: 10, heightPx: 10, maskVersion: 1 }
  const payload = sealProcessedFrame(frame, { envelope, view, key })
  await outbox.keep({ id: envelope.id, class: 'frame', topic: buildTopic({ ...view, unit, what: 'frame' }), payload })
}
