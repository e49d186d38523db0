import { once } from 'node:events'
import { createSecureContext } from 'node:tls'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { connectPacket, packet, publishPacket } from '@vigie/tests/conformance/mqtt-packets'
import { type Party, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import {
  createSmallFleet,
  everyUnit,
  type SmallFleet,
  saying,
  textOf,
  topicOf,
} from '@vigie/tests/conformance/small-fleet'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ATTEMPTS_OF_AN_ADDRESS } from './limits.ts'

/** Each is a whole handshake at both ends. */
const CONNECTS = process.env['VIGIE_SOAK'] === '1' ? 10_000 : 300

let fleet: SmallFleet

beforeAll(async () => {
  fleet = await createSmallFleet()
})
beforeEach(() => fleet.restart())
afterAll(() => fleet.remove())

describe('a hostile unit with a valid certificate', () => {
  let cloud: Party
  let victim: Party

  beforeEach(async () => {
    cloud = await fleet.asCloud()
    await cloud.subscribe(['state', 'presence', 'telemetry'].map(everyUnit))
    victim = await fleet.asUnit('vg-0002')
    await victim.subscribe([topicOf('vg-0002', 'receipt'), topicOf('vg-0002', 'command')])
  })

  /** That neither the cloud nor the victim heard anything but what they say to each other now. */
  async function expectUnharmed() {
    cloud.heard.length = 0
    victim.heard.length = 0
    await victim.publish(topicOf('vg-0002', 'state'), 'still here')
    await cloud.hears(saying('still here'))
    await cloud.publish(topicOf('vg-0002', 'receipt'), 'received')
    await victim.hears(saying('received'))
    expect(victim.heard.map(textOf)).toEqual(['received'])
    expect(cloud.heard.map(textOf)).toEqual(['still here'])
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
    const hostile = await fleet.asUnit('vg-0001')
    await hostile.publish(topic, 'evil').catch(() => undefined)
    await hostile.closed
    await expectUnharmed()
    expect(fleet.broker().counters().refused['topic-not-allowed'] ?? 0).toBe(topic.startsWith('//') ? 0 : 1)
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
    const hostile = await fleet.asUnit('vg-0001')
    expect(await hostile.subscribe([filter, topicOf('vg-0001', 'receipt')])).toEqual([128, 0])
    await expectUnharmed()
    await cloud.publish(topicOf('vg-0001', 'receipt'), 'its own')
    await hostile.hears(() => true)
    expect(hostile.heard.map(textOf)).toEqual(['its own'])
    expect(fleet.refusals()).toEqual(['filter-not-allowed'])
  })

  test.each(['$share/group/vigie/1/+/+/state', '$queue/vigie/1/+/+/state', '$SYS/#', '#', everyUnit('receipt')])(
    'leaves the cloud no wider: %s is refused to it too',
    async (filter) => {
      expect(await cloud.subscribe([filter, everyUnit('state')])).toEqual([128, 0])
      expect(fleet.refusals()).toEqual(['filter-not-allowed'])
    },
  )

  test.each([
    ['a retained state', 'state', 'x', { retain: true }, 'retain-not-allowed'],
    ['a presence that is kept at QoS 0', 'presence', 'x', { retain: true }, 'retain-needs-qos-1'],
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
    const hostile = await fleet.asUnit('vg-0001')
    await hostile.publish(topicOf('vg-0001', what), payload, options).catch(() => undefined)
    await hostile.closed
    await expectUnharmed()
    expect(fleet.refusals()).toEqual([reason])
    const late = await fleet.asCloud('cloud-2')
    await late.subscribe([everyUnit('presence'), everyUnit('state')])
    await victim.publish(topicOf('vg-0002', 'state'), 'last')
    await late.hears(({ payload: text }) => String(text) === 'last')
    expect(late.heard).toHaveLength(1)
  })

  test('cannot make the broker gather a packet that is only announced to be long', async () => {
    const socket = await fleet.rawTls()
    socket.write(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]))
    await once(socket, 'close')
    await expectUnharmed()
    expect(fleet.refusals()).toEqual(['packet-too-long'])
  })

  test('cannot speak before it has said who it is', async () => {
    const socket = await fleet.rawTls()
    socket.write(Buffer.from([0x30, 0x04, 0x00, 0x01, 0x61, 0x62]))
    await once(socket, 'close')
    await expectUnharmed()
    expect(fleet.refusals()).toEqual(['packet-not-expected'])
  })

  test.each([
    ['CONNECT a second time', connectPacket('vg-0001')],
    ["CONNECT with another unit's id on its open connection", connectPacket('vg-0002')],
    ['a topic with a wildcard', publishPacket(topicOf('vg-0001', '+'), 'x')],
    ['an empty topic', publishPacket('', 'x')],
    ['a topic that is no UTF-8', packet(0x30, Buffer.from([0, 2, 0xc3, 0x28, 1]))],
    ['a topic longer than its packet', packet(0x30, Buffer.from([0xff, 0xff, 1]))],
    ['QoS 3', packet(0x36, Buffer.from([0, 1, 0x61, 0, 1]))],
    ['a SUBSCRIBE without a filter', packet(0x82, Buffer.from([0, 2]))],
    ['a SUBSCRIBE with a reserved bit', packet(0x80, Buffer.from([0, 2, 0, 1, 0x61, 0]))],
    ['a packet of type 0', packet(0x00, Buffer.alloc(0))],
    ['a packet of type 15', packet(0xf0, Buffer.alloc(0))],
    ['a CONNACK, which only a server says', packet(0x20, Buffer.from([0, 0]))],
    ['a length of five bytes', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ])('that sends %s is cut off, and is the only one', async (_, bytes) => {
    const socket = await fleet.rawTls()
    socket.write(connectPacket('vg-0001'))
    await once(socket, 'data')
    const closed = once(socket, 'close')
    socket.resume().write(bytes)
    await closed
    await expectUnharmed()
  })

  test(`that connects ${CONNECTS} times shuts itself out, and nobody else`, { timeout: 600_000 }, async () => {
    const before = process.memoryUsage().rss
    // Made anew for each, it would be what takes the memory: 50 kB that nobody frees before the next collection.
    const secureContext = createSecureContext(tlsOf(fleet.authority, fleet.authority.unit('vg-0001')))
    for (let count = 0; count < CONNECTS; count += 1) {
      // Past what its address may try, it is closed before TLS.
      const socket = await fleet.rawTls(undefined, { secureContext }).catch(() => null)
      socket?.resume().write(connectPacket('vg-0001'))
      socket?.destroy()
      if (count % 100 === 0) await expectUnharmed()
    }
    await expectUnharmed()
    const { refused } = fleet.broker().counters()
    expect(refused['party-too-fast']).toBeGreaterThan(0)
    if (CONNECTS > ATTEMPTS_OF_AN_ADDRESS.burst * 2) expect(refused['address-too-fast']).toBeGreaterThan(0)
    // Both ends of every connection were in this process.
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6)
  })

  test("with the victim's id takes nothing over, and leaves no will on its topics", async () => {
    const files = tlsOf(fleet.authority, fleet.authority.unit('vg-0001'))
    const topic = topicOf('vg-0002', 'presence')
    const will = { topic, payload: Buffer.from('gone'), qos: 1 as const, retain: true }
    await expect(fleet.connect({ ...files, clientId: 'vg-0002' })).rejects.toThrow()
    await expect(fleet.connect({ ...files, clientId: 'vg-0001', will })).rejects.toThrow()
    expect(fleet.refusals()).toEqual(['client-id-not-own', 'will-not-own-presence'])
    await expectUnharmed()
    expect(victim.client.connected).toBe(true)
  })

  test('that stops reading keeps nothing from the others', async () => {
    const hostile = await fleet.asUnit('vg-0001', { keepalive: 600 })
    await hostile.subscribe(topicOf('vg-0001', 'receipt'))
    hostile.stopReading()
    const long = 'x'.repeat(10_000)
    for (let count = 0; count < 2_000; count++) await cloud.publish(topicOf('vg-0001', 'receipt'), long)
    await expectUnharmed()
    expect(fleet.broker().counters().dropped).toBeGreaterThan(0)
  })
})
