import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import { type ClassRules, classRules } from '@vigie/edge-agent/outbox/class-rules'
import { PAGE_BYTES } from '@vigie/edge-agent/outbox/database'
import { type Outbox, type OutgoingItem, openOutbox } from '@vigie/edge-agent/outbox/outbox'
import Database from 'better-sqlite3'
import { monotonicFactory } from 'ulid'
import { megabytes, printReport, quantile, type Row, times } from './measure/figures.ts'

/*
 * What the outbox of a unit costs: records a second, bytes that reach the disk for each byte kept, the disk after it was
 * drained, and how long an item waits while the outbox tidies up. Each beside a bare loop on SQLite that does the same.
 */
const RECORD_BYTES = 400
const FRAME_BYTES = 120_000
const MiB = 1024 * 1024
/** Some twenty checkpoints of the log. */
const ALONE_MS = 8_000
const everything = { maxItems: 1_000_000, maxBytes: 1e12 }

const newId = monotonicFactory()
const time = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  wait: (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }),
}
/** Another folder may be named: in memory (/dev/shm) the disk costs nothing, and what is left is the processor's part. */
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'vigie-bench-'))
let opened = 0

function item(name: ItemClass, bytes: number): OutgoingItem {
  // ULIDs are what ids of items are.
  return {
    id: newId() as ItemId,
    class: name,
    topic: `vigie/1/seyne/vg-0001/${name}`,
    payload: Buffer.alloc(bytes, 97),
  }
}

/** A new outbox in a folder of its own. */
async function open(rules: ClassRules = classRules({ frameMaxBytes: 2e9 })) {
  const own = join(folder, `outbox-${opened++}`)
  mkdirSync(own)
  const { outbox } = await openOutbox({ folder: own, rules }, { time, announce() {}, tell() {} })
  return { outbox, own }
}

/** The same table and indexes, and nothing else: what any program on SQLite has to do. */
function openBare() {
  const database = new Database(join(folder, `bare-${opened++}.sqlite`))
  database.pragma('locking_mode = EXCLUSIVE')
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec(`CREATE TABLE item (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, class TEXT NOT NULL,
    topic TEXT NOT NULL, bytes INTEGER NOT NULL, payload BLOB); CREATE INDEX item_by_class ON item (class, position)`)
  const insert = database.prepare('INSERT INTO item (id, class, topic, bytes, payload) VALUES (?, ?, ?, ?, ?)')
  const add = (one: OutgoingItem) => insert.run(one.id, one.class, one.topic, one.payload.byteLength, one.payload)
  const addAll = database.transaction((group: OutgoingItem[]) => {
    for (const one of group) add(one)
  })
  return { addAll, close: () => database.close() }
}

/** Bytes that this process has had written to the disk; null where the kernel does not say. */
function writtenBytes(): number | null {
  if (!existsSync('/proc/self/io')) return null
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
}

async function bytesFor(work: () => Promise<void>): Promise<number> {
  const before = writtenBytes()
  await work()
  return before === null ? Number.NaN : (writtenBytes() ?? Number.NaN) - before
}

/** What a folder takes of the disk, in whole blocks. */
function diskBytes(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).blocks * 512 : 0),
    0,
  )
}

const groupsOf = (size: number, count: number) =>
  Array.from({ length: Math.ceil(count / size) }, () =>
    Array.from({ length: size }, () => item('ticket', RECORD_BYTES)),
  )

const settleAll = (outbox: Outbox, items: readonly { id: ItemId }[]) =>
  outbox.settle(items.map(({ id }) => ({ id, outcome: 'stored' as const })))

