import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { cloudSubscriptions, parseTopic } from '@vigie/contract/topics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerProcess, startVigieBroker } from '../conformance/broker-processes.ts'
import { connectPacket, packet, publishPacket, subscribePacket } from '../conformance/mqtt-packets.ts'
import { connectParty, createTestAuthority, type Party, tlsOf } from '../conformance/mqtt-party.ts'
import { birth } from '../conformance/presence-messages.ts'
import { clientHello } from '../fixtures/client-hello.ts'
import { readProcess } from '../fleet/process-table.ts'
import { between, FUZZ_RUNS, fuzz, pick, randomBytes } from './fuzz.ts'
import { mutateBytes } from './mutate-bytes.ts'

/** Enough that none of them comes more often than a unit may; the broker's own limits are in force. */
const HOSTILE_UNITS = FUZZ_RUNS > 1_000 ? 120 : 8
/** What is not answered within this was taken as the beginning of something longer. */
const ANSWERED_WITHIN_MS = 30
/** Buffers, caches and the heap's own slack, of which a broker that was just started has not had its share. */
const GROWTH_MAX_BYTES = 80_000_000

const SITE = 'col-d-allos'
const VICTIM = 'vg-victim'
const hostileUnit = (number: number) => `vg-${String(number + 1).padStart(4, '0')}`
const topicOf = (unit: string, what: string) => ['vigie', 1, SITE, unit, what].join('/')

let authority: Awaited<ReturnType<typeof createTestAuthority>>
let broker: BrokerProcess
let victim: Party
let cloud: Party
beforeAll(async () => {
  const units = [VICTIM, ...Array.from({ length: HOSTILE_UNITS }, (_, number) => hostileUnit(number))]
  authority = await createTestAuthority(units.map((unit) => ({ unit, site: SITE })))
  broker = await startVigieBroker(authority)
  cloud = await connectParty(broker.port, { ...tlsOf(authority, authority.cloud), clientId: 'cloud' })
  await cloud.subscribe(cloudSubscriptions(), 1)
  victim = await connectParty(broker.port, { ...tlsOf(authority, authority.unit(VICTIM)), clientId: VICTIM })
})
afterAll(async () => {
  await broker.stop()
  authority.remove()
})

test('no bytes, from a stranger or from a unit, stop the broker, fill it or reach another', async () => {
  const hello = await clientHello()
  let cutOff = 0
  let afterWarmUp = 0
  await fuzz(async (random, run) => {
    const isStranger = random() < 0.2
    const isCut = isStranger ? await asStranger(random, hello) : await asUnit(random)
    if (isCut) cutOff += 1
    if (run % 10 === 0) {
      await victim.publish(topicOf(VICTIM, 'state'), `${run}`)
      await cloud.hears(({ topic, payload }) => topic === topicOf(VICTIM, 'state') && String(payload) === `${run}`)
      // Each is heard once; what was heard is not kept, for the sake of this process's own memory.
      for (const { topic } of cloud.heard.splice(0)) expect(parseTopic(topic).ok).toBe(true)
    }
    if (run === Math.floor(FUZZ_RUNS / 4)) afterWarmUp = memoryBytes()
  })
  const grown = memoryBytes() - afterWarmUp
  expect(victim.client.connected && cloud.client.connected).toBe(true)
  expect(await broker.stop()).toBe(0)
  const { refused, failed } = JSON.parse(broker.said.at(-1) ?? '{}')
  console.log(`${cutOff} cut off, ${(grown / 1e6).toFixed(1)} MB grown`, { refused, failed })
  const counted = [...Object.values<number>(refused), ...Object.values<number>(failed)]
  expect(counted.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(cutOff)
  expect(grown).toBeLessThan(GROWTH_MAX_BYTES)
})

/** A TLS hello made wrong, or mere noise, from an address of its own. True when the broker closed the connection. */
async function asStranger(random: () => number, hello: Buffer): Promise<boolean> {
  const localAddress = `127.0.2.${between(random, 1, 250)}`
  const socket = connectTcp({ port: broker.port, host: '127.0.0.1', localAddress })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return sayAndLeave(socket, random() < 0.7 ? mutateBytes(hello, random) : randomBytes(random, 300), random)
}

/** A session of a unit with some of its packets made wrong. True when the broker closed the connection. */
async function asUnit(random: () => number): Promise<boolean> {
  const number = between(random, 0, HOSTILE_UNITS - 1)
  const unit = hostileUnit(number)
  const place = { port: broker.port, host: '127.0.0.1', localAddress: `127.0.1.${number + 1}` }
  const socket = connectTls({ ...tlsOf(authority, authority.unit(unit)), ...place })
  socket.on('error', () => undefined)
  await Promise.race([new Promise((resolve) => socket.once('secureConnect', resolve)), closing(socket)])
  const isWrong = () => random() < 0.3
  const packets = [
    connectPacket(unit),
    ...Array.from({ length: between(random, 1, 8) }, () => soundPacket(unit, random)),
  ]
  const said = packets.map((sound) => (isWrong() ? wrongPacket(sound, random) : sound))
  return sayAndLeave(socket, Buffer.concat(said), random)
}

function soundPacket(unit: string, random: () => number): Buffer {
  const topic = topicOf(unit, pick(random, ['state', 'telemetry', 'frame/cam1/amont', 'unchanged', 'progress']))
  return pick(random, [
    () => publishPacket(topic, 'x'.repeat(between(random, 0, 2_000)), { qos: between(random, 0, 1) }),
    () => publishPacket(topicOf(unit, 'presence'), birth(1), { qos: 1, retain: true }),
    () => publishPacket(pick(random, [topicOf(VICTIM, 'state'), '$SYS/x', '$share/a/b', 'a/+/#', '']), 'evil'),
    () => subscribePacket([topicOf(unit, 'receipt'), topicOf(unit, 'desired/+')]),
    () => subscribePacket([pick(random, ['#', '$share/g/#', topicOf(VICTIM, 'receipt'), '/'.repeat(300), ''])]),
    () => packet(0xa2, Buffer.concat([Buffer.from([0, 3, 0, 1]), Buffer.from('a')])), // UNSUBSCRIBE
    () => packet(0xc0, Buffer.alloc(0)), // PINGREQ
    () => packet(pick(random, [0x40, 0x50, 0x62, 0x70]), randomBytes(random, 2)), // acknowledgements of nothing
  ])()
}

/** Wrong in its bytes; or sound in length and wrong inside, so that it reaches what is behind the packet watch. */
function wrongPacket(sound: Buffer, random: () => number): Buffer {
  if (random() < 0.3) return mutateBytes(sound, random)
  const type = random() < 0.7 ? (sound[0] ?? 0) : between(random, 0, 255)
  return packet(type, mutateBytes(sound.subarray(2), random))
}

async function sayAndLeave(socket: Socket, bytes: Buffer, random: () => number): Promise<boolean> {
  const closed = closing(socket)
  socket.resume()
  const half = between(random, 0, bytes.length)
  socket.write(bytes.subarray(0, half))
  await pause(0)
  socket.write(bytes.subarray(half))
  const isCut = await Promise.race([closed.then(() => true), pause(ANSWERED_WITHIN_MS, false)])
  if (!isCut) {
    socket.end()
    await Promise.race([closed, pause(5_000)])
    socket.destroy()
  }
  return isCut
}

/** Unlike `once` it takes no error for an answer: to be cut off is what many of them come for. */
const closing = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })

function memoryBytes(): number {
  const usage = readProcess(broker.pid)
  if (usage === undefined) throw new Error('the broker is gone')
  return usage.rssBytes
}
