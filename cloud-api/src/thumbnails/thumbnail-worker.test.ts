import { readFile, writeFile } from 'node:fs/promises'
import { trialPicture } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StoredFrame } from '../store/frames.ts'
import { createThumbnailWorker } from './thumbnail-worker.ts'

let trial: TrialIntake
let stop: AbortController
const running: Promise<void>[] = []

beforeEach(async () => {
  trial = await openTrialIntake()
  stop = new AbortController()
  await trial.say(trial.unit.birth(1))
})
afterEach(async () => {
  stop.abort()
  await Promise.all(running.splice(0))
  await trial.close()
})

const startWorker = () => {
  const worker = createThumbnailWorker({
    frames: trial.store.frames,
    pictures: trial.pictures,
    random: () => 0,
    isBusy: () => false,
    log: trial.log,
  })
  running.push(worker.run(stop.signal))
  return worker
}
async function storedFrame(picture: Uint8Array): Promise<StoredFrame> {
  const frame = await trial.unit.frame({ picture })
  await trial.say(frame)
  await trial.receiptOf(frame)
  const row = await trial.store.frames.frameById(frame.id)
  if (row === undefined) throw new Error('not stored')
  return row
}
const stateOf = async ({ id }: StoredFrame) => (await trial.store.frames.frameById(id))?.thumbnails
const sizeOf = async ({ sha256 }: StoredFrame, width: 320 | 640) => {
  const {
    format,
    width: widthPx,
    height,
  } = await sharp(await readFile(trial.pictures.pathOf(sha256, width))).metadata()
  return [format, widthPx, height]
}

test('makes both widths of what an earlier process left, and of what comes while it runs', async () => {
  const left = await storedFrame(await trialPicture(1, { widthPx: 1280, heightPx: 720 }))
  const worker = startWorker()
  await until(async () => (await stateOf(left)) === 'made')
  expect(await sizeOf(left, 640)).toEqual(['jpeg', 640, 360])
  expect(await sizeOf(left, 320)).toEqual(['jpeg', 320, 180])
  const fresh = await storedFrame(await trialPicture(2, { widthPx: 800, heightPx: 600 }))
  worker.ring()
  await until(async () => (await stateOf(fresh)) === 'made')
  expect(await sizeOf(fresh, 640)).toEqual(['jpeg', 640, 480])
})

test('does not enlarge a picture that is smaller', async () => {
  const small = await storedFrame(await trialPicture(3, { widthPx: 400, heightPx: 300 }))
  startWorker()
  await until(async () => (await stateOf(small)) === 'made')
  expect(await sizeOf(small, 640)).toEqual(['jpeg', 400, 300])
  expect(await sizeOf(small, 320)).toEqual(['jpeg', 320, 240])
})

test('gives up on a file that was damaged on the disk, says so, and goes on with the others', async () => {
  const damaged = await storedFrame(await trialPicture(4))
  await writeFile(trial.pictures.pathOf(damaged.sha256, 'full'), 'not a picture any more')
  const good = await storedFrame(await trialPicture(5))
  startWorker()
  await until(async () => (await stateOf(good)) === 'made' && (await stateOf(damaged)) === 'impossible')
  expect(trial.lines.find(({ event }) => event === 'thumbnails.impossible')).toMatchObject({ frame: damaged.id })
})

test('leaves no thumbnails behind of a picture that was deleted meanwhile', async () => {
  const { frames } = trial.store
  const row = await storedFrame(await trialPicture(6))
  const worker = createThumbnailWorker({
    frames: {
      ...frames,
      noteThumbnails: async (ids, outcome) => {
        if (ids.length > 0)
          await frames.forgetPictures({ before: 1e15, limit: 9 }, async ([sha256 = '']) =>
            trial.pictures.remove(sha256),
          )
        return frames.noteThumbnails(ids, outcome)
      },
    },
    pictures: trial.pictures,
    random: () => 0,
    isBusy: () => false,
    log: trial.log,
  })
  running.push(worker.run(stop.signal))
  await until(async () => (await trial.store.frames.frameById(row.id))?.picture === 'deleted')
  stop.abort()
  await Promise.all(running.splice(0))
  // What was kept between the deletion and the note is gone as well.
  expect(await trial.pictures.sizeOf(row.sha256, 640)).toBeNull()
})
