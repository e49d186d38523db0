import { utimes, writeFile } from 'node:fs/promises'
import { trialPicture } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSteadyClock } from '../clock/steady-clock.ts'
import { Fault } from '../faults.ts'
import { THUMBNAIL_WIDTHS } from '../frames/picture-files.ts'
import { createRetention, type Retention } from './retention.ts'

const HOUR_MS = 3_600_000
let trial: TrialIntake
let retention: Retention

beforeEach(async () => {
  trial = await openTrialIntake()
  retention = createRetention({ ...trial, log: trial.log })
  await trial.say(trial.unit.birth(1))
})
afterEach(() => trial.close())

/** Stores a frame through the intake, with thumbnails. */
async function storedFrame(at: number, picture?: Uint8Array) {
  const frame = await trial.unit.frame(picture === undefined ? { at } : { at, picture })
  await trial.say(frame)
  expect((await trial.receiptOf(frame)).outcome).toBe('stored')
  const row = await trial.store.frames.frameById(frame.id)
  if (row === undefined) throw new Error('not stored')
  for (const width of THUMBNAIL_WIDTHS) await trial.pictures.keep(row.sha256, width, Buffer.from('small'))
  return row
}
const isThere = async (sha256: string) =>
  (await Promise.all((['full', ...THUMBNAIL_WIDTHS] as const).map((size) => trial.pictures.sizeOf(sha256, size)))).map(
    (size) => size !== null,
  )
const pass = (hours: number) => {
  trial.clock.ahead += hours * HOUR_MS
}

describe('a picture', () => {
  test('and its thumbnails are deleted when its day is over, a minute before that they are not', async () => {
    const { id, sha256, capturedAt } = await storedFrame(Date.now() - HOUR_MS)
    trial.clock.ahead = capturedAt + 24 * HOUR_MS - Date.now() - 60_000
    await retention.forget()
    expect(await isThere(sha256)).toEqual([true, true, true])
    trial.clock.ahead += 120_000
    await retention.forget()
    expect(await isThere(sha256)).toEqual([false, false, false])
    expect(await trial.store.frames.frameById(id)).toMatchObject({ picture: 'deleted' })
  })

  test('is not deleted by a clock that jumped a month ahead; what is over by the time that passed is', async () => {
    const time = { wall: Date.now(), ms: 0 }
    const clock = createSteadyClock({ now: () => time.wall, monotonicMs: () => time.ms }, null)
    const steady = createRetention({ ...trial, clock, log: trial.log })
    const [old, young] = [await storedFrame(time.wall - 23 * HOUR_MS), await storedFrame(time.wall - HOUR_MS)]
    time.wall += 30 * 24 * HOUR_MS
    await steady.forget()
    expect(await isThere(old.sha256)).toEqual([true, true, true])
    expect((await trial.store.frames.latestFrames()).map(({ id }) => id)).toEqual([young.id])
    time.ms += 2 * HOUR_MS
    await steady.forget()
    expect(await isThere(old.sha256)).toEqual([false, false, false])
    expect(await isThere(young.sha256)).toEqual([true, true, true])
  })

  test('is left alone for an hour by a process that starts a month after the last one was received', async () => {
    const { sha256 } = await storedFrame(Date.now() - HOUR_MS)
    const time = { wall: Date.now() + 30 * 24 * HOUR_MS, ms: 0 }
    const clock = createSteadyClock({ now: () => time.wall, monotonicMs: () => time.ms }, null)
    const stop = new AbortController()
    const started = createRetention({ ...trial, clock, log: trial.log })
    const running = started.run(stop.signal)
    await until(() => started.condition().waitsUntil !== null)
    expect(started.condition().waitsUntil).toBe(time.wall + HOUR_MS)
    stop.abort()
    await running
    expect(await isThere(sha256)).toEqual([true, true, true])
  })

  test('that a younger frame shares stays until that one is over too', async () => {
    const picture = await trialPicture(5)
    const now = Date.now()
    const old = await storedFrame(now - 23 * HOUR_MS, picture)
    const young = await storedFrame(now - HOUR_MS, picture)
    expect(young.sha256).toBe(old.sha256)
    pass(2)
    await retention.forget()
    expect(await trial.store.frames.frameById(old.id)).toMatchObject({ picture: 'deleted' })
    expect(await isThere(young.sha256)).toEqual([true, true, true])
    pass(22)
    await retention.forget()
    expect(await isThere(young.sha256)).toEqual([false, false, false])
  })

  test('that cannot be deleted is tried again, and nobody believes that it is gone', async () => {
    const { id } = await storedFrame(Date.now())
    let isBroken = true
    const pictures = {
      ...trial.pictures,
      remove: (sha256: string) =>
        isBroken ? Promise.reject(new Fault('pictures-unavailable')) : trial.pictures.remove(sha256),
    }
    const failing = createRetention({ ...trial, pictures, log: trial.log })
    pass(49)
    await expect(failing.forget()).rejects.toMatchObject({ code: 'pictures-unavailable' })
    expect(await trial.store.frames.frameById(id)).toMatchObject({ picture: 'kept' })
    expect(await trial.store.frames.countKeptBefore(trial.clock.now() - 48 * HOUR_MS)).toBe(1)
    isBroken = false
    await failing.forget()
    expect(await trial.store.frames.frameById(id)).toMatchObject({ picture: 'deleted' })
  })

  test('of a day of outage is deleted with the others, however many there are', async () => {
    const picture = await trialPicture(6)
    const frames = await Promise.all(
      Array.from({ length: 230 }, (_, index) => trial.unit.frame({ picture, at: Date.now() - index * 1000 })),
    )
    await Promise.all(frames.map((frame) => trial.say(frame)))
    for (const frame of frames) await trial.receiptOf(frame)
    pass(25)
    await retention.forget()
    expect(await trial.store.frames.countKeptBefore(trial.clock.now())).toBe(0)
  })
})

