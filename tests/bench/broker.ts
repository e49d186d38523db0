import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { publishPacket } from '../conformance/mqtt-packets.ts'
import { birth } from '../conformance/presence-messages.ts'
import { clientHello } from '../fixtures/client-hello.ts'
import { BROKERS, type MeasuredBroker, usageOf, watchMemory } from './measure/brokers.ts'
import { megabytes, printReport, type Row } from './measure/figures.ts'
import { openMqttSocket } from './measure/mqtt-socket.ts'

/*
 * What our broker does with a subscriber that stops reading, with peers that nobody knows yet, with a packet that is too
 * long, with a fleet's daily work and with a fleet that returns at once; against Mosquitto and against aedes without our
 * rules. Each measurement has a broker process that was just started.
 */
const SITE = 'col-d-allos'
const FLEETS = [41, 410]
const SENDERS = 8
const PEERS = 400
/** Longer than aedes waits for a subscriber (60 s). */
const FROZEN_AT_MOST_S = 75

const unitOf = (number: number) => `vg-${String(number + 1).padStart(4, '0')}`
const topicOf = (unit: string, what: string) => ['vigie', 1, SITE, unit, what].join('/')
const every = (what: string) => ['vigie', 1, '+', '+', what].join('/')

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
const units = Array.from({ length: Math.max(...FLEETS) }, (_, number) => ({ site: SITE, unit: unitOf(number) }))
const authority = await createDevelopmentAuthority({ folder, units }, { now: Date.now })

const asUnit = (port: number, unit: string, filter?: string) =>
  openMqttSocket(authority, authority.unit(unit), { port, clientId: unit, ...(filter && { filter }) })
const asCloud = (port: number, clientId: string, filter: string) =>
  openMqttSocket(authority, authority.cloud, { port, clientId, filter })

/** By the name with which one of them is asked for. */
const MEASUREMENTS: Readonly<
  Record<string, { title: string; measure: (broker: MeasuredBroker) => Promise<Row['figures']> }>
> = {
  'frozen-cloud': {
    title: 'a subscriber stops reading; a unit sends 200 frames of 120 kB to it and to another',
    measure: frozenCloud,
  },
  'frozen-unit': {
    title: 'a unit stops reading its receipts (20 MB of them); another unit gets 200 of 10 kB',
    measure: frozenUnit,
  },
  unknown: { title: `${PEERS} peers that nobody knows: what each holds`, measure: unknownPeers },
  oversized: { title: 'a packet that is announced with 256 MB; at most 60 MB are sent', measure: oversizedPacket },
  throughput: { title: `${SENDERS} units, one cloud: what passes`, measure: throughput },
  ...Object.fromEntries(
    FLEETS.map((count) => [
      `returning-${count}`,
      {
        title: `${count} units connect, subscribe and say their birth at once`,
        measure: (broker: MeasuredBroker) => returning(broker, count),
      },
    ]),
  ),
}

