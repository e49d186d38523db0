import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import type { ReceiptItem } from '@vigie/contract/receipt'
import { createHandTime, type HandTime } from '@vigie/tests/fakes/hand-time'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { type Outbox, type OutboxEvent, type OutgoingItem, openOutbox } from './outbox.ts'

const newUlid = monotonicFactory()
const item = (name: ItemClass, bytes = 1000): OutgoingItem => ({
  id: newUlid() as ItemId, // ULIDs are what ids of items are
  class: name,
  topic: `to/${name}`,
  payload: Buffer.alloc(bytes, name),
})
const stored = ({ id }: { id: ItemId }): ReceiptItem => ({ id, outcome: 'stored' })
const everything = { maxItems: 1000, maxBytes: 1e9 }
const inMemory = { kept: true, dropped: 0, where: 'memory' }
const onDisk = { kept: true, dropped: 0, where: 'disk' }

let folder: string
let time: HandTime
let outbox: Outbox
let events: OutboxEvent[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-keeper-'))
  time = createHandTime({ nowMs: 1_800_000_000_000 })
  events = []
  outbox = await open()
})
afterEach(async () => {
  await outbox.close()
  rmSync(folder, { recursive: true })
})

async function open(frameMaxBytes = 1e9, historyBytesPerHour = Infinity) {
  const deps = { time, announce() {}, tell: (event: OutboxEvent) => void events.push(event) }
  return (await openOutbox({ folder, rules: classRules({ frameMaxBytes }), historyBytesPerHour }, deps)).outbox
}
const files = () => readdirSync(join(folder, 'frames')).map((name) => name.replace('.frame', ''))
const waiting = () => outbox.takeNextBatch(['frame'], everything).map(({ id }) => id)
const savedIds = () => events.flatMap((event) => (event.kind === 'frame-saved' ? event.id : []))

/** The cloud answers for something, as it does all the time on a good link. */
async function hearReceipt() {
  const state = item('state')
  await outbox.keep(state)
  await outbox.settle([stored(state)])
}

describe('a frame', () => {
  test('goes to the disk at once before the cloud has ever answered', async () => {
    const frame = item('frame')
    expect(await outbox.keep(frame)).toEqual(onDisk)
    expect(files()).toEqual([frame.id])
  })

  test('never touches the disk when its receipt comes within seconds', async () => {
    await hearReceipt()
    for (let minute = 0; minute < 20; minute++) {
      const frame = item('frame')
      expect(await outbox.keep(frame)).toEqual(inMemory)
      expect(outbox.backlog().frame).toEqual({ items: 1, bytes: 1000 })
      const [lent] = outbox.takeNextBatch(['frame'], everything)
      if (!lent) throw new Error('not lent')
      expect(lent).toEqual({ id: frame.id, class: 'frame', topic: 'to/frame', bytes: 1000 })
      expect(await outbox.read(lent)).toEqual(frame.payload)
      time.pass(3_000)
      expect(await outbox.settle([stored(frame)])).toEqual([{ item: lent, receipt: stored(frame) }])
      time.pass(57_000)
      expect(files()).toEqual([])
    }
    expect(outbox.backlog().frame).toEqual({ items: 0, bytes: 0 })
    expect(events).toEqual([])
  })

  test('is saved when its receipt does not come, and the next one goes to the disk at once', async () => {
    await hearReceipt()
    const [first, second] = [item('frame'), item('frame')]
    await outbox.keep(first)
    time.pass(10_000)
    await expect.poll(savedIds).toEqual([first.id])
    expect(files()).toEqual([first.id])
    expect(await outbox.keep(second)).toEqual(onDisk)
    expect(waiting()).toEqual([second.id, first.id])
    await outbox.settle([stored(second)])
    expect(await outbox.keep(item('frame'))).toEqual(inMemory)
  })

  test('is saved when another comes: at most one is in memory alone', async () => {
    await hearReceipt()
    const frames = [item('frame'), item('frame'), item('frame')]
    const kept = await Promise.all(frames.map((frame) => outbox.keep(frame)))
    expect(kept.filter((one) => one.kept && one.where === 'memory')).toHaveLength(1)
    expect(files().sort()).toEqual(frames.slice(0, 2).map(({ id }) => id))
    expect(waiting()).toEqual(frames.map(({ id }) => id).reverse())
  })

  test('is saved when the connection goes, and lent again', async () => {
    await hearReceipt()
    const frame = item('frame')
    await outbox.keep(frame)
    expect(waiting()).toEqual([frame.id])
    outbox.takeBackAll()
    await expect.poll(savedIds).toEqual([frame.id])
    expect(waiting()).toEqual([frame.id])
  })

  test('is saved when the agent stops, and is there at its next start', async () => {
    await hearReceipt()
    const frame = item('frame')
    await outbox.keep(frame)
    await outbox.close()
    outbox = await open()
    const [lent] = outbox.takeNextBatch(['frame'], everything)
    expect(lent && (await outbox.read(lent))).toEqual(frame.payload)
  })

  test('leaves neither file nor row when its receipt comes while it is being saved', async () => {
    await hearReceipt()
    for (let turn = 0; turn < 20; turn++) {
      const frame = item('frame', 200_000)
      await outbox.keep(frame)
      outbox.takeBackAll()
      // Another moment of the writing each time.
      for (let step = 0; step < turn; step++) await new Promise(setImmediate)
      expect(await outbox.settle([stored(frame)])).toHaveLength(1)
    }
    await outbox.close()
    outbox = await open()
    expect([files(), waiting()]).toEqual([[], []])
  })

  test('lets the oldest give way when all that may wait is full, those on the disk first', async () => {
    await outbox.close()
    outbox = await open(2_500)
    await outbox.keep(item('frame'))
    await hearReceipt()
    const [second, third] = [item('frame'), item('frame', 1_500)]
    expect(await outbox.keep(second)).toEqual(inMemory)
    expect(await outbox.keep(third)).toEqual({ kept: true, dropped: 1, where: 'memory' })
    expect(waiting()).toEqual([third.id, second.id])
    expect(await outbox.keep(item('frame', 2_501))).toEqual({ kept: false, reason: 'outbox-full' })
  })
})