async function recordsPerSecond(size: number, count: number): Promise<Row[]> {
  const [ours, theirs]: number[][] = [[], []]
  // In turns, so that what the machine does meanwhile meets both.
  for (let round = 0; round < 3; round++) {
    const [groups, same] = [groupsOf(size, count), groupsOf(size, count)]
    const bare = openBare()
    const bareStart = performance.now()
    for (const group of same) bare.addAll(group)
    theirs?.push(count / ((performance.now() - bareStart) / 1000))
    bare.close()
    const { outbox } = await open()
    const start = performance.now()
    for (const group of groups) await Promise.all(group.map((one) => outbox.keep(one)))
    ours?.push(count / ((performance.now() - start) / 1000))
    await outbox.close()
  }
  const [mine, bare] = [quantile(ours ?? [], 0.5), quantile(theirs ?? [], 0.5)]
  return [
    { label: `groups of ${size}, bare loop`, figures: { 'records/s': bare } },
    { label: `groups of ${size}, outbox`, figures: { 'records/s': mine, 'of the bare loop': times(mine, bare) } },
  ]
}

async function amplification(): Promise<Row[]> {
  const rows: Row[] = []
  const note = (label: string, bytes: number, kept: number) =>
    rows.push({ label, figures: { 'written/kept': bytes / kept } })

  const frames = Array.from({ length: 60 }, () => item('frame', FRAME_BYTES))
  const frameBytes = frames.length * FRAME_BYTES
  const { outbox } = await open()
  note(
    'frames that wait: files beside rows',
    await bytesFor(async () => {
      for (const frame of frames) await outbox.keep(frame)
    }),
    frameBytes,
  )
  await outbox.close()
  const bare = openBare()
  note(
    'frames that wait: blobs in a bare table',
    await bytesFor(async () => {
      for (const frame of frames) bare.addAll([frame])
      bare.close()
    }),
    frameBytes,
  )
  for (const size of [1, 10, 100]) {
    const groups = groupsOf(size, Math.max(300, size * 20))
    const peer = openBare()
    note(
      size === 1 ? 'records, one at a time, bare table' : `records, in groups of ${size}, bare table`,
      await bytesFor(async () => {
        for (const group of groupsOf(size, Math.max(300, size * 20))) peer.addAll(group)
        peer.close()
      }),
      Math.max(300, size * 20) * RECORD_BYTES,
    )
    const one = await open()
    note(
      size === 1 ? 'records, one at a time' : `records, in groups of ${size}`,
      await bytesFor(async () => {
        for (const group of groups) await Promise.all(group.map((record) => one.outbox.keep(record)))
        await one.outbox.close()
      }),
      groups.length * size * RECORD_BYTES,
    )
  }
  const quick = await open()
  const first = item('state', RECORD_BYTES)
  await quick.outbox.keep(first)
  await settleAll(quick.outbox, [first])
  note(
    'frames with a quick receipt',
    await bytesFor(async () => {
      for (const frame of frames) {
        await quick.outbox.keep(frame)
        await settleAll(quick.outbox, [frame])
      }
    }),
    frameBytes,
  )
  await quick.outbox.close()
  return rows
}

async function diskAfterDrain(): Promise<Row[]> {
  const rules = classRules({ frameMaxBytes: 32 * MiB })
  const bound = rules.telemetry.maxBytes + rules.frame.maxBytes
  const { outbox, own } = await open(rules)
  const fill = async () => {
    for (let index = 0; index < 300; index++) await outbox.keep(item('frame', FRAME_BYTES))
    for (let index = 0; index < 110; index++) {
      await Promise.all(Array.from({ length: 400 }, () => outbox.keep(item('telemetry', RECORD_BYTES))))
    }
  }
  const row = (label: string): Row => ({
    label,
    figures: {
      'on the disk': megabytes(diskBytes(own)),
      'of the bound': times(diskBytes(own), bound),
      database: megabytes(statSync(join(own, 'outbox.sqlite')).size),
    },
  })
  await fill()
  const rows = [{ label: 'bound', figures: { 'on the disk': megabytes(bound) } }, row('full')]
  for (;;) {
    const batch = outbox.takeNextBatch(['telemetry', 'frame'], { maxItems: 64, maxBytes: 1e9 })
    if (batch.length === 0) break
    await settleAll(outbox, batch)
  }
  // Until it has given back what it gives back.
  for (let before = -1; before !== diskBytes(own); ) {
    before = diskBytes(own)
    await wait(1_000)
  }
  rows.push(row('drained'))
  await outbox.close()
  return rows
}

