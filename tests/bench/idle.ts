import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { BootId, CameraId, ItemId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic, DESIRED_DOCUMENTS, type DesiredDocument, unitSubscriptions } from '@vigie/contract/topics'
import type { Unchanged } from '@vigie/contract/unchanged'
import { createHealthReports, type TakenSample } from '@vigie/edge-agent/health/health-reports'
import { readMachine } from '@vigie/edge-agent/health/machine'
import { createTraffic } from '@vigie/edge-agent/health/traffic'
import { createUnitState } from '@vigie/edge-agent/health/unit-state'
import { classRules } from '@vigie/edge-agent/outbox/class-rules'
import { type OutgoingItem, openOutbox } from '@vigie/edge-agent/outbox/outbox'
import { createStamp } from '@vigie/edge-agent/stamp'
import { connectToBroker } from '@vigie/edge-agent/uplink/broker-connection'
import { createDoorbell } from '@vigie/edge-agent/uplink/doorbell'
import { createPresence } from '@vigie/edge-agent/uplink/presence'
import { runUplink } from '@vigie/edge-agent/uplink/uplink'
import { monotonicFactory } from 'ulid'
import { knownTime } from '../fakes/time.ts'
import { type BareCloud, startBareCloud } from './measure/cloud.ts'
import { printReport, type Row } from './measure/figures.ts'

/*
 * What an idle unit costs its SIM in a month. Every exchange is made for real, by the agent's own parts against the built
 * broker and cloud, and counted by the kernel as IP packets with all their headers, in a network namespace of its own
 * where packets are 1,500 bytes at most. Then it is multiplied by how often the schedule makes it.
 */
const IN_NAMESPACE = 'VIGIE_BENCH_IN_NAMESPACE'
if (process.env[IN_NAMESPACE] === undefined) {
  const inside = ['--net', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), process.execPath]
  const { status } = spawnSync('unshare', [...inside, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [IN_NAMESPACE]: 'yes' },
  })
  process.exit(status ?? 1)
}

const DAYS = 30
const A_MONTH = { minutes: DAYS * 1440, batches: DAYS * 144, states: DAYS * 24 }
/** What a mobile network does to connections: some of these days are worse. The agent is restarted once a day at most. */
const RESUMED = DAYS * 3
const WHOLE = DAYS
/** A site's settings change once a week. */
const VERSIONS = 4
/** After four minutes of silence: twice between two batches. */
const PINGS = A_MONTH.batches * 2
const A_PING = { sentBytes: 24, receivedBytes: 24 }
const REPEATS = 8
/** Later than any delayed acknowledgement. */
const QUIET_MS = 400

const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' })
run('ip', 'link', 'set', 'lo', 'up', 'mtu', '1500')

const cloud = await startBareCloud(1)
try {
  await measure(cloud)
} finally {
  await cloud.stop()
}

