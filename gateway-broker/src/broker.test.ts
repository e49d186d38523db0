import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { connectParty, createTestAuthority, type Party, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import type { IClientOptions } from 'mqtt'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Broker, createBroker } from './broker.ts'

const units = [
  { site: 'col-d-allos', unit: 'vg-0001' },
  { site: 'seyne', unit: 'vg-0002' },
]
const topicOf = (unit: string, what: string) =>
  `vigie/1/${unit === 'vg-0001' ? 'col-d-allos' : 'seyne'}/${unit}/${what}`
const everyUnit = (what: string) => ['vigie', 1, '+', '+', what].join('/')

let authority: Awaited<ReturnType<typeof createTestAuthority>>
let broker: Broker
let log: Record<string, unknown>[]
const parties: Party[] = []

beforeAll(async () => {
  authority = await createTestAuthority(units)
})
afterAll(() => authority.remove())

beforeEach(async () => {
  log = []
  broker = await createBroker(
    { log: pino({ base: null }, { write: (line: string) => void log.push(JSON.parse(line)) }) },
    { host: '127.0.0.1', port: 0, ...material() },
  )
})
afterEach(async () => {
  for (const { client } of parties.splice(0)) client.end(true)
  await broker.stop()
})

const material = () => ({
  ca: readFileSync(authority.caFile, 'utf8'),
  certificate: readFileSync(authority.broker.certificateFile, 'utf8'),
  key: readFileSync(authority.broker.keyFile, 'utf8'),
})

async function connect(options: IClientOptions): Promise<Party> {
  const party = await connectParty(broker.port, options)
  parties.push(party)
  return party
}
const asUnit = (unit: string, options: IClientOptions = {}) =>
  connect({ ...tlsOf(authority, authority.unit(unit)), clientId: unit, ...options })
const asCloud = (options: IClientOptions = {}) =>
  connect({ ...tlsOf(authority, authority.cloud), clientId: 'cloud-1', ...options })
const rawTls = async (files = authority.unit('vg-0001')): Promise<TLSSocket> => {
  const socket = connectTls({ ...tlsOf(authority, files), port: broker.port, host: '127.0.0.1' })
  socket.on('error', () => undefined) // being cut off is what these tests look for
  await once(socket, 'secureConnect')
  return socket
}
const refusals = () => log.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))

const birth = (session: number) =>
  JSON.stringify({
    v: 1,
    id: '01JD0000000000000000000000',
    unit: 'vg-0001',
    boot: '01JD0000000000000000000001',
    seq: 0,
    at: '2026-01-01T00:00:00.000Z',
    mono: 1,
    clock: 'synchronised',
    online: true,
    session,
    certificate: '-',
    software: '1',
  })
const farewell = (session: number) =>
  JSON.stringify({
    v: 1,
    unit: 'vg-0001',
    boot: '01JD0000000000000000000001',
    online: false,
    session,
    reason: 'lost',
  })
const will = (session: number) => ({
  topic: topicOf('vg-0001', 'presence'),
  payload: Buffer.from(farewell(session)),
  qos: 1 as const,
  retain: true,
})

