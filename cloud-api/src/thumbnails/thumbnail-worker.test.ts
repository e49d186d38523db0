import { readFile, unlink, writeFile } from 'node:fs/promises'
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

const developed: string[] = []
const partsOf = (of: TrialIntake) => ({
  frames: of.store.frames,
  pictures: of.pictures,
  clock: of.clock,
  random: () => 0,
  isBusy: () => false,
  onDeveloped: ({ id }: StoredFrame) => void developed.push(id),
  onTakenBack: () => {},
  log: of.log,
})
const startWorker = (onTakenBack = () => {}) => {
  const worker = createThumbnailWorker({ ...partsOf(trial), onTakenBack })
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

/** Sound in form, of the right size, and with half of its data gone. */
async function undecodable(seed: number): Promise<Buffer> {
  const whole = Buffer.from(await trialPicture(seed, { widthPx: 320, heightPx: 240 }))
  const dataAt = whole.indexOf(Buffer.from([0xff, 0xda])) + 14
  return Buffer.concat([whole.subarray(0, dataAt + 100), Buffer.from([0xff, 0xd9])])
}

test('hands over each picture in all its sizes as soon as it is decoded', async () => {
  const frame = await storedFrame(await trialPicture(9))
  startWorker()
  await until(async () => (await stateOf(frame)) === 'made')
  expect(developed).toContain(frame.id)
})

test('takes back a picture that does not decode: the one before stands again, a dead letter says why', async () => {
  const { frames, deadLetters, liveEvents } = trial.store
  const before = await storedFrame(await trialPicture(10))
  const bad = await storedFrame(await undecodable(11))
  const view = { site: bad.site, camera: bad.camera, preset: bad.preset }
  expect((await frames.latestFrame(view))?.id).toBe(bad.id)
  const toldTo = await liveEvents.newestSeq()
  let isTold = false
  startWorker(() => {
    isTold = true
  })
  await until(() => isTold)
  expect(await frames.frameById(bad.id)).toMatchObject({ picture: 'undecodable', thumbnails: 'impossible' })
  expect((await frames.latestFrame(view))?.id).toBe(before.id)
  expect((await liveEvents.after(toldTo, 9)).map(({ cause }) => cause)).toEqual(['frame'])
  expect(await trial.pictures.sizeOf(bad.sha256, 'full')).toBeNull()
  expect(developed).not.toContain(bad.id)
  expect(await deadLetters.newest(9)).toMatchObject([{ item: bad.id, unit: bad.unit, reason: 'picture-not-decodable' }])
})

test('takes back also the only picture of a view: then it has none', async () => {
  const bad = await storedFrame(await undecodable(12))
  startWorker()
  await until(async () => (await trial.store.frames.frameById(bad.id))?.picture === 'undecodable')
  expect(await trial.store.frames.latestFrames()).toEqual([])
})

test('takes back a file that was damaged on the disk, says so, and goes on with the others', async () => {
  const damaged = await storedFrame(await trialPicture(4))
  await writeFile(trial.pictures.pathOf(damaged.sha256, 'full'), 'not a picture any more')
  const good = await storedFrame(await trialPicture(5))
  startWorker()
  await until(async () => (await stateOf(good)) === 'made' && (await stateOf(damaged)) === 'impossible')
  expect(trial.lines.find(({ event }) => event === 'thumbnails.undecodable')).toMatchObject({ frame: damaged.id })
})

test('gives up on a file that is not there, and leaves its frame as it is', async () => {
  const lost = await storedFrame(await trialPicture(13))
  await unlink(trial.pictures.pathOf(lost.sha256, 'full'))
  startWorker()
  await until(async () => (await stateOf(lost)) === 'impossible')
  expect(await trial.store.frames.frameById(lost.id)).toMatchObject({ picture: 'kept' })
  expect(trial.lines.find(({ event }) => event === 'thumbnails.missing')).toMatchObject({ frame: lost.id })
})

test('leaves no thumbnails behind of a picture that was deleted meanwhile', async () => {
  const { frames } = trial.store
  const row = await storedFrame(await trialPicture(6))
  const worker = createThumbnailWorker({
    ...partsOf(trial),
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
  })
  running.push(worker.run(stop.signal))
  await until(async () => (await trial.store.frames.frameById(row.id))?.picture === 'deleted')
  stop.abort()
  await Promise.all(running.splice(0))
  // What was kept between the deletion and the note is gone as well.
  expect(await trial.pictures.sizeOf(row.sha256, 640)).toBeNull()
})