describe('what is known', () => {
  test('of a frame stays seven days, of the newest of its view for good', async () => {
    const old = await storedFrame(Date.now() - HOUR_MS)
    const newest = await storedFrame(Date.now())
    pass(6 * 24)
    await retention.forget()
    expect(await trial.store.frames.frameById(old.id)).toMatchObject({ picture: 'deleted' })
    pass(25)
    await retention.forget()
    expect(await trial.store.frames.frameById(old.id)).toBeUndefined()
    expect(await trial.store.frames.frameById(newest.id)).toMatchObject({ picture: 'deleted' })
  })

  test('of dead letters stays thirty days, of live events one', async () => {
    await trial.say(await trial.unit.frame({ maskVersion: 9 }), await trial.unit.frame())
    await storedFrame(Date.now())
    await storedFrame(Date.now() + 1)
    pass(25)
    await retention.forget()
    expect(await trial.store.liveEvents.after(0, 9)).toHaveLength(1)
    expect(await trial.store.deadLetters.newest(9)).toHaveLength(1)
    pass(30 * 24)
    await retention.forget()
    expect(await trial.store.deadLetters.newest(9)).toEqual([])
  })
})

describe('sweeping', () => {
  const aged = async (path: string) => {
    const longAgo = new Date(Date.now() - HOUR_MS)
    await utimes(path, longAgo, longAgo)
    return path
  }

  test('deletes files that no row knows and what was never finished, and nothing else', async () => {
    const { pictures } = trial
    const kept = await storedFrame(Date.now())
    await aged(pictures.pathOf(kept.sha256, 'full'))
    await aged(pictures.pathOf(kept.sha256, 320))
    const stray = 'a'.repeat(64)
    await pictures.keep(stray, 'full', Buffer.from('crash between file and row'))
    await aged(pictures.pathOf(stray, 'full'))
    const part = `${pictures.pathOf(kept.sha256, 'full')}.1234.part`
    await writeFile(part, 'crash while writing')
    await aged(part)
    expect(await retention.sweep()).toBe(2)
    expect(await isThere(stray)).toEqual([false, false, false])
    expect(await isThere(kept.sha256)).toEqual([true, true, true])
    expect(await retention.sweep()).toBe(0)
  })

  test('leaves a file alone that is so young that its row may be on the way', async () => {
    const young = 'b'.repeat(64)
    await trial.pictures.keep(young, 'full', Buffer.from('being stored'))
    expect(await retention.sweep()).toBe(0)
    expect(await isThere(young)).toEqual([true, false, false])
  })
})