describe('what the fleet does', () => {
  test('a unit is heard by the cloud, and the cloud by that unit alone', async () => {
    const [one, two, cloud] = await Promise.all([asUnit('vg-0001'), asUnit('vg-0002'), asCloud()])
    expect(await cloud.subscribe([everyUnit('state')])).toEqual([0])
    expect(await one.subscribe(topicOf('vg-0001', 'receipt'))).toEqual([0])
    expect(await two.subscribe(topicOf('vg-0002', 'receipt'))).toEqual([0])

    await one.publish(topicOf('vg-0001', 'state'), 'from one')
    expect((await cloud.hears(() => true)).payload.toString()).toBe('from one')

    await cloud.publish(topicOf('vg-0001', 'receipt'), 'for one')
    await cloud.publish(topicOf('vg-0002', 'receipt'), 'for two')
    await two.hears(() => true)
    await one.hears(() => true)
    expect(one.heard.map(({ payload }) => String(payload))).toEqual(['for one'])
    expect(two.heard.map(({ payload }) => String(payload))).toEqual(['for two'])
  })

  test('a presence stays for the cloud that comes later, and the will replaces it when the unit is cut off', async () => {
    const unit = await asUnit('vg-0001', { will: will(3) })
    await unit.publish(topicOf('vg-0001', 'presence'), birth(3), { qos: 1, retain: true })
    const cloud = await asCloud()
    await cloud.subscribe(everyUnit('presence'), 1)
    expect(await cloud.hears(() => true)).toMatchObject({ retain: true, payload: Buffer.from(birth(3)) })

    await unit.cut()
    expect((await cloud.hears(({ payload }) => payload.includes('lost'))).payload.toString()).toBe(farewell(3))
  })

  test('says nothing of a unit that leaves properly', async () => {
    const cloud = await asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')])
    const unit = await asUnit('vg-0001', { will: will(1) })
    await unit.leave()
    await (await asUnit('vg-0001')).publish(topicOf('vg-0001', 'state'), 'after')
    await cloud.hears(({ payload }) => String(payload) === 'after')
    expect(cloud.heard).toHaveLength(1)
  })

  test('an older will never replaces a newer birth', async () => {
    const cloud = await asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')], 1)
    const unit = await asUnit('vg-0001', { will: will(4) })
    await unit.publish(topicOf('vg-0001', 'presence'), birth(5), { qos: 1, retain: true })
    await unit.cut()
    const next = await asUnit('vg-0001')
    await next.publish(topicOf('vg-0001', 'state'), 'after')
    await cloud.hears(({ payload }) => String(payload) === 'after')
    expect(cloud.heard.map(({ payload }) => String(payload))).toEqual([birth(5), 'after'])
    const late = await asCloud({ clientId: 'cloud-2' })
    await late.subscribe(everyUnit('presence'))
    expect((await late.hears(() => true)).payload.toString()).toBe(birth(5))
    expect(refusals()).toEqual(['presence-outdated'])
  })

  test("a unit's newer connection takes over from its older one, whose will comes first", async () => {
    const cloud = await asCloud()
    await cloud.subscribe(everyUnit('presence'), 1)
    const older = await asUnit('vg-0001', { will: will(1) })
    await older.publish(topicOf('vg-0001', 'presence'), birth(1), { qos: 1, retain: true })
    const newer = await asUnit('vg-0001', { will: will(2) })
    await newer.publish(topicOf('vg-0001', 'presence'), birth(2), { qos: 1, retain: true })
    await older.closed
    await cloud.hears(({ payload }) => String(payload) === birth(2))
    expect(cloud.heard.map(({ payload }) => String(payload))).toEqual([birth(1), farewell(1), birth(2)])
    expect(newer.client.connected).toBe(true)
  })

  test('the largest message of the contract passes whole', async () => {
    const [unit, cloud] = await Promise.all([asUnit('vg-0001'), asCloud()])
    await cloud.subscribe(`${everyUnit('frame')}/+/+`)
    const largest = Buffer.alloc(PAYLOAD_MAX_BYTES, 0xa5)
    await unit.publish(topicOf('vg-0001', 'frame/cam1/amont'), largest)
    expect((await cloud.hears(() => true)).payload.equals(largest)).toBe(true)
  })
})

