import { readFile } from 'node:fs/promises'
import type { ItemId } from '@vigie/contract/ids'
import { batchOf, decodeTelemetryItem } from '@vigie/contract/telemetry-batch'
import { createTrialFleet, newUlid, trialPicture } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let trial: TrialIntake
beforeEach(async () => {
  trial = await openTrialIntake()
})
afterEach(() => trial.close())

const HOUR_MS = 3_600_000
const letters = () => trial.store.deadLetters.newest(100)

describe('a frame', () => {
  test('is on the disk, in the tables and in the log of live events when its receipt comes', async () => {
    const { unit, store, pictures } = trial
    const picture = await trialPicture(1)
    const frame = await unit.frame({ picture })
    await trial.say(unit.birth(1), frame)
    expect(await trial.receiptOf(frame)).toEqual({ id: frame.id, outcome: 'stored' })
    const row = await store.frames.frameById(frame.id)
    expect(row).toMatchObject({ site: 'essai-1', unit: 'vg-0001', camera: 'cam1', preset: 'amont', maskVersion: 3 })
    expect(await readFile(pictures.pathOf(row?.sha256 ?? '', 'full'))).toEqual(Buffer.from(picture))
    expect((await store.liveEvents.after(0, 10)).map(({ cause }) => cause)).toEqual(['presence', 'frame'])
  })

  test('that comes again is receipted again and stored once', async () => {
    const { unit, store } = trial
    const frame = await unit.frame()
    await trial.say(unit.birth(1), frame)
    await trial.receiptOf(frame)
    await trial.say(frame)
    await until(() => trial.receipts.get(frame.id)?.length === 2)
    expect(trial.receipts.get(frame.id)).toEqual(Array(2).fill({ id: frame.id, outcome: 'stored' }))
    const found = await store.frames.history({
      site: unit.siteId,
      camera: 'cam1' as never,
      from: 0,
      to: 1e15,
      limit: 9,
    })
    expect(found).toHaveLength(1)
  })

  test('before its key is known gets no word; sent again after the birth it is stored', async () => {
    const { unit } = trial
    const frame = await unit.frame()
    await trial.say(frame)
    await until(() => trial.intake.condition().counts.keyUnknown === 1)
    expect(trial.receipts.size).toBe(0)
    await trial.say(unit.birth(1), frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    expect(await letters()).toEqual([])
  })

  test('older than a day is expired: receipted, and nothing of it kept', async () => {
    const { unit, store } = trial
    const frame = await unit.frame({ at: Date.now() - 24 * HOUR_MS - 1000 })
    await trial.say(unit.birth(1), frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('expired')
    expect(await store.frames.frameById(frame.id)).toBeUndefined()
    expect(await letters()).toEqual([])
  })

  test('with the same picture as another shares its file', async () => {
    const { unit, store, pictures } = trial
    const picture = await trialPicture(7)
    const [one, two] = [await unit.frame({ picture }), await unit.frame({ picture })]
    await trial.say(unit.birth(1), one, two)
    expect((await trial.receiptOf(one)).outcome).toBe('stored')
    expect((await trial.receiptOf(two)).outcome).toBe('stored')
    const sha256 = (await store.frames.frameById(two.id))?.sha256 ?? ''
    expect(await pictures.sizeOf(sha256, 'full')).toBe(picture.byteLength)
  })

  test('of 60 in a burst each gets one receipt, in few messages', async () => {
    const { unit } = trial
    await trial.say(unit.birth(1))
    const picture = await trialPicture(3)
    const frames = await Promise.all(Array.from({ length: 60 }, () => unit.frame({ picture })))
    await Promise.all(frames.map((frame) => trial.say(frame)))
    for (const frame of frames) expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    expect(trial.intake.condition()).toMatchObject({ waiting: { items: 0, bytes: 0 }, failing: [] })
  })
})

describe('the word that a view has not changed', () => {
  beforeEach(() => trial.say(trial.unit.birth(1)))
  const MINUTE_MS = 60_000
  const storedFrame = async (at: number) => {
    const frame = await trial.unit.frame({ at, intervalS: 60, doubts: ['picture-black', 'picture-blurred'] })
    await trial.say(frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    return frame
  }

  test('is receipted once its frame is known to have been seen, as often as it comes', async () => {
    const { unit, store } = trial
    const at = Date.now() - 5 * MINUTE_MS
    const frame = await storedFrame(at)
    const word = unit.unchanged(frame, { intervalS: 600, clock: 'estimated' }, { at: at + MINUTE_MS })
    await trial.say(word)
    expect(await trial.receiptOf(word)).toEqual({ id: word.id, outcome: 'stored' })
    const seen = { seenAt: at + MINUTE_MS, seenClock: 'estimated', intervalS: 600 }
    const doubts = 'picture-black picture-blurred'
    expect(await store.frames.frameById(frame.id)).toMatchObject({ ...seen, capturedAt: at, doubts })
    await trial.say(word)
    await until(() => trial.receipts.get(word.id)?.length === 2)
    expect(trial.receipts.get(word.id)).toEqual(Array(2).fill({ id: word.id, outcome: 'stored' }))
    expect((await store.liveEvents.after(0, 9)).map(({ cause }) => cause)).toEqual(['presence', 'frame', 'unchanged'])
  })

  test('before its frame gets no word; said again after it, it is stored', async () => {
    const { unit, store } = trial
    const at = Date.now() - 5 * MINUTE_MS
    const frame = await unit.frame({ at })
    const word = unit.unchanged(frame)
    await trial.say(word)
    await until(() => trial.intake.condition().counts.frameUnknown === 1)
    expect(trial.receipts.size).toBe(0)
    await trial.say(frame)
    await trial.receiptOf(frame)
    await trial.say(word)
    expect((await trial.receiptOf(word)).outcome).toBe('stored')
    expect((await store.frames.frameById(frame.id))?.seenAt).toBeGreaterThan(at)
    expect(await letters()).toEqual([])
  })

  test("whose frame has not come after ten minutes is let go without a dead letter: an outage is nobody's fault", async () => {
    const word = trial.unit.unchanged({ id: newUlid() as ItemId }, {}, { at: Date.now() - 10 * MINUTE_MS })
    await trial.say(word)
    expect(await trial.receiptOf(word)).toEqual({ id: word.id, outcome: 'expired' })
    expect(await letters()).toEqual([])
  })

  test('of a frame of another view, of a view without masks, or of none that is planned is refused', async () => {
    const { unit } = trial
    const frame = await storedFrame(Date.now() - MINUTE_MS)
    const reasonOf = async (change: Parameters<typeof unit.unchanged>[1]) => {
      const word = unit.unchanged(frame, change)
      await trial.say(word)
      return (await trial.receiptOf(word)).reason
    }
    expect(await reasonOf({ preset: 'aval' as never })).toBe('mask-not-approved')
    expect(await reasonOf({ camera: 'cam9' as never })).toBe('camera-unknown')
    expect(await reasonOf({ unit: 'vg-0002' as never })).toBe('topic-and-header-differ')
    const document = structuredClone(unit.site)
    const [up, down] = document.cameras[0]?.presets ?? []
    if (up?.masks === undefined || down === undefined) throw new Error('the trial site has two views')
    down.masks = up.masks
    await trial.store.fleet.replace([document])
    expect(await reasonOf({ preset: 'aval' as never })).toBe('frame-unknown')
    up.masks = { ...up.masks, version: 4 }
    await trial.store.fleet.replace([document])
    expect(await reasonOf({})).toBe('mask-not-approved')
    expect((await trial.store.frames.frameById(frame.id))?.seenAt).toBeNull()
  })

  test('of ten minutes in one message is ten points, also when it comes twice', async () => {
    const { unit, series } = trial
    const now = Date.now()
    const one = decodeTelemetryItem(unit.telemetry().payload)
    if (!one.ok) throw new Error(one.detail)
    const { samples, ...start } = one.value
    const minutes = Array.from({ length: 10 }, (_, minute) =>
      samples.map((sample) => ({ ...sample, temperatureC: minute, agoMs: (9 - minute) * 60_000 })),
    )
    const envelope = { ...start, at: new Date(now).toISOString() }
    const batch = { ...unit.telemetry(), payload: Buffer.from(JSON.stringify(batchOf(envelope, minutes.flat()))) }
    await trial.say(batch, batch)
    expect(await trial.receiptOf(start)).toMatchObject({ outcome: 'stored' })
    await until(() => trial.receipts.get(start.id)?.length === 2)
    const readings = await series.read({ site: unit.siteId, from: now - HOUR_MS, to: now + 1, stepS: 60 })
    expect(readings.map(({ temperatureC }) => temperatureC)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('from a clock at 1970 is expired, from one far ahead refused', async () => {
    const frame = await storedFrame(Date.now() - MINUTE_MS)
    const [old, early] = [
      trial.unit.unchanged(frame, {}, { at: 5_000 }),
      trial.unit.unchanged(frame, {}, { at: Date.now() + HOUR_MS }),
    ]
    await trial.say(old, early)
    expect((await trial.receiptOf(old)).outcome).toBe('expired')
    expect(await trial.receiptOf(early)).toMatchObject({ outcome: 'refused', reason: 'time-in-the-future' })
  })
})

describe('presence', () => {
  const presence = () => trial.store.presence.of(trial.unit.unit)

  test('brings the key, and a late will of an older session changes nothing', async () => {
    const { unit, store } = trial
    await trial.say(unit.birth(3))
    await until(async () => (await presence())?.condition === 'online')
    expect(await store.unitKeys.keyOf(unit.unit, unit.keyId)).toMatchObject({ site: 'essai-1' })
    await trial.say(unit.farewell(2), unit.birth(4), unit.farewell(3), unit.state())
    await until(async () => (await store.cameraStates.all()).length === 1)
    expect(await presence()).toMatchObject({ condition: 'online', session: 4 })
    await trial.say(unit.farewell(4))
    await until(async () => (await presence())?.condition === 'offline')
  })

  test('with a certificate of another authority, or of another unit, teaches no key', async () => {
    const { unit, store } = trial
    const strangers = await createTrialFleet()
    const foreign = JSON.parse(Buffer.from(strangers.unit.birth(1).payload).toString()).certificate
    await trial.say(unit.birth(1, { certificate: foreign }), unit.birth(2, { certificate: 'no certificate' }))
    await until(async () => (await letters()).length === 2)
    expect((await letters()).map(({ reason }) => reason)).toEqual(Array(2).fill('certificate-not-trusted'))
    expect(await presence()).toBeUndefined()
    expect(await store.unitKeys.keyOf(unit.unit, unit.keyId)).toBeUndefined()
    await strangers.remove()
  })

  test('is learnt from what the broker retained when the cloud comes later', async () => {
    const { unit, store } = trial
    await trial.say(unit.birth(1))
    await until(async () => (await presence())?.session === 1)
    const before = (await presence())?.confirmedAt ?? 0
    const second = trial.second()
    const stop = new AbortController()
    const running = second.run(stop.signal)
    await until(async () => ((await presence())?.confirmedAt ?? 0) > before)
    stop.abort()
    await running
    expect((await store.liveEvents.after(0, 9)).map(({ cause }) => cause)).toEqual(['presence'])
  })
})

describe('state and telemetry', () => {
  beforeEach(async () => {
    await trial.say(trial.unit.birth(1))
  })

  test('of a camera is stored and receipted, and a change is a live event', async () => {
    const { unit, store } = trial
    const [first, second] = [unit.state(), unit.state({ condition: 'failing', fault: 'camera-silent', failures: 3 })]
    await trial.say(first, second)
    expect((await trial.receiptOf(first)).outcome).toBe('stored')
    expect((await trial.receiptOf(second)).outcome).toBe('stored')
    expect(await store.cameraStates.ofSite(unit.siteId)).toMatchObject([
      { condition: 'failing', fault: 'camera-silent' },
    ])
    const causes = (await store.liveEvents.after(0, 9)).map(({ cause }) => cause)
    expect(causes).toEqual(['presence', 'state', 'state'])
  })

  test('of a camera that nobody planned says nothing of it, and is taken for the rest', async () => {
    const state = trial.unit.state({ camera: 'cam2' as never })
    await trial.say(state)
    expect(await trial.receiptOf(state)).toMatchObject({ outcome: 'stored' })
    expect(await trial.store.cameraStates.ofSite(trial.unit.siteId)).toEqual([])
  })

  test('of health is in the series when its receipt comes, and the unit was heard', async () => {
    const { unit, series, store } = trial
    const telemetry = unit.telemetry({ temperatureC: 31 })
    await trial.say(telemetry)
    expect((await trial.receiptOf(telemetry)).outcome).toBe('stored')
    const now = Date.now()
    const readings = await series.read({ site: unit.siteId, from: now - HOUR_MS, to: now + 1, stepS: 60 })
    expect(readings).toMatchObject([{ temperatureC: 31, answerMs: { cam1: 240 } }])
    expect((await store.presence.of(unit.unit))?.heardAt).toBeGreaterThan(now - HOUR_MS)
  })

  test('of ten minutes in one message is ten points, also when it comes twice', async () => {
    const { unit, series } = trial
    const now = Date.now()
    const one = decodeTelemetryItem(unit.telemetry().payload)
    if (!one.ok) throw new Error(one.detail)
    const { samples, ...start } = one.value
    const minutes = Array.from({ length: 10 }, (_, minute) =>
      samples.map((sample) => ({ ...sample, temperatureC: minute, agoMs: (9 - minute) * 60_000 })),
    )
    const envelope = { ...start, at: new Date(now).toISOString() }
    const batch = { ...unit.telemetry(), payload: Buffer.from(JSON.stringify(batchOf(envelope, minutes.flat()))) }
    await trial.say(batch, batch)
    expect(await trial.receiptOf(start)).toMatchObject({ outcome: 'stored' })
    await until(() => trial.receipts.get(start.id)?.length === 2)
    const readings = await series.read({ site: unit.siteId, from: now - HOUR_MS, to: now + 1, stepS: 60 })
    expect(readings.map(({ temperatureC }) => temperatureC)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('from a clock at 1970 is expired, from one far ahead refused', async () => {
    const [old, early] = [
      trial.unit.telemetry({}, { at: 5_000 }),
      trial.unit.telemetry({}, { at: Date.now() + HOUR_MS }),
    ]
    await trial.say(old, early)
    expect((await trial.receiptOf(old)).outcome).toBe('expired')
    expect(await trial.receiptOf(early)).toMatchObject({ outcome: 'refused', reason: 'time-in-the-future' })
  })
})