const asked = process.argv.slice(2)
try {
  for (const [name, { title, measure }] of Object.entries(MEASUREMENTS)) {
    if (asked.length === 0 || asked.includes(name)) await report(title, measure)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function report(title: string, measure: (broker: MeasuredBroker) => Promise<Row['figures']>): Promise<void> {
  const rows: Row[] = []
  for (const [label, start] of Object.entries(BROKERS)) {
    const broker = await start(authority)
    try {
      rows.push({ label, figures: await measure(broker) })
    } finally {
      await broker.stop()
    }
  }
  printReport(`broker: ${title}`, rows)
}

async function frozenCloud(broker: MeasuredBroker): Promise<Row['figures']> {
  const frames = 200
  const frame = publishPacket(topicOf(unitOf(0), 'frame/cam1/amont'), 'x'.repeat(120_000))
  const frozen = await asCloud(broker.port, 'cloud-1', `${every('frame')}/+/+`)
  const reading = await asCloud(broker.port, 'cloud-2', `${every('frame')}/+/+`)
  const unit = await asUnit(broker.port, unitOf(0))
  frozen.socket.pause()
  const already = reading.heardBytes()
  const most = watchMemory(broker)
  const startedAt = performance.now()
  for (let count = 0; count < frames; count += 1) unit.socket.write(frame)
  await within(FROZEN_AT_MOST_S, reading.hears(already + frames * frame.length))
  const figures = {
    'frames the other got': Math.floor((reading.heardBytes() - already) / frame.length),
    'after s': secondsSince(startedAt),
    'most memory': megabytes(most()),
  }
  for (const { socket } of [frozen, reading, unit]) socket.destroy()
  return figures
}

async function frozenUnit(broker: MeasuredBroker): Promise<Row['figures']> {
  const receipts = 200
  const receiptFor = (unit: string) => publishPacket(topicOf(unit, 'receipt'), 'x'.repeat(10_000))
  const frozen = await asUnit(broker.port, unitOf(0), topicOf(unitOf(0), 'receipt'))
  const reading = await asUnit(broker.port, unitOf(1), topicOf(unitOf(1), 'receipt'))
  const cloud = await asCloud(broker.port, 'cloud-1', every('state'))
  frozen.socket.pause()
  const already = reading.heardBytes()
  const most = watchMemory(broker)
  const startedAt = performance.now()
  for (let count = 0; count < 2_000; count += 1) cloud.socket.write(receiptFor(unitOf(0)))
  for (let count = 0; count < receipts; count += 1) cloud.socket.write(receiptFor(unitOf(1)))
  await within(FROZEN_AT_MOST_S, reading.hears(already + receipts * receiptFor(unitOf(1)).length))
  const figures = {
    'receipts the other got': Math.floor((reading.heardBytes() - already) / receiptFor(unitOf(1)).length),
    'after s': secondsSince(startedAt),
    'most memory': megabytes(most()),
  }
  for (const { socket } of [frozen, reading, cloud]) socket.destroy()
  return figures
}

async function unknownPeers(broker: MeasuredBroker): Promise<Row['figures']> {
  const hello = await clientHello()
  const figures: Row['figures'] = {}
  let address = 10
  const measure = async (label: string, says: Buffer) => {
    // What the first connections cost once and for all is not theirs.
    for (let count = 0; count < 20; count += 1) (await asUnit(broker.port, unitOf(count))).socket.destroy()
    await pause(500)
    const before = usageOf(broker).rssBytes
    const most = watchMemory(broker)
    const from = `127.0.0.${address++}` // from one address so many would be too many
    const sockets: Socket[] = []
    for (let count = 0; count < PEERS; count += 1) sockets.push(await stranger(broker.port, from, says))
    await pause(1_000)
    figures[label] = `${(Math.max(0, most() - before) / PEERS / 1e3).toFixed(0)} kB`
    for (const socket of sockets) socket.destroy()
  }
  await measure('silent', Buffer.alloc(0))
  await measure('half a hello', hello.subarray(0, hello.length / 2))
  await measure('a hello, and no more', hello)
  await measure('hello of 131 kB announced', helloOf(131_000, 100))
  await measure('hello of 131 kB, but its end', helloOf(131_000, 120_000))
  return figures
}

/** The start of a TLS hello that is announced with one length and sent with another, in records as TLS wants them. */
function helloOf(announced: number, sent: number): Buffer {
  const message = Buffer.alloc(4 + sent, 3)
  message[0] = 1
  message.writeUIntBE(announced, 1, 3)
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += 16_384) {
    const part = message.subarray(at, at + 16_384)
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part)
  }
  return Buffer.concat(records)
}

async function stranger(port: number, localAddress: string, says: Buffer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  socket.on('error', () => undefined) // being cut off is what it may expect
  await once(socket, 'connect')
  socket.write(says)
  return socket
}