/** How long one record takes to be kept, one every few milliseconds, for as long as `meanwhile` runs. */
async function delays(keep: () => Promise<unknown>, meanwhile: () => Promise<void>): Promise<number[]> {
  const found: number[] = []
  let isRunning = true
  const work = meanwhile().finally(() => {
    isRunning = false
  })
  while (isRunning) {
    // From when it should have come: a loop that is held up delays it too.
    const dueMs = performance.now() + 4
    await wait(4)
    await keep()
    found.push(performance.now() - dueMs)
  }
  await work
  return found
}

/** The disk's own delays: as many bytes as the log takes for a record, over a file that is there already, and a sync. */
async function bareSyncs(): Promise<number[]> {
  const file = openSync(join(folder, 'bare'), 'w')
  const bytes = Buffer.alloc(3 * (PAGE_BYTES + 24), 97)
  writeSync(file, Buffer.alloc(MiB, 97))
  fsyncSync(file)
  let place = 0
  const found = await delays(
    async () => {
      place = (place + bytes.byteLength) % (MiB - bytes.byteLength)
      writeSync(file, bytes, 0, bytes.byteLength, place)
      fdatasyncSync(file)
    },
    () => wait(ALONE_MS),
  )
  closeSync(file)
  return found
}

async function itemAtHand(): Promise<Row[]> {
  const bare = await bareSyncs()
  const { outbox, own } = await open()
  const keepAlarm = () => outbox.keep(item('alarm', RECORD_BYTES))
  const quiet = await delays(keepAlarm, () => wait(ALONE_MS))
  await settleAll(outbox, outbox.takeNextBatch(['alarm'], everything))
  for (let index = 0; index < 40; index++) {
    await Promise.all(Array.from({ length: 500 }, () => outbox.keep(item('ticket', RECORD_BYTES))))
  }
  const full = statSync(join(own, 'outbox.sqlite')).size
  const waiting = outbox.takeNextBatch(['ticket'], everything)
  const draining = await delays(keepAlarm, async () => {
    for (let from = 0; from < waiting.length; from += 64) {
      await settleAll(outbox, waiting.slice(from, from + 64))
      await wait(1)
    }
  })
  const givingBack = await delays(keepAlarm, async () => {
    const deadline = performance.now() + 20_000
    while (statSync(join(own, 'outbox.sqlite')).size > full / 10 && performance.now() < deadline) await wait(20)
  })
  const given = full - statSync(join(own, 'outbox.sqlite')).size
  await outbox.close()
  const p50 = quantile(quiet, 0.5)
  const row = (label: string, values: number[]): Row => ({
    label,
    figures: {
      items: values.length,
      'p50 ms': quantile(values, 0.5),
      'p99 ms': quantile(values, 0.99),
      'max ms': quantile(values, 1),
      'max of quiet p50': times(quantile(values, 1), p50),
    },
  })
  return [
    row('a bare write and sync, every 4 ms', bare),
    row('items alone, with their checkpoints', quiet),
    row('while 20,000 records are settled', draining),
    ...(givingBack.length > 0 ? [row(`while ${megabytes(given)} are given back`, givingBack)] : []),
  ]
}

try {
  printReport('Records a second, each group durable (FULL) before the next', [
    ...(await recordsPerSecond(10, 10_000)),
    ...(await recordsPerSecond(1, 500)),
  ])
  printReport('Bytes written to the disk for each byte kept', await amplification())
  printReport('Disk', await diskAfterDrain())
  printReport('How long the item at hand takes to be kept', await itemAtHand(), [
    'A timer of 4 ms is in it: what the machine makes a timer late is in the first line too.',
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
