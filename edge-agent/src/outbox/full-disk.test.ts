import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ItemId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { type Outbox, type OutboxEvent, type OutgoingItem, openOutbox } from './outbox.ts'

const DISK_BYTES = 24 * 1024 * 1024
const newUlid = monotonicFactory()
const item = (name: ItemClass, bytes = 400): OutgoingItem => ({
  id: newUlid() as ItemId, // ULIDs are what ids of items are
  class: name,
  topic: `to/${name}`,
  payload: Buffer.alloc(bytes, name),
})
const everything = { maxItems: 100_000, maxBytes: 1e9 }

let disk: string
let outbox: Outbox
let events: OutboxEvent[]
const time = createHandTime({ nowMs: 1_800_000_000_000 })
const reason = reasonToSkip()
if (reason !== undefined) console.log(`no disk is filled: ${reason}`)

beforeEach(async () => {
  if (reason !== undefined) return
  disk = mkdtempSync(join(tmpdir(), 'vigie-full-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'vigie-test', disk])
  events = []
  await open()
})
afterEach(async () => {
  if (reason !== undefined) return
  await outbox.close()
  execFileSync('umount', [disk])
  rmSync(disk, { recursive: true })
})

async function open() {
  const deps = { time, announce() {}, tell: (event: OutboxEvent) => void events.push(event) }
  const options = { folder: join(disk, 'data'), rules: classRules({ frameMaxBytes: 1e9 }) }
  execFileSync('mkdir', ['-p', options.folder])
  const opening = await openOutbox(options, deps)
  outbox = opening.outbox
  return opening
}
/** As a log does that nobody rotates: takes every byte that is left. */
function fillDisk(): void {
  try {
    writeFileSync(join(disk, 'filler'), Buffer.alloc(DISK_BYTES))
  } catch {
    // That is how it is known to be full.
  }
}
const ballast = () => existsSync(join(disk, 'data', 'outbox.ballast'))
const kinds = () => events.map(({ kind }) => kind)

test.skipIf(reason !== undefined)(
  'on a full disk records are kept and settled, frames go on in memory, and all of it is as before when there is room',
  async () => {
    for (let index = 0; index < 50; index++) await outbox.keep(item('ticket'))
    fillDisk()
    const frames = [item('frame', 50_000), item('frame', 50_000)]
    for (const frame of frames) expect(await outbox.keep(frame)).toEqual({ kept: true, dropped: 0, where: 'memory' })
    expect(ballast()).toBe(true)
    // The ballast gives way: a thousand records more, and receipts for all of them.
    const alarms = Array.from({ length: 1_000 }, () => item('alarm'))
    for (const alarm of alarms) expect(await outbox.keep(alarm)).toMatchObject({ kept: true, where: 'disk' })
    expect(ballast()).toBe(false)
    const lent = outbox.takeNextBatch(['alarm', 'ticket', 'frame'], everything)
    expect(lent).toHaveLength(1_052)
    const records = lent.filter((one) => one.class !== 'frame')
    expect(await outbox.settle(records.map(({ id }) => ({ id, outcome: 'stored' })))).toHaveLength(1_050)
    outbox.takeBackAll()

    rmSync(join(disk, 'filler'))
    time.pass(60_000)
    await expect.poll(() => kinds().filter((kind) => kind === 'frame-saved')).toHaveLength(2)
    for (let index = 0; index < 40; index++) await outbox.keep(item('ticket'))
    await expect.poll(ballast).toBe(true)
    await outbox.close()
    const again = await open()
    expect(again).toMatchObject({ rebuilt: null, missing: 0 })
    expect(outbox.backlog()).toMatchObject({ frame: { items: 2 }, ticket: { items: 40 }, alarm: { items: 0 } })
  },
  60_000,
)

test.skipIf(reason !== undefined)(
  'on a full disk the oldest saved frames give way to a new one and to records',
  async () => {
    const frames = Array.from({ length: 100 }, () => item('frame', 150_000))
    for (const frame of frames) await outbox.keep(frame)
    fillDisk()
    expect(await outbox.keep(item('frame', 150_000))).toMatchObject({ kept: true, where: 'disk', dropped: 56 })
    fillDisk()
    // Far more than the ballast is good for.
    for (let index = 0; index < 150; index++) {
      await Promise.all(
        Array.from({ length: 20 }, async () =>
          expect(await outbox.keep(item('ticket', 1_000))).toMatchObject({ kept: true }),
        ),
      )
    }
    const { frame, ticket } = outbox.backlog()
    expect(ticket.items).toBe(3_000)
    expect(frame.items).toBeLessThan(45)
    await outbox.close()
    rmSync(join(disk, 'filler'))
    expect(await open()).toMatchObject({ rebuilt: null, missing: 0 })
    expect(outbox.backlog().ticket.items).toBe(3_000)
  },
  60_000,
)

test.skipIf(reason !== undefined)(
  'when even the ballast is used up a record is refused with its fault, and the next receipts make room again',
  async () => {
    fillDisk()
    const kept: OutgoingItem[] = []
    const filling = async () => {
      for (let index = 0; index < 20_000; index++) {
        const ticket = item('ticket', 1_000)
        await outbox.keep(ticket)
        kept.push(ticket)
      }
    }
    await expect(filling()).rejects.toMatchObject({ code: 'disk-failing' })
    expect(kept.length).toBeGreaterThan(300)
    expect(kinds()).toContain('disk-failing')
    expect(outbox.backlog().ticket.items).toBe(kept.length)
    expect(await outbox.nextSession()).toBeGreaterThan(1_800_000_000 - 1)
    outbox.takeNextBatch(['ticket'], everything)
    // As they come, one window at a time.
    for (let from = 0; from < kept.length; from += 64) {
      const window = kept.slice(from, from + 64)
      expect(await outbox.settle(window.map(({ id }) => ({ id, outcome: 'stored' })))).toHaveLength(window.length)
    }
    expect(await outbox.keep(item('ticket', 1_000))).toMatchObject({ kept: true })
  },
  60_000,
)

function reasonToSkip(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount a small disk'
  const probe = mkdtempSync(join(tmpdir(), 'vigie-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'vigie-test', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe])
    return undefined
  } catch {
    return 'no small disk can be mounted here'
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}