async function oversizedPacket(broker: MeasuredBroker): Promise<Row['figures']> {
  const piece = Buffer.alloc(1_000_000)
  const { socket } = await asUnit(broker.port, unitOf(0))
  await pause(500)
  const before = usageOf(broker).rssBytes
  const most = watchMemory(broker)
  const cut = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let taken = 0
  socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])) // PUBLISH, 268,435,455 bytes
  await pause(100)
  while (taken < 60 && !socket.closed) {
    await Promise.race([cut, new Promise<void>((resolve) => socket.write(piece, () => resolve()))])
    if (!socket.closed) taken += 1
  }
  await pause(200)
  const figures = {
    'MB taken': taken,
    'cut off': socket.closed ? 'yes' : 'no',
    'memory more': megabytes(Math.max(0, most() - before)),
  }
  socket.destroy()
  return figures
}

async function throughput(broker: MeasuredBroker): Promise<Row['figures']> {
  const cloud = await asCloud(broker.port, 'cloud-1', `${every('frame')}/+/+`)
  const states = await asCloud(broker.port, 'cloud-2', every('state'))
  const senders = await Promise.all(Array.from({ length: SENDERS }, (_, number) => asUnit(broker.port, unitOf(number))))
  const idleBytes = usageOf(broker).rssBytes
  const pass = async (what: string, payload: string, count: number, heardBy: typeof cloud) => {
    const already = heardBy.heardBytes()
    const cpuBefore = usageOf(broker).cpuS
    const startedAt = performance.now()
    const sizes = senders.map(({ socket }, number) => {
      const message = publishPacket(topicOf(unitOf(number), what), payload)
      for (let sent = 0; sent < count / SENDERS; sent += 1) socket.write(message)
      return message.length * (count / SENDERS)
    })
    await heardBy.hears(already + sizes.reduce((sum, bytes) => sum + bytes, 0))
    return { rate: count / secondsSince(startedAt), cpuMs: ((usageOf(broker).cpuS - cpuBefore) / count) * 1e3 }
  }
  const most = watchMemory(broker)
  const frames = await pass('frame/cam1/amont', 'x'.repeat(120_000), 1_000, cloud)
  const small = await pass('state', 'x'.repeat(100), 24_000, states)
  for (const { socket } of [cloud, states, ...senders]) socket.destroy()
  return {
    'frames/s (120 kB)': frames.rate,
    'cpu ms each': frames.cpuMs,
    'messages/s (100 B)': small.rate,
    'cpu ms of a hundred': small.cpuMs * 100,
    'idle memory': megabytes(idleBytes),
    'most memory': megabytes(most()),
  }
}

async function returning(broker: MeasuredBroker, count: number): Promise<Row['figures']> {
  const cloud = await asCloud(broker.port, 'cloud-1', every('presence'))
  const already = cloud.heardBytes()
  const cpuBefore = usageOf(broker).cpuS
  const most = watchMemory(broker)
  const startedAt = performance.now()
  let births = 0
  const arrived = await Promise.allSettled(
    Array.from({ length: count }, async (_, number) => {
      const unit = unitOf(number)
      const one = await asUnit(broker.port, unit, topicOf(unit, 'receipt'))
      const message = publishPacket(topicOf(unit, 'presence'), birth(1))
      births += message.length
      one.socket.write(message)
      return one
    }),
  )
  const inside = arrived.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  await within(30, cloud.hears(already + births))
  const figures = {
    'let in': inside.length,
    'all heard after s': secondsSince(startedAt),
    'cpu s': usageOf(broker).cpuS - cpuBefore,
    'most memory': megabytes(most()),
  }
  for (const { socket } of [cloud, ...inside]) socket.destroy()
  return figures
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000
}

/** Waits for something, but not for ever: what did not come in time shows in the figures. */
async function within(seconds: number, work: Promise<void>): Promise<void> {
  await Promise.race([work.catch(() => undefined), pause(seconds * 1000, undefined, { ref: false })])
}