describe('after an outage', () => {
  const frame = (view: string): OutgoingItem => ({ ...item('frame'), topic: `to/${view}` })

  test('the newest of each view leave at once, and what is older only as far as the hour allows', async () => {
    await outbox.close()
    outbox = await open(1e9, 3_000)
    const kept: OutgoingItem[] = []
    for (let minute = 0; minute < 5; minute++) for (const view of ['amont', 'aval']) kept.push(frame(view))
    for (const one of kept) await outbox.keep(one)
    const ids = kept.map(({ id }) => id).reverse()
    expect(waiting()).toEqual(ids.slice(0, 5))
    await outbox.settle(kept.slice(-5).map(stored))
    // What is newest of what is left is history all the same.
    expect(waiting()).toEqual([])
    const fresh = frame('amont')
    await outbox.keep(fresh)
    expect(waiting()).toEqual([fresh.id])
    time.pass(20 * 60_000)
    expect(waiting()).toEqual(ids.slice(5, 6))
    time.pass(24 * 3_600_000)
    expect(waiting()).toEqual(ids.slice(6, 9))
  })
})

describe('when the disk refuses frames', () => {
  /** Where the folder of frames was stands a file: nothing can be written there, by root neither. */
  const breakDisk = () => {
    renameSync(join(folder, 'frames'), join(folder, 'away'))
    writeFileSync(join(folder, 'frames'), '')
  }
  const mendDisk = () => {
    rmSync(join(folder, 'frames'))
    renameSync(join(folder, 'away'), join(folder, 'frames'))
  }

  test('they go on in memory, the disk is said to fail once, and they are saved when it works again', async () => {
    breakDisk()
    const frames = [item('frame'), item('frame'), item('frame')]
    for (const frame of frames) expect(await outbox.keep(frame)).toEqual(inMemory)
    expect(events).toMatchObject([{ kind: 'disk-failing', error: { code: 'disk-failing' } }])
    const batch = outbox.takeNextBatch(['frame'], everything)
    expect(batch.map(({ id }) => id)).toEqual(frames.map(({ id }) => id).reverse())
    outbox.takeBackAll()
    mendDisk()
    time.pass(60_000)
    await expect.poll(savedIds).toEqual(frames.map(({ id }) => id))
    expect(waiting()).toEqual(frames.map(({ id }) => id).reverse())
  })

  test('the oldest give way beyond 8 MiB of them, and the newest never', async () => {
    breakDisk()
    const frames = Array.from({ length: 12 }, () => item('frame', 1024 * 1024))
    let dropped = 0
    for (const frame of frames) {
      const kept = await outbox.keep(frame)
      dropped += kept.kept ? kept.dropped : 0
    }
    expect(dropped).toBe(4)
    expect(waiting()).toEqual(
      frames
        .slice(4)
        .map(({ id }) => id)
        .reverse(),
    )
    mendDisk()
  })
})