async function measure({ mqttUrl, fleet, authority }: BareCloud): Promise<void> {
  const [document] = fleet
  if (!document) throw new Error('no site')
  const who = { site: document.id as SiteId, unit: document.unit as UnitId } // of the contract's patterns
  const relay = await startRelay(Number(new URL(mqttUrl).port))
  const text = (file: string) => readFileSync(file, 'utf8')
  const files = authority.unit(who.unit)
  const certificate = text(files.certificateFile)
  const tls = { ca: text(authority.caFile), certificate, key: text(files.keyFile) }
  const address = { url: `mqtts://127.0.0.1:${relay.port}`, tls }
  const count = startCounter(relay.port)

  const time = {
    now: Date.now,
    monotonicMs: () => performance.now(),
    wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }),
  }
  const newId = monotonicFactory() as () => ItemId // a ULID is what an ItemId is
  const boot = newId() as string as BootId // likewise
  const stamp = createStamp({ unit: who.unit, boot }, { time: knownTime(time), newId })
  const folder = mkdtempSync(join(tmpdir(), 'vigie-idle-'))
  const doorbell = createDoorbell(time)
  const { outbox } = await openOutbox(
    { folder, rules: classRules({ frameMaxBytes: 1e9 }) },
    { time, announce: doorbell.ring, tell: () => undefined },
  )
  const camera = document.cameras[0]?.id as CameraId // a site has one
  const preset = document.cameras[0]?.presets[0]?.id as PresetId // likewise
  const traffic = createTraffic()
  // Of a day, so that they are as long as they are then.
  traffic.countWire({ sentBytes: 180_000, receivedBytes: 90_000 })
  /** What moves on a box from minute to minute, so that no figure that moves is said only once. */
  let minute = 0
  const reports = createHealthReports(who, {
    ...{ stamp, outbox, traffic, time: { ...time, offsetMs: () => -12 - minute } },
    unitState: createUnitState([camera], knownTime(time)),
    configuration: () => ({ version: 1, attempt: 1, since: new Date().toISOString() }),
    async readMachine() {
      const read = await readMachine(folder)
      return {
        ...read,
        temperatureC: 41.013 + 0.487 * minute, // the step of a common board's sensor
        memoryBytes: read.memoryBytes + minute * 200_000,
        memoryFreeBytes: 400_123_904 - minute * 1_300_000,
        diskFreeBytes: 6_999_879_680 - minute * 4096,
      }
    },
  })
  const minuteLater = () => {
    minute++
    if (minute % 4 === 0) traffic.countWire(A_PING)
  }
  const presence = createPresence({ ...who, boot, certificate: () => certificate, software: 'bench' }, stamp)

  const settled = new Set<ItemId>()
  let opened = 0
  /** What came of the desired configuration; to be told the set is part of every connection. */
  const told = { set: 0, documents: 0 }
  let wanted: DesiredDocument[] = []
  const stop = new AbortController()
  const uplink = runUplink(
    () => address,
    {
      ...{ outbox, doorbell, time, presence, random: () => 0 },
      ...{ mayLeave: () => true, finish: (_item: unknown, payload: Uint8Array) => payload },
      onSent: (item) => traffic.count(item.class, item.bytes),
      ...{ onLost: () => undefined, onCarried: traffic.countWire },
      onOpen: () => void opened++,
      desired: {
        take: (part) => void told[part === 'set' ? 'set' : 'documents']++,
        takeWanted: () => wanted.splice(0),
      },
      onSettled: (items) => {
        for (const { item } of items) settled.add(item.id)
      },
    },
    stop.signal,
  )

  /** The mean bytes of a thing done several times, each with the quiet that follows it. */
  async function bytesOf(work: (turn: number) => Promise<void>, repeats = REPEATS): Promise<number> {
    await setTimeout(QUIET_MS)
    const before = count()
    for (let turn = 0; turn < repeats; turn++) {
      await work(turn)
      await setTimeout(QUIET_MS)
    }
    return (count() - before) / repeats
  }
  async function exchange(item: OutgoingItem): Promise<void> {
    await outbox.keep(item)
    while (!settled.has(item.id)) await setTimeout(5)
  }
  const opens = async (times: number) => {
    while (opened < times || told.set < times) await setTimeout(5)
  }

  // The cloud signs the first set once it has heard of the unit.
  await opens(1)
  const resumed = await bytesOf(async (turn) => {
    relay.cut()
    await opens(turn + 2)
  }, 4)
  const documents = await bytesOf(async (turn) => {
    wanted = [...DESIRED_DOCUMENTS]
    doorbell.ring()
    while (told.documents < (turn + 1) * DESIRED_DOCUMENTS.length) await setTimeout(5)
  }, 4)
  const ten: TakenSample[] = []
  for (const monoMs = Math.round(time.monotonicMs()); ten.length < 10; minuteLater()) {
    ten.push({ ...(await reports.sample()), monoMs: monoMs + minute * 60_000 + (minute % 3) })
  }
  const batch = await bytesOf(() => exchange(reports.telemetry(ten)))
  const state = await bytesOf(() => exchange(reports.state()))
  const unchanged = await bytesOf(() => exchange(unchangedItem()))
  stop.abort()
  await uplink
  await outbox.close()

  let heard = () => {}
  const visit = async (work: (connection: Awaited<ReturnType<typeof connectToBroker>>) => Promise<void>) => {
    const none = () => undefined
    const connection = await connectToBroker(
      address,
      {
        ...{ clientId: who.unit, will: presence.farewell(9, 'lost'), now: Date.now, tickets: { last: null } },
        ...{ onSecure: none, onHeard: none, onCarried: none, onMessage: () => heard() },
      },
      new AbortController().signal,
    )
    await work(connection)
    await connection.close()
  }
  const { signal } = new AbortController()
  const whole = await bytesOf(
    () =>
      visit(async (connection) => {
        const isTold = new Promise<void>((resolve) => {
          heard = resolve
        })
        await connection.publish(presence.birth(9), signal)
        await connection.subscribe(unitSubscriptions(who), signal)
        await isTold
      }),
    4,
  )
  let ping = 0
  let single = 0
  await visit(async (connection) => {
    await connection.subscribe(unitSubscriptions(who), signal)
    ping = await bytesOf(async () => connection.ping())
    const topic = buildTopic({ ...who, what: 'telemetry' })
    single = await bytesOf(async () => {
      const { monoMs: _once, ...figures } = await reports.sample()
      const message = { ...stamp.next('telemetry'), kind: 'telemetry', ...figures }
      await connection.publish({ topic, payload: Buffer.from(JSON.stringify(message)), qos: 0, retain: false }, signal)
    })
  })
  relay.close()
  rmSync(folder, { recursive: true })

  const rows = [
    { label: 'connect, whole handshake, birth, set', bytes: whole, ours: WHOLE, peers: WHOLE + RESUMED },
    { label: 'connect by ticket, birth, set', bytes: resumed, ours: RESUMED, peers: 0 },
    { label: 'documents of a new version', bytes: documents, ours: VERSIONS, peers: VERSIONS },
    { label: 'ping and its answer', bytes: ping, ours: PINGS, peers: A_MONTH.minutes },
    { label: 'telemetry of ten minutes, receipt', bytes: batch, ours: A_MONTH.batches, peers: 0 },
    { label: 'telemetry of one minute, receipt', bytes: single, ours: 0, peers: A_MONTH.minutes },
    { label: 'state, receipt', bytes: state, ours: A_MONTH.states, peers: DAYS * 96 },
  ]
  const sum = (of: 'ours' | 'peers') => rows.reduce((total, row) => total + (row.bytes * row[of]) / 1e6, 0)
  const lines: Row[] = rows.map(({ label, bytes, ours, peers }) => ({
    label,
    figures: {
      bytes,
      'a month': `${ours}`,
      MB: (bytes * ours) / 1e6,
      'peer a month': `${peers}`,
      'peer MB': (bytes * peers) / 1e6,
    },
  }))
  printReport(
    'idle: what a unit without pictures costs its SIM in 30 days, IP packets with all headers, both ways',
    [...lines, { label: 'together', figures: { MB: sum('ours'), 'peer MB': sum('peers') } }],
    [
      `Peer: a client that sends telemetry each minute and the state each quarter of an hour, pings each minute, and makes a
whole handshake each time. To reach: 10 MB. A camera adds ${((unchanged * A_MONTH.minutes) / 1e6).toFixed(1)} MB when each of its minutes brings "unchanged"
(${unchanged.toFixed(0)} bytes with its receipt), and its frames; then it needs no ping.`,
    ],
  )

  function unchangedItem(): OutgoingItem {
    const start = stamp.next('telemetry')
    const body: Unchanged = { ...start, kind: 'unchanged', camera, preset, frame: newId(), intervalS: 60 }
    // Of ten minutes ago, so that the cloud does not wait for its frame: its refusal is as long as a receipt.
    const at = new Date(Date.now() - 11 * 60_000).toISOString()
    const payload = Buffer.from(JSON.stringify({ ...body, at }))
    return { id: start.id, class: 'telemetry', topic: buildTopic({ ...who, what: 'unchanged' }), payload }
  }
}

/** Between the unit and the broker, so that a port tells the unit's packets from the cloud's; it can be cut. */
async function startRelay(brokerPort: number) {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(brokerPort, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.setNoDelay(true)
      from.on('error', () => undefined)
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      from.on('data', (chunk) => to.write(chunk))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port, // it listens on TCP
    cut,
    close() {
      server.close()
      cut()
    },
  }
}

/** Lets the kernel count the bytes of IP packets from and to a port. */
function startCounter(port: number): () => number {
  const rules = `table ip bench { counter carried { }
    chain seen { type filter hook input priority 0; tcp dport ${port} counter name carried; tcp sport ${port} counter name carried; }
  }`
  execFileSync('nft', ['-f', '-'], { input: rules })
  return () => Number(/bytes (\d+)/.exec(run('nft', 'list', 'counter', 'ip', 'bench', 'carried'))?.[1])
}
