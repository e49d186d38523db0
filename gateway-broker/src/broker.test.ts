import { once } from 'node:events'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { connectPacket, publishPacket } from '@vigie/tests/conformance/mqtt-packets'
import { createTestAuthority, tlsOf } from '@vigie/tests/conformance/mqtt-party'
import { birth, farewell, will } from '@vigie/tests/conformance/presence-messages'
import {
  createSmallFleet,
  everyUnit,
  type SmallFleet,
  saying,
  textOf,
  topicOf,
} from '@vigie/tests/conformance/small-fleet'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let fleet: SmallFleet

beforeAll(async () => {
  fleet = await createSmallFleet()
})
beforeEach(() => fleet.restart())
afterAll(() => fleet.remove())

describe('what the fleet does', () => {
  test('a unit is heard by the cloud, and the cloud by that unit alone', async () => {
    const [one, two, cloud] = await Promise.all([fleet.asUnit('vg-0001'), fleet.asUnit('vg-0002'), fleet.asCloud()])
    expect(await cloud.subscribe([everyUnit('state')])).toEqual([0])
    expect(await one.subscribe(topicOf('vg-0001', 'receipt'))).toEqual([0])
    expect(await two.subscribe(topicOf('vg-0002', 'receipt'))).toEqual([0])

    await one.publish(topicOf('vg-0001', 'state'), 'from one')
    expect((await cloud.hears(() => true)).payload.toString()).toBe('from one')

    await cloud.publish(topicOf('vg-0001', 'receipt'), 'for one')
    await cloud.publish(topicOf('vg-0002', 'receipt'), 'for two')
    await two.hears(() => true)
    await one.hears(() => true)
    expect(one.heard.map(textOf)).toEqual(['for one'])
    expect(two.heard.map(textOf)).toEqual(['for two'])
  })

  test('a presence stays for the cloud that comes later, and the will replaces it when the unit is cut off', async () => {
    const unit = await fleet.asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(3)) })
    await unit.publish(topicOf('vg-0001', 'presence'), birth(3), { qos: 1, retain: true })
    const cloud = await fleet.asCloud()
    await cloud.subscribe(everyUnit('presence'), 1)
    expect(await cloud.hears(() => true)).toMatchObject({ retain: true, payload: Buffer.from(birth(3)) })

    await unit.cut()
    expect((await cloud.hears(({ payload }) => payload.includes('lost'))).payload.toString()).toBe(farewell(3))
  })

  test('says nothing of a unit that leaves properly', async () => {
    const cloud = await fleet.asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')])
    const unit = await fleet.asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(1)) })
    await unit.leave()
    await (await fleet.asUnit('vg-0001')).publish(topicOf('vg-0001', 'state'), 'after')
    await cloud.hears(saying('after'))
    expect(cloud.heard).toHaveLength(1)
  })

  test('an older will never replaces a newer birth', async () => {
    const cloud = await fleet.asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')], 1)
    const unit = await fleet.asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(4)) })
    await unit.publish(topicOf('vg-0001', 'presence'), birth(5), { qos: 1, retain: true })
    await unit.cut()
    const next = await fleet.asUnit('vg-0001')
    await next.publish(topicOf('vg-0001', 'state'), 'after')
    await cloud.hears(saying('after'))
    expect(cloud.heard.map(textOf)).toEqual([birth(5), 'after'])
    const late = await fleet.asCloud('cloud-2')
    await late.subscribe(everyUnit('presence'))
    expect((await late.hears(() => true)).payload.toString()).toBe(birth(5))
    expect(fleet.refusals()).toEqual(['presence-outdated'])
  })

  test("a unit's newer connection takes over from its older one, whose will comes first", async () => {
    const cloud = await fleet.asCloud()
    await cloud.subscribe(everyUnit('presence'), 1)
    const older = await fleet.asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(1)) })
    await older.publish(topicOf('vg-0001', 'presence'), birth(1), { qos: 1, retain: true })
    const newer = await fleet.asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(2)) })
    await newer.publish(topicOf('vg-0001', 'presence'), birth(2), { qos: 1, retain: true })
    await older.closed
    await cloud.hears(saying(birth(2)))
    expect(cloud.heard.map(textOf)).toEqual([birth(1), farewell(1), birth(2)])
    expect(newer.client.connected).toBe(true)
  })

  test('a unit that comes back may say all at once, before it is answered', async () => {
    const cloud = await fleet.asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')], 1)
    const socket = await fleet.rawTls()
    const presence = publishPacket(topicOf('vg-0001', 'presence'), birth(1), { qos: 1, retain: true })
    const states = Array<Buffer>(200).fill(publishPacket(topicOf('vg-0001', 'state'), 'x'))
    socket.write(Buffer.concat([connectPacket('vg-0001'), presence, ...states]))
    await cloud.hears(saying(birth(1)))
    await cloud.hears(() => cloud.heard.length === 201)
    socket.destroy()
  })

  test('the largest message of the contract passes whole', async () => {
    const [unit, cloud] = await Promise.all([fleet.asUnit('vg-0001'), fleet.asCloud()])
    await cloud.subscribe(`${everyUnit('frame')}/+/+`)
    const largest = Buffer.alloc(PAYLOAD_MAX_BYTES, 0xa5)
    await unit.publish(topicOf('vg-0001', 'frame/cam1/amont'), largest)
    expect((await cloud.hears(() => true)).payload.equals(largest)).toBe(true)
  })
})

