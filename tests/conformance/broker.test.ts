import { randomBytes } from 'node:crypto'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { cloudSubscriptions, mosquittoAccessFile, unitSubscriptions } from '@vigie/contract/topics'
import type { IClientOptions } from 'mqtt'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type BrokerProcess,
  runVigieBroker,
  type StartBroker,
  startMosquitto,
  startVigieBroker,
} from './broker-processes.ts'
import { connectParty, createTestAuthority, type Party, tlsOf } from './mqtt-party.ts'
import { birth, farewell, will } from './presence-messages.ts'
import { textOf as text } from './small-fleet.ts'

/**
 * Where two brokers keep the same promise in different ways, or where one promises more. The promises themselves are the
 * tests below; a third broker is a third line here.
 */
type Ways = {
  start: StartBroker
  /** Publishing to another unit's topic. Never delivered. */
  forbiddenPublish: 'cut off' | 'swallowed'
  /** What SUBACK says to a filter that is not one's own. Nothing is ever delivered for it. */
  forbiddenFilter: 0 | 128
  /** Coming under another unit's client id, which must not throw that unit out. */
  foreignClientId: 'refused' | 'replaced by its own'
  /** A last will on another unit's topic. Never published. */
  foreignWill: 'refused' | 'swallowed'
  /** A unit that claims another site: where it passes, the cloud makes it a dead letter (`unit-not-at-site`). */
  foreignSite: 'refused' | 'passes'
  /** A retained message where none may be: where it passes, the cloud stores its id once and ignores what is old. */
  retainedState: 'refused' | 'passes'
  /** A will of an older session than the birth: where it passes, the cloud ignores it by its session number. */
  olderWill: 'dropped' | 'passes'
  /** More than the largest message. Never delivered. */
  tooLong: 'cut off' | 'swallowed'
}

const BROKERS: Record<string, Ways> = {
  'gateway-broker': {
    start: startVigieBroker,
    forbiddenPublish: 'cut off',
    forbiddenFilter: 128,
    foreignClientId: 'refused',
    foreignWill: 'refused',
    foreignSite: 'refused',
    retainedState: 'refused',
    olderWill: 'dropped',
    tooLong: 'cut off',
  },
  'Mosquitto 2': {
    start: startMosquitto,
    forbiddenPublish: 'swallowed',
    forbiddenFilter: 0,
    foreignClientId: 'replaced by its own',
    foreignWill: 'swallowed',
    foreignSite: 'passes',
    retainedState: 'passes',
    olderWill: 'passes',
    tooLong: 'swallowed',
  },
}

const SITE: Record<string, string> = { 'vg-0001': 'col-d-allos', 'vg-0002': 'seyne' }
const topicOf = (unit: string, what: string) => `vigie/1/${SITE[unit]}/${unit}/${what}`

let authority: Awaited<ReturnType<typeof createTestAuthority>>
beforeAll(async () => {
  authority = await createTestAuthority(Object.entries(SITE).map(([unit, site]) => ({ unit, site })))
})
afterAll(() => authority.remove())

