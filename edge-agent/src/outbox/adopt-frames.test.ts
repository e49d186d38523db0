import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import { createFakeTime, knownTime } from '@vigie/tests/fakes/time'
import Database from 'better-sqlite3'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sealProcessedFrame } from '../frame/seal-frame.ts'
import { createStamp } from '../stamp.ts'
import { classRules } from './class-rules.ts'
import { openOutbox } from './outbox.ts'

const newId = monotonicFactory() as () => ItemId // ULIDs are what ids of items are
const view = { site: 'seyne' as SiteId, camera: 'cam1' as CameraId, preset: 'amont' as PresetId } // of the contract's patterns
const unit = 'vg-0001' as UnitId // likewise
const topic = buildTopic({ ...view, unit, what: 'frame' })
const key = {
  id: '0123456789abcdef' as KeyId, // likewise
  privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-adopt-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const time = createFakeTime({ nowMs: 1_800_000_000_000 })
const open = () => openOutbox({ folder, rules: classRules({ frameMaxBytes: 1e9 }) }, { time, announce() {}, tell() {} })

/** Keeps five frames and closes the outbox; gives their ids, in order. */
async function keepFive(): Promise<ItemId[]> {
  const boot = newId() as string as BootId // likewise a ULID
  const stamp = createStamp({ unit, boot }, { time: knownTime(time), newId })
  const { outbox } = await open()
  const ids: ItemId[] = []
  for (let index = 0; index < 5; index++) {
    const envelope = stamp.next('frame')
    const jpeg = Buffer.alloc(2000, index)
    const payload = sealProcessedFrame({ jpeg, widthPx: 10, heightPx: 10, maskVersion: 1 }, { envelope, view, key })
    await outbox.keep({ id: envelope.id, class: 'frame', topic, payload })
    ids.push(envelope.id)
  }
  await outbox.close()
  return ids
}

test('takes frames in again from their files when the database was damaged, in the order of their capture', async () => {
  const ids = await keepFive()
  writeFileSync(join(folder, 'outbox.sqlite'), 'damaged')
  writeFileSync(join(folder, 'frames', `${newId()}.frame`), 'what is no frame is not taken in')

  const again = await open()
  expect(again).toMatchObject({ rebuilt: { salvaged: 0, adopted: 5, missing: 0 } })
  const batch = again.outbox.takeNextBatch(['frame'], { maxItems: 10, maxBytes: 1e9 })
  expect(batch.map(({ id }) => id)).toEqual([...ids].reverse())
  expect(new Set(batch.map((item) => item.topic))).toEqual(new Set([topic]))
  expect(readdirSync(join(folder, 'frames'))).toHaveLength(5)
  await again.outbox.close()
})

test('takes a frame in again whose row is gone from a database that looks sound, as after damage to its log', async () => {
  const ids = await keepFive()
  const database = new Database(join(folder, 'outbox.sqlite'))
  database.prepare('DELETE FROM item WHERE id IN (?, ?)').run(ids[3], ids[4])
  database.close()

  const again = await open()
  expect(again).toMatchObject({ rebuilt: null, missing: 0 })
  const batch = again.outbox.takeNextBatch(['frame'], { maxItems: 10, maxBytes: 1e9 })
  expect(batch.map(({ id }) => id)).toEqual([...ids].reverse())
  await again.outbox.close()
})