describe('who gets in', () => {
  test('nobody without a certificate of the authority', async () => {
    const { ca } = tlsOf(authority, authority.cloud)
    await expect(connect({ ca, clientId: 'vg-0001' })).rejects.toThrow()
    const foreign = await createTestAuthority(units)
    await expect(connect({ ...tlsOf(foreign, foreign.unit('vg-0001')), ca, clientId: 'vg-0001' })).rejects.toThrow()
    foreign.remove()
    expect(broker.counters().refused).toMatchObject({ 'tls-failed': 2 })
  })

  test("not the broker's own certificate, which is a server's", async () => {
    await expect(connect({ ...tlsOf(authority, authority.broker), clientId: 'localhost' })).rejects.toThrow()
  })

  test('nobody under the name of another, who stays connected', async () => {
    const victim = await asUnit('vg-0002')
    const cloud = await asCloud()
    for (const clientId of ['vg-0002', 'cloud-1', 'vg-0001x', '', 'constructor', '__proto__']) {
      await expect(connect({ ...tlsOf(authority, authority.unit('vg-0001')), clientId })).rejects.toThrow()
    }
    await expect(asCloud({ clientId: 'vg-0002' })).rejects.toThrow()
    expect(refusals()).toEqual(Array(7).fill('client-id-not-own'))
    expect(victim.client.connected && cloud.client.connected).toBe(true)
  })

  test('nobody who asks for a session that is kept, a will elsewhere, or never to be missed', async () => {
    await expect(asUnit('vg-0001', { clean: false })).rejects.toThrow()
    await expect(asUnit('vg-0001', { keepalive: 0 })).rejects.toThrow()
    await expect(asUnit('vg-0001', { keepalive: 3600 })).rejects.toThrow()
    await expect(asUnit('vg-0001', { will: { ...will(1), topic: topicOf('vg-0002', 'presence') } })).rejects.toThrow()
    await expect(asUnit('vg-0001', { will: { ...will(1), topic: topicOf('vg-0001', 'state') } })).rejects.toThrow()
    await expect(asCloud({ will: will(1) })).rejects.toThrow()
    await expect(asUnit('vg-0001', { protocolId: 'MQIsdp', protocolVersion: 3 })).rejects.toThrow()
    await expect(asUnit('vg-0001', { protocolVersion: 5 })).rejects.toThrow()
    expect(refusals()).toEqual([
      'session-not-clean',
      'keepalive-not-allowed',
      'keepalive-not-allowed',
      'will-not-own-presence',
      'will-not-own-presence',
      'will-not-own-presence',
      'protocol-not-3.1.1',
    ])
  })

  test('not more connections of one unit than it needs', async () => {
    const sockets = await Promise.all([rawTls(), rawTls(), rawTls(), rawTls()])
    const fifth = await rawTls()
    await once(fifth, 'close')
    expect(refusals()).toEqual(['party-has-too-many'])
    await asUnit('vg-0002')
    for (const socket of sockets) socket.destroy()
  })
})