describe('what is kept', () => {
  test('is one presence of a unit, its last, however many it says', async () => {
    const unit = await fleet.asUnit('vg-0001')
    for (let session = 1; session <= 50; session++) {
      await unit.publish(topicOf('vg-0001', 'presence'), birth(session), { qos: 1, retain: true })
    }
    const late = await fleet.asCloud()
    await late.subscribe([everyUnit('presence'), everyUnit('state')])
    await unit.publish(topicOf('vg-0001', 'state'), 'after')
    await late.hears(saying('after'))
    expect(late.heard.map(textOf)).toEqual([birth(50), 'after'])
  })

  test('is gone with the broker, until the unit is back and says it again', async () => {
    const unit = await fleet.asUnit('vg-0001')
    await unit.publish(topicOf('vg-0001', 'presence'), birth(1), { qos: 1, retain: true })
    await fleet.restart()
    const cloud = await fleet.asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')], 1)
    await (await fleet.asUnit('vg-0002')).publish(topicOf('vg-0002', 'state'), 'first')
    await cloud.hears(saying('first'))
    expect(cloud.heard).toHaveLength(1)
    const back = await fleet.asUnit('vg-0001')
    await back.publish(topicOf('vg-0001', 'presence'), birth(2), { qos: 1, retain: true })
    await cloud.hears(saying(birth(2)))
  })
})

describe('a last will', () => {
  test.each([
    ['at QoS 2', { qos: 2 as const }, 'qos-not-allowed'],
    ['kept at QoS 0', { qos: 0 as const }, 'retain-needs-qos-1'],
  ])('%s is never said', async (_, wish, reason) => {
    const cloud = await fleet.asCloud()
    await cloud.subscribe([everyUnit('presence'), everyUnit('state')], 1)
    const asked = { ...will(topicOf('vg-0001', 'presence'), farewell(1)), ...wish }
    const unit = await fleet.asUnit('vg-0001', { will: asked })
    await unit.cut()
    await (await fleet.asUnit('vg-0001')).publish(topicOf('vg-0001', 'state'), 'after')
    await cloud.hears(saying('after'))
    expect(cloud.heard.map(textOf)).toEqual(['after'])
    expect(fleet.refusals()).toEqual([reason])
  })

  test('longer than a farewell ever is costs the connection', async () => {
    const asked = will(topicOf('vg-0001', 'presence'), 'x'.repeat(9_000))
    await expect(fleet.asUnit('vg-0001', { will: asked })).rejects.toThrow()
    expect(fleet.refusals()).toEqual(['packet-too-long'])
  })
})