describe.each(Object.entries(BROKERS))('%s', (_name, ways) => {
  let broker: BrokerProcess
  const parties: Party[] = []

  beforeAll(async () => {
    broker = await ways.start(authority)
  })
  afterAll(async () => {
    expect(await broker.stop()).toBe(0)
  })
  afterEach(async () => {
    await Promise.all(parties.splice(0).map((party) => party.leave()))
  })

  async function connect(options: IClientOptions): Promise<Party> {
    const party = await connectParty(broker.port, options)
    parties.push(party)
    return party
  }
  const asUnit = (unit: string, options: IClientOptions = {}) =>
    connect({ ...tlsOf(authority, authority.unit(unit)), clientId: unit, ...options })
  const asCloud = async () => {
    const cloud = await connect({ ...tlsOf(authority, authority.cloud), clientId: 'cloud' })
    expect(await cloud.subscribe(cloudSubscriptions(), 1)).not.toContain(128)
    return cloud
  }
  /** Says something on the victim's behalf and waits until the cloud has heard it: whatever came before is there by then. */
  const marker = async (party: Party, unit: string, cloud: Party) => {
    await party.publish(topicOf(unit, 'progress'), 'marker', { qos: 1 })
    await cloud.hears((message) => text(message) === 'marker')
    return cloud.heard.filter((message) => text(message) !== 'marker')
  }

  test('brings everything a unit says to the cloud, unchanged', async () => {
    const cloud = await asCloud()
    const unit = await asUnit('vg-0001')
    for (const what of ['state', 'telemetry', 'presence', 'progress', 'frame/cam1/amont']) {
      await unit.publish(topicOf('vg-0001', what), what)
    }
    await cloud.hears((message) => text(message) === 'frame/cam1/amont')
    expect(cloud.heard.map(({ topic }) => topic)).toEqual(
      cloud.heard.map((message) => topicOf('vg-0001', text(message))),
    )
    expect(cloud.heard).toHaveLength(5)
  })

  test('brings receipts, commands and documents to their unit and to no other', async () => {
    const cloud = await asCloud()
    const [one, two] = [await asUnit('vg-0001'), await asUnit('vg-0002')]
    // A document is asked for by name, once its set has named it.
    const said = (unit: string) => [...filters(unit), topicOf(unit, 'desired/masks')]
    expect(await one.subscribe(said('vg-0001'), 1)).not.toContain(128)
    expect(await two.subscribe(said('vg-0002'), 1)).not.toContain(128)
    for (const unit of ['vg-0001', 'vg-0002']) {
      for (const what of ['receipt', 'command', 'desired/masks'])
        await cloud.publish(topicOf(unit, what), unit, { qos: 1 })
    }
    await Promise.all([
      one.hears(({ topic }) => topic.endsWith('masks')),
      two.hears(({ topic }) => topic.endsWith('masks')),
    ])
    expect(one.heard.map(text)).toEqual(Array(3).fill('vg-0001'))
    expect(two.heard.map(text)).toEqual(Array(3).fill('vg-0002'))
  })

  test('keeps the presence for a cloud that comes later, and says the will when a socket is killed', async () => {
    const unit = await asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(2)) })
    await unit.publish(topicOf('vg-0001', 'presence'), birth(2), { qos: 1, retain: true })
    const cloud = await asCloud()
    expect(await cloud.hears(({ topic }) => topic.endsWith('vg-0001/presence'))).toMatchObject({ retain: true })
    await unit.cut()
    await cloud.hears((message) => text(message) === farewell(2))
  })

  test('carries frames of 250 kB and of the largest size, byte for byte', async () => {
    const cloud = await asCloud()
    const unit = await asUnit('vg-0001')
    for (const bytes of [250_000, PAYLOAD_MAX_BYTES]) {
      const frame = randomBytes(bytes)
      await unit.publish(topicOf('vg-0001', 'frame/cam1/amont'), frame)
      const heard = await cloud.hears(({ payload }) => payload.byteLength === bytes)
      expect(heard.payload.equals(frame)).toBe(true)
    }
  })

  test(`never carries more than the largest size (${ways.tooLong})`, async () => {
    const cloud = await asCloud()
    const [unit, victim] = [await asUnit('vg-0001'), await asUnit('vg-0002')]
    const tooLong = unit.publish(topicOf('vg-0001', 'frame/cam1/amont'), randomBytes(PAYLOAD_MAX_BYTES + 200), {
      qos: 1,
    })
    await expectWay(ways.tooLong, unit, tooLong)
    expect(fresh(await marker(victim, 'vg-0002', cloud))).toEqual([])
  })

  test('lets nobody in without a certificate of the authority', async () => {
    await expect(connect({ ca: tlsOf(authority, authority.cloud).ca, clientId: 'vg-0001' })).rejects.toThrow()
  })

  test.each(['state', 'presence', 'receipt', 'command', 'frame/cam1/amont'])(
    `never carries a %s that a unit publishes for another (${ways.forbiddenPublish})`,
    async (what) => {
      const cloud = await asCloud()
      const [hostile, victim] = [await asUnit('vg-0001'), await asUnit('vg-0002')]
      await victim.subscribe([...filters('vg-0002')])
      victim.heard.length = 0
      await expectWay(
        ways.forbiddenPublish,
        hostile,
        hostile.publish(topicOf('vg-0002', what), 'evil', { qos: 1, retain: true }),
      )
      expect(fresh(await marker(victim, 'vg-0002', cloud))).toEqual([])
      await cloud.publish(topicOf('vg-0002', 'command'), 'marker')
      await victim.hears((message) => text(message) === 'marker')
      expect(victim.heard.map(text).filter((heard) => heard === 'evil')).toEqual([])
    },
  )

  test.each(['#', 'vigie/1/+/+/receipt', topicOf('vg-0002', 'receipt'), topicOf('vg-0002', '#'), '$SYS/#'])(
    `lets a unit hear nothing of another through %s (answered ${ways.forbiddenFilter})`,
    async (filter) => {
      const cloud = await asCloud()
      const [hostile, victim] = [await asUnit('vg-0001'), await asUnit('vg-0002')]
      expect(await hostile.subscribe([filter, topicOf('vg-0001', 'receipt')])).toEqual([ways.forbiddenFilter, 0])
      await victim.publish(topicOf('vg-0002', 'state'), 'private')
      await cloud.hears((message) => text(message) === 'private')
      await cloud.publish(topicOf('vg-0002', 'receipt'), 'private')
      await cloud.publish(topicOf('vg-0001', 'receipt'), 'own')
      await hostile.hears((message) => text(message) === 'own')
      expect(hostile.heard.map(({ topic }) => topic).filter((topic) => !topic.includes('/vg-0001/'))).toEqual([])
    },
  )

  test(`lets no unit throw out another by its client id (${ways.foreignClientId})`, async () => {
    const cloud = await asCloud()
    const victim = await asUnit('vg-0002')
    const attempt = asUnit('vg-0001', { clientId: 'vg-0002' })
    if (ways.foreignClientId === 'refused') await expect(attempt).rejects.toThrow()
    else await attempt
    await marker(victim, 'vg-0002', cloud)
    expect(victim.client.connected && cloud.client.connected).toBe(true)
  })

  test(`never says a will that stands on another's topic (${ways.foreignWill})`, async () => {
    const cloud = await asCloud()
    const victim = await asUnit('vg-0002')
    const attempt = asUnit('vg-0001', { will: will(topicOf('vg-0002', 'presence'), 'evil') })
    if (ways.foreignWill === 'refused') await expect(attempt).rejects.toThrow()
    else await (await attempt).cut()
    await asUnit('vg-0001') // has taken its place when this resolves, so the will was judged
    expect(fresh(await marker(victim, 'vg-0002', cloud))).toEqual([])
  })

  test(`a unit that claims another site: ${ways.foreignSite}`, async () => {
    const cloud = await asCloud()
    const [hostile, victim] = [await asUnit('vg-0001'), await asUnit('vg-0002')]
    await hostile.publish('vigie/1/seyne/vg-0001/state', 'elsewhere', { qos: 1 }).catch(() => undefined)
    const heard = fresh(await marker(victim, 'vg-0002', cloud))
    expect(heard.map(text)).toEqual(ways.foreignSite === 'passes' ? ['elsewhere'] : [])
  })

  test(`a retained state: ${ways.retainedState}`, async () => {
    const unit = await asUnit('vg-0001')
    await unit.publish(topicOf('vg-0001', 'state'), 'old', { qos: 1, retain: true }).catch(() => undefined)
    const cloud = await asCloud()
    const heard = await marker(await asUnit('vg-0002'), 'vg-0002', cloud)
    expect(heard.some((message) => text(message) === 'old')).toBe(ways.retainedState === 'passes')
  })

  test(`a will of an older session than the birth: ${ways.olderWill}`, async () => {
    const cloud = await asCloud()
    const unit = await asUnit('vg-0001', { will: will(topicOf('vg-0001', 'presence'), farewell(8)) })
    await unit.publish(topicOf('vg-0001', 'presence'), birth(9), { qos: 1, retain: true })
    await unit.cut()
    await marker(await asUnit('vg-0001'), 'vg-0001', cloud)
    expect(cloud.heard.some((message) => text(message) === farewell(8))).toBe(ways.olderWill === 'passes')
  })

  test('killed at any moment, it comes back on its port and the unit says again who it is', async () => {
    const before = await asUnit('vg-0001')
    await broker.kill()
    await before.closed
    broker = await ways.start(authority, broker.port)
    const unit = await asUnit('vg-0001')
    await unit.publish(topicOf('vg-0001', 'presence'), birth(10), { qos: 1, retain: true })
    const cloud = await asCloud()
    expect((await cloud.hears(() => true)).payload.toString()).toBe(birth(10))
  })
})