describe('a hostile unit with a valid certificate', () => {
  let cloud: Party
  let victim: Party

  beforeEach(async () => {
    cloud = await asCloud()
    await cloud.subscribe(['state', 'presence', 'telemetry'].map(everyUnit))
    victim = await asUnit('vg-0002')
    await victim.subscribe([topicOf('vg-0002', 'receipt'), topicOf('vg-0002', 'command')])
  })

  /** That neither the cloud nor the victim heard anything but what they say to each other now. */
  async function expectUnharmed() {
    cloud.heard.length = 0
    await victim.publish(topicOf('vg-0002', 'state'), 'still here')
    await cloud.hears(({ payload }) => String(payload) === 'still here')
    await cloud.publish(topicOf('vg-0002', 'receipt'), 'received')
    await victim.hears(({ payload }) => String(payload) === 'received')
    expect(victim.heard.map(({ payload }) => String(payload))).toEqual(['received'])
    expect(cloud.heard.map(({ payload }) => String(payload))).toEqual(['still here'])
  }

  test.each([
    ["another unit's state", topicOf('vg-0002', 'state')],
    ["another unit's presence", topicOf('vg-0002', 'presence')],
    ['a receipt for another unit', topicOf('vg-0002', 'receipt')],
    ['a receipt for itself', topicOf('vg-0001', 'receipt')],
    ['a command for another unit', topicOf('vg-0002', 'command')],
    ['its own unit under another site', 'vigie/1/seyne/vg-0001/state'],
    ['a shared topic', '$share/group/vigie/1/seyne/vg-0002/state'],
    ["the broker's own topics", '$SYS/broker/heartbeat'],
    ['a topic outside the grammar', 'anything'],
    ['a topic of two hundred levels', '/'.repeat(200)],
  ])('cannot publish %s, and is cut off', async (_, topic) => {
    const hostile = await asUnit('vg-0001')
    await hostile.publish(topic, 'evil').catch(() => undefined)
    await hostile.closed
    await expectUnharmed()
    expect(broker.counters().refused['topic-not-allowed'] ?? 0).toBe(topic.startsWith('//') ? 0 : 1)
  })

  test.each([
    '#',
    '+/+/+/+/#',
    everyUnit('state'),
    everyUnit('receipt'),
    'vigie/1/+/vg-0001/receipt',
    topicOf('vg-0002', 'receipt'),
    topicOf('vg-0002', '#'),
    topicOf('vg-0001', '#'),
    topicOf('vg-0001', '+'),
    topicOf('vg-0001', 'state'),
    '$share/group/vigie/1/seyne/vg-0002/receipt',
    '$SYS/#',
    '$SYS/+/new/clients',
  ])('cannot subscribe with %s, and hears nothing', async (filter) => {
    const hostile = await asUnit('vg-0001')
    expect(await hostile.subscribe([filter, topicOf('vg-0001', 'receipt')])).toEqual([128, 0])
    await expectUnharmed()
    await cloud.publish(topicOf('vg-0001', 'receipt'), 'its own')
    await hostile.hears(() => true)
    expect(hostile.heard.map(({ payload }) => String(payload))).toEqual(['its own'])
    expect(refusals()).toEqual(['filter-not-allowed'])
  })

  test.each([
    ['a retained state', 'state', 'x', { retain: true }, 'retain-not-allowed'],
    ['a state at QoS 2', 'state', 'x', { qos: 2 as const }, 'qos-not-allowed'],
    [
      'a retained presence of 100 kB',
      'presence',
      'x'.repeat(100_000),
      { qos: 1 as const, retain: true },
      'retained-too-long',
    ],
    ['an oversized frame', 'frame/cam1/amont', 'x'.repeat(PAYLOAD_MAX_BYTES + 200), {}, 'packet-too-long'],
  ])('cannot publish %s on its own topics', async (_, what, payload, options, reason) => {
    const hostile = await asUnit('vg-0001')
    await hostile.publish(topicOf('vg-0001', what), payload, options).catch(() => undefined)
    await hostile.closed
    await expectUnharmed()
    expect(refusals()).toEqual([reason])
    const late = await asCloud({ clientId: 'cloud-2' })
    await late.subscribe([everyUnit('presence'), everyUnit('state')])
    await victim.publish(topicOf('vg-0002', 'state'), 'last')
    await late.hears(({ payload: text }) => String(text) === 'last')
    expect(late.heard).toHaveLength(1)
  })

  test('cannot make the broker gather a packet that is only announced to be long', async () => {
    const socket = await rawTls()
    socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))
    await once(socket, 'close')
    await expectUnharmed()
    expect(refusals()).toEqual(['packet-too-long'])
  })

  test('cannot speak before it has said who it is', async () => {
    const socket = await rawTls()
    socket.write(Buffer.from([0x30, 0x04, 0x00, 0x01, 0x61, 0x62]))
    await once(socket, 'close')
    await expectUnharmed()
    expect(refusals()).toEqual(['packet-not-expected'])
  })

  test('that stops reading keeps nothing from the others', async () => {
    const hostile = await asUnit('vg-0001', { keepalive: 600 })
    await hostile.subscribe(topicOf('vg-0001', 'receipt'))
    hostile.client.stream.pause()
    hostile.client.stream.removeAllListeners('readable')
    const long = 'x'.repeat(10_000)
    const started = performance.now()
    for (let count = 0; count < 2_000; count++) await cloud.publish(topicOf('vg-0001', 'receipt'), long)
    await expectUnharmed()
    expect(performance.now() - started).toBeLessThan(60_000)
    expect(broker.counters().dropped).toBeGreaterThan(0)
  })
})

test('a stop frees the port and ends every connection', async () => {
  const unit = await asUnit('vg-0001')
  await rawTls(authority.unit('vg-0002'))
  await broker.stop()
  await unit.closed
  expect(broker.counters().connections).toBe(0)
  broker = await createBroker(
    { log: pino({ enabled: false }) },
    { host: '127.0.0.1', port: broker.port, ...material() },
  )
})

test('says which port is taken', async () => {
  const again = createBroker({ log: pino({ enabled: false }) }, { host: '127.0.0.1', port: broker.port, ...material() })
  await expect(again).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringContaining(String(broker.port)),
  })
})