describe('who gets in', () => {
  test('nobody without a certificate of the authority', async () => {
    const { ca } = tlsOf(fleet.authority, fleet.authority.cloud)
    await expect(fleet.connect({ ca, clientId: 'vg-0001' })).rejects.toThrow()
    const foreign = await createTestAuthority([{ site: 'col-d-allos', unit: 'vg-0001' }])
    await expect(
      fleet.connect({ ...tlsOf(foreign, foreign.unit('vg-0001')), ca, clientId: 'vg-0001' }),
    ).rejects.toThrow()
    foreign.remove()
    expect(fleet.broker().counters().refused).toMatchObject({ 'tls-failed': 2 })
  })

  test("not the broker's own certificate, which is a server's", async () => {
    await expect(
      fleet.connect({ ...tlsOf(fleet.authority, fleet.authority.broker), clientId: 'localhost' }),
    ).rejects.toThrow()
  })

  test('nobody under the name of another, who stays connected', async () => {
    const victim = await fleet.asUnit('vg-0002')
    const cloud = await fleet.asCloud()
    for (const clientId of ['vg-0002', 'cloud-1', 'vg-0001x', '', 'constructor', '__proto__']) {
      await expect(
        fleet.connect({ ...tlsOf(fleet.authority, fleet.authority.unit('vg-0001')), clientId }),
      ).rejects.toThrow()
    }
    await expect(fleet.asCloud('vg-0002')).rejects.toThrow()
    expect(fleet.refusals()).toEqual(Array(7).fill('client-id-not-own'))
    expect(victim.client.connected && cloud.client.connected).toBe(true)
  })

  test.each([
    ['keeps its session', false],
    ['does not', true],
  ])('nobody without a name who %s: refused by the answer that MQTT has for it', async (_, clean) => {
    const socket = await fleet.rawTls()
    socket.write(connectPacket('', { clean }))
    const [answer] = await once(socket, 'data')
    expect([...answer]).toEqual([0x20, 2, 0, 2]) // CONNACK, identifier rejected
    await once(socket, 'close')
    expect(fleet.refusals()).toEqual(['client-id-not-own'])
  })

  test('a unit that resumes its TLS session as itself, and as nobody else', async () => {
    const first = await fleet.rawTls()
    const ticket = new Promise<Buffer>((resolve) => first.once('session', resolve))
    first.write(connectPacket('vg-0001'))
    const session = await ticket
    first.destroy()
    for (const [clientId, code] of [
      ['vg-0001', 0],
      ['vg-0002', 2],
    ] as const) {
      const again = await fleet.rawTls(undefined, { session })
      expect(again.isSessionReused()).toBe(true)
      again.write(connectPacket(clientId))
      const [answer] = await once(again, 'data')
      expect([...answer]).toEqual([0x20, 2, 0, code])
      again.destroy()
    }
  })

  test('nobody who asks for a session that is kept, a will elsewhere, or never to be missed', async () => {
    await expect(fleet.asUnit('vg-0001', { clean: false })).rejects.toThrow()
    await expect(fleet.asUnit('vg-0001', { keepalive: 0 })).rejects.toThrow()
    await expect(fleet.asUnit('vg-0001', { keepalive: 3600 })).rejects.toThrow()
    await expect(fleet.asUnit('vg-0001', { will: will(topicOf('vg-0002', 'presence'), farewell(1)) })).rejects.toThrow()
    await expect(fleet.asUnit('vg-0001', { will: will(topicOf('vg-0001', 'state'), farewell(1)) })).rejects.toThrow()
    await expect(
      fleet.asCloud('cloud-1', { will: will(topicOf('vg-0001', 'presence'), farewell(1)) }),
    ).rejects.toThrow()
    await expect(fleet.asUnit('vg-0001', { protocolId: 'MQIsdp', protocolVersion: 3 })).rejects.toThrow()
    await expect(fleet.asUnit('vg-0001', { protocolVersion: 5 })).rejects.toThrow()
    expect(fleet.refusals()).toEqual([
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
    const sockets = await Promise.all([fleet.rawTls(), fleet.rawTls(), fleet.rawTls(), fleet.rawTls()])
    const fifth = await fleet.rawTls()
    await once(fifth, 'close')
    expect(fleet.refusals()).toEqual(['party-has-too-many'])
    await fleet.asUnit('vg-0002')
    for (const socket of sockets) socket.destroy()
  })
})

test('a stop ends every connection and frees the port', async () => {
  const unit = await fleet.asUnit('vg-0001')
  await fleet.rawTls(fleet.authority.unit('vg-0002'))
  const { port, counters } = fleet.broker()
  await fleet.restart({ port })
  await unit.closed
  expect(counters().connections).toBe(0)
})

test('says which port is taken', async () => {
  const { port } = fleet.broker()
  const again = fleet.start({ port })
  await expect(again).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining(String(port)) })
})
