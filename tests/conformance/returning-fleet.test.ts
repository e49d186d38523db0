import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { cloudSubscriptions } from '@vigie/contract/topics'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BrokerProcess, startVigieBroker } from './broker-processes.ts'
import { connectPacket, publishPacket, subscribePacket } from './mqtt-packets.ts'
import { connectParty, createTestAuthority, type Party, tlsOf } from './mqtt-party.ts'
import { birth } from './presence-messages.ts'

/** The fleet today, and ten times that: what the broker's limits are made for. */
const FLEETS = [41, 410]
/** What a unit has to say when it was away for an hour. */
const RECORDS = 64

const unitOf = (number: number) => `vg-${String(number).padStart(4, '0')}`
const topicOf = (unit: string, what: string) => ['vigie', 1, 'col-d-allos', unit, what].join('/')

let authority: Awaited<ReturnType<typeof createTestAuthority>>
let broker: BrokerProcess
beforeAll(async () => {
  const units = Array.from({ length: Math.max(...FLEETS) }, (_, index) => ({
    unit: unitOf(index + 1),
    site: 'col-d-allos',
  }))
  authority = await createTestAuthority(units)
})
afterAll(() => authority.remove())

describe.each(FLEETS)('%i units that return at once', (count) => {
  let cloud: Party
  beforeAll(async () => {
    broker = await startVigieBroker(authority)
    cloud = await connectParty(broker.port, { ...tlsOf(authority, authority.cloud), clientId: 'cloud' })
    await cloud.subscribe(cloudSubscriptions(), 1)
  })
  afterAll(async () => {
    await cloud.leave()
    await broker.stop()
  })

  test(`are all let in, each with its birth, its ${RECORDS} records and its receipt, and nothing is refused`, async () => {
    const startedAt = performance.now()
    const units = await Promise.all(Array.from({ length: count }, (_, index) => comeBack(unitOf(index + 1))))
    await cloud.hears(() => cloud.heard.length === count * (RECORDS + 1))
    const tookS = (performance.now() - startedAt) / 1000
    console.log(`${count} units were heard whole ${tookS.toFixed(1)} s after they came`)
    for (const { unit } of units) await cloud.publish(topicOf(unit, 'receipt'), `for ${unit}`)
    await Promise.all(units.map(({ receipt }) => receipt))

    const said = new Set(cloud.heard.map(({ topic, payload }) => `${topic} ${payload}`))
    expect(said.size).toBe(count * (RECORDS + 1))
    for (const { socket } of units) socket.destroy()
    await broker.stop()
    const last = JSON.parse(broker.said.at(-1) ?? '{}')
    expect(last).toMatchObject({ event: 'broker.stopped', refused: {}, dropped: 0, slowed: 0 })
  })

  /** As an agent does that does not wait for the answer to CONNECT: everything in one piece. */
  async function comeBack(unit: string) {
    const socket = connectTls({
      ...tlsOf(authority, authority.unit(unit)),
      port: broker.port,
      host: '127.0.0.1',
    })
    socket.write(
      Buffer.concat([
        connectPacket(unit),
        subscribePacket([topicOf(unit, 'receipt'), topicOf(unit, 'command'), topicOf(unit, 'desired/+')]),
        publishPacket(topicOf(unit, 'presence'), birth(1), { qos: 1, retain: true }),
        ...Array.from({ length: RECORDS }, (_, number) => publishPacket(topicOf(unit, 'state'), `state ${number}`)),
      ]),
    )
    await once(socket, 'secureConnect')
    let heard = ''
    const receipt = new Promise<void>((resolve, reject) => {
      socket.on('data', (chunk) => {
        heard += chunk
        if (heard.includes(`for ${unit}`)) resolve()
      })
      socket.on('close', () => reject(new Error(`${unit} was cut off`)))
    })
    receipt.catch(() => undefined)
    return { unit, socket, receipt }
  }
})