describe('the process of gateway-broker', () => {
  test('says every setting that must be corrected and exits with 78', () => {
    const { status, stderr } = runVigieBroker([], { LISTEN_PORT: 'eighty', KEY_FILE: '/nowhere' })
    expect(status).toBe(78)
    expect(stderr).toMatch(/LISTEN_PORT/)
    expect(stderr).toMatch(/CA_FILE.*is missing/)
    expect(stderr).not.toMatch(/eighty|nowhere|at .*\.js/)
    expect(runVigieBroker(['--verbose'], {}).status).toBe(78)
  })

  test('says which port is taken and exits with 1', async () => {
    const first = await startVigieBroker(authority)
    const { status, stderr } = runVigieBroker([], {
      LISTEN_PORT: String(first.port),
      CA_FILE: authority.caFile,
      CERTIFICATE_FILE: authority.broker.certificateFile,
      KEY_FILE: authority.broker.keyFile,
    })
    expect(await first.stop()).toBe(0)
    expect(status).toBe(1)
    expect(stderr).toMatch(new RegExp(`127.0.0.1:${first.port}: another process listens`))
  })

  test('prints its settings, and the access file for Mosquitto', () => {
    expect(runVigieBroker(['--help'], {}).stdout).toMatch(/LISTEN_PORT.*8883/)
    expect(runVigieBroker(['--print-mosquitto-acl'], {}).stdout).toBe(mosquittoAccessFile())
  })
})

/** Retained messages of earlier tests come to each new subscriber; what is said now is not marked so. */
const fresh = <Message extends { retain: boolean }>(heard: Message[]) => heard.filter(({ retain }) => !retain)

/** Published at QoS 1, so that it was judged when this resolves: swallowed, it is acknowledged all the same. */
async function expectWay(way: 'cut off' | 'swallowed', party: Party, published: Promise<void>): Promise<void> {
  if (way === 'swallowed') return await published
  await published.catch(() => undefined)
  await party.closed
}

function filters(unit: string): string[] {
  return unitSubscriptions({ site: SITE[unit], unit } as Parameters<typeof unitSubscriptions>[0]) // ids written above
}
