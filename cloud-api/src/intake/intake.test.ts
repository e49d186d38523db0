import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { ItemId } from '@vigie/contract/ids'
import { createTrialFleet, newUlid, type Said, trialPicture } from '@vigie/tests/fixtures/trial-fleet'
import { openTrialIntake, type TrialIntake } from '@vigie/tests/fixtures/trial-intake'
import { until } from '@vigie/tests/fixtures/until'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '../faults.ts'

let trial: TrialIntake
const open = async (options?: Parameters<typeof openTrialIntake>[0]) => {
  trial = await openTrialIntake(options)
}
afterEach(() => trial.close())

const HOUR_MS = 3_600_000
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const letters = () => trial.store.deadLetters.newest(100)

describe('a frame', () => {
  beforeEach(() => open())

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

describe('a frame that will never be stored', () => {
  beforeEach(async () => {
    await open({ sites: 2 })
    await trial.say(trial.unit.birth(1))
  })

  /** Says it and tells its receipt and its dead letter; no picture byte may be in that. */
  async function refusalOf(said: Said) {
    await trial.say(said)
    const receipt = await trial.receiptOf(said)
    const [letter] = await letters()
    expect(receipt).toEqual({ id: said.id, outcome: 'refused', reason: letter?.reason })
    expect(letter).toMatchObject({ item: said.id, bytes: said.payload.byteLength })
    expect(letter?.excerpt.includes(Buffer.from([0xff, 0xd8]))).toBe(false)
    expect(letter?.excerpt.byteLength).toBeLessThan(1025)
    expect(await trial.store.frames.latestFrames()).toEqual([])
    return letter
  }

  test('because its header was signed by another key', async () => {
    const letter = await refusalOf(await trial.unit.frame({ signedBy: newKey() }))
    expect(letter?.reason).toBe('signature-wrong')
    expect(letter?.excerpt.toString()).toContain('"kind":"frame"')
  })

  test('because another picture was put behind its header', async () => {
    const swappedFor = await trialPicture(2)
    expect((await refusalOf(await trial.unit.frame({ swappedFor })))?.reason).toBe('signature-wrong')
  })

  test('because its masks are not the approved ones, or none were approved', async () => {
    expect((await refusalOf(await trial.unit.frame({ maskVersion: 2 })))?.reason).toBe('mask-not-approved')
    expect((await refusalOf(await trial.unit.frame({ preset: 'aval' })))?.reason).toBe('mask-not-approved')
  })

  test('because no such camera or preset is planned', async () => {
    expect((await refusalOf(await trial.unit.frame({ camera: 'cam9' })))?.reason).toBe('camera-unknown')
    expect((await refusalOf(await trial.unit.frame({ preset: 'ailleurs' })))?.reason).toBe('camera-unknown')
  })

  test('because its topic names another view than its header', async () => {
    const frame = await trial.unit.frame()
    const topic = frame.topic.replace('/amont', '/aval')
    expect((await refusalOf({ ...frame, topic }))?.reason).toBe('topic-and-header-differ')
  })

  test('because it is not of the size that it says, or is no JPEG, or is cut', async () => {
    const picture = await trialPicture(4)
    expect((await refusalOf(await trial.unit.frame({ picture, widthPx: 65 })))?.reason).toBe('picture-not-decodable')
    const text = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    expect((await refusalOf(await trial.unit.frame({ picture: text })))?.reason).toBe('picture-not-decodable')
    const cut = picture.subarray(0, picture.byteLength - 200)
    const letter = await refusalOf(await trial.unit.frame({ picture: cut, widthPx: 64, heightPx: 48 }))
    expect(letter?.reason).toBe('picture-not-decodable')
  })

  test('because its time has not come yet', async () => {
    const frame = await trial.unit.frame({ at: Date.now() + HOUR_MS })
    expect((await refusalOf(frame))?.reason).toBe('time-in-the-future')
  })

  test('because its id belongs to another frame', async () => {
    const { unit, store } = trial
    const first = await unit.frame()
    await trial.say(first)
    expect((await trial.receiptOf(first)).outcome).toBe('stored')
    trial.receipts.clear()
    const second = await unit.frame({ id: first.id })
    await trial.say(second)
    expect(await trial.receiptOf(second)).toMatchObject({ outcome: 'refused', reason: 'id-taken' })
    expect((await letters())[0]).toMatchObject({ reason: 'id-taken', item: first.id })
    expect(await store.frames.latestFrames()).toHaveLength(1)
  })

  test('because its unit stands elsewhere', async () => {
    const [, other] = trial.units
    const stranger = await trial.unit.frame()
    const topic = stranger.topic.replace('essai-1', 'essai-2')
    await trial.say({ topic, payload: stranger.payload })
    await until(async () => (await letters()).length === 1)
    expect((await letters())[0]).toMatchObject({ reason: 'unit-not-at-site', site: other?.siteId, unit: 'vg-0001' })
  })

  test('and that comes again makes one dead letter and another receipt', async () => {
    const frame = await trial.unit.frame({ signedBy: newKey() })
    await refusalOf(frame)
    await trial.say(frame)
    await until(() => trial.receipts.get(frame.id)?.length === 2)
    expect(await letters()).toHaveLength(1)
  })
})

describe('bytes of any kind', () => {
  beforeEach(() => open())

  test('become dead letters with their reason, and never stop what comes after them', async () => {
    const { unit } = trial
    const topicOf = (what: string) => unit.receiptTopic.replace('/receipt', `/${what}`)
    const frameTopic = topicOf('frame/cam1/amont')
    const picture = await trialPicture(1)
    await trial.say(
      { topic: frameTopic, payload: Buffer.alloc(0) },
      { topic: frameTopic, payload: randomBytes(3_000) },
      { topic: frameTopic, payload: Buffer.concat([Buffer.from('VGF1'), Buffer.from([0, 0, 255, 255]), picture]) },
      { topic: frameTopic, payload: Buffer.concat([Buffer.from('VGF1'), Buffer.from([0, 0, 0, 100]), picture]) },
      { topic: topicOf('state'), payload: picture },
      { topic: topicOf('state'), payload: Buffer.from('{"v":2}') },
      { topic: topicOf('telemetry'), payload: Buffer.from('{}') },
      { topic: topicOf('presence'), payload: Buffer.from('[]') },
      { topic: 'vigie/1/essai-1/VG/state', payload: Buffer.from('{}') },
      { topic: topicOf('progress'), payload: Buffer.from('{}') },
    )
    const frame = await unit.frame()
    await trial.say(unit.birth(1), frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    await until(() => trial.intake.condition().waiting.items === 0)
    const found = (await letters()).map(({ reason }) => reason).sort()
    expect(found).toEqual([
      'header-too-long',
      'not-a-frame',
      'not-a-frame',
      'not-json',
      'not-json',
      'shape-wrong',
      'shape-wrong',
      'topic-unknown',
      'version-unknown',
    ])
    for (const { excerpt } of await letters())
      expect(excerpt.includes(Buffer.from(picture.subarray(0, 16)))).toBe(false)
  })

  test('that can be named are receipted as refused: the unit may let them go', async () => {
    const { unit } = trial
    const id = newUlid() as ItemId
    const topic = unit.receiptTopic.replace('/receipt', '/telemetry')
    await trial.say({ topic, payload: Buffer.from(JSON.stringify({ v: 1, id, strange: true })) })
    expect(await trial.receiptOf({ id })).toEqual({ id, outcome: 'refused', reason: 'shape-wrong' })
  })
})

describe('presence', () => {
  beforeEach(() => open())
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
    await open()
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

  test('of a camera that nobody planned is refused', async () => {
    const state = trial.unit.state({ camera: 'cam2' as never })
    await trial.say(state)
    expect(await trial.receiptOf(state)).toMatchObject({ outcome: 'refused', reason: 'camera-unknown' })
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

describe('when something fails', () => {
  const broken = () => Promise.reject(new Fault('store-unavailable', { detail: 'disk full' }))

  test('a database that does not write gets no receipt out; all is stored and receipted once it does', async () => {
    let isBroken = true
    await open({
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = (batch) =>
          isBroken ? broken() : store.items.storeItems(batch)
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, intake } = trial
    await trial.say(unit.birth(1))
    const frames = await Promise.all(Array.from({ length: 5 }, () => unit.frame()))
    await trial.say(...frames)
    await until(() => intake.condition().failing.length > 0)
    expect(intake.condition()).toMatchObject({ failing: [{ part: 'storing', fault: 'store-unavailable' }] })
    expect(trial.receipts.size).toBe(0)
    isBroken = false
    for (const frame of frames) expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    expect(intake.condition().failing).toEqual([])
    expect(trial.lines.map(({ event }) => event)).toContain('intake.works-again')
  })

  test('a series store that is away keeps no frame from being stored', async () => {
    let isBroken = true
    await open({
      replace: ({ series }) => ({
        series: {
          ...series,
          write: (points) => (isBroken ? Promise.reject(new Fault('series-unavailable')) : series.write(points)),
        },
      }),
    })
    const { unit, intake } = trial
    const [telemetry, frame] = [unit.telemetry(), await unit.frame()]
    await trial.say(unit.birth(1), telemetry, frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    await until(() => intake.condition().failing.some(({ part }) => part === 'series'))
    expect(trial.receipts.has(telemetry.id)).toBe(false)
    isBroken = false
    expect((await trial.receiptOf(telemetry)).outcome).toBe('stored')
  })

  test('what finds no room is let go without a word, and its unit is heard again later', async () => {
    let isBroken = true
    await open({
      intake: { maxWaitingItems: 3, roomWithinMs: 5 },
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = (batch) =>
          isBroken ? broken() : store.items.storeItems(batch)
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, intake } = trial
    await trial.say(unit.birth(1))
    const frames = await Promise.all(Array.from({ length: 8 }, () => unit.frame()))
    await trial.say(...frames)
    await until(() => intake.condition().counts.letGo > 0)
    expect(intake.condition().waiting.items).toBeLessThan(4)
    isBroken = false
    await until(() => intake.condition().waiting.items === 0)
    const lost = frames.filter(({ id }) => !trial.receipts.has(id))
    expect(lost.length).toBeGreaterThan(0)
    for (const frame of lost) {
      await trial.say(frame)
      expect((await trial.receiptOf(frame)).outcome).toBe('stored')
    }
  })

  test('a picture file that retention took away in between is there again before the receipt', async () => {
    await open({
      replace: ({ store, pictures }) => {
        const storeItems: typeof store.items.storeItems = async (batch) => {
          for (const { sha256 } of batch.frames) await pictures.remove(sha256)
          return store.items.storeItems(batch)
        }
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const { unit, store, pictures } = trial
    const frame = await unit.frame()
    await trial.say(unit.birth(1), frame)
    await trial.receiptOf(frame)
    const sha256 = (await store.frames.frameById(frame.id))?.sha256 ?? ''
    expect(await pictures.sizeOf(sha256, 'full')).not.toBeNull()
  })

  test('a broker that goes away and comes back empty is found again', async () => {
    await open()
    const { unit, intake } = trial
    await trial.say(unit.birth(1))
    const gone = await trial.cutBroker()
    await until(() => intake.connectedSince() === null)
    expect(intake.condition().connectedSince).toBeNull()
    await gone.back()
    const frame = await unit.frame()
    await trial.say(unit.birth(2), frame)
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
  })

  test('two instances store each frame once between them', async () => {
    await open()
    const { unit, store } = trial
    const second = trial.second()
    const stop = new AbortController()
    const running = second.run(stop.signal)
    await until(() => second.connectedSince() !== null)
    const frames = await Promise.all(Array.from({ length: 10 }, () => unit.frame()))
    await trial.say(unit.birth(1), ...frames)
    await until(() => frames.every(({ id }) => trial.receipts.get(id)?.length === 2))
    const found = await store.frames.history({
      site: unit.siteId,
      camera: 'cam1' as never,
      from: 0,
      to: 1e15,
      limit: 99,
    })
    expect(found).toHaveLength(10)
    stop.abort()
    await running
  })

  test('told to stop, it finishes what it commits, receipts it, and ends', async () => {
    let isReached = false
    await open({
      replace: ({ store }) => {
        const storeItems: typeof store.items.storeItems = async (batch) => {
          isReached = true
          await new Promise((resolve) => setTimeout(resolve, 30))
          return store.items.storeItems(batch)
        }
        return { store: { ...store, items: { storeItems } } }
      },
    })
    const frame = await trial.unit.frame()
    await trial.say(trial.unit.birth(1), frame)
    await until(() => isReached)
    await trial.stop()
    expect((await trial.receiptOf(frame)).outcome).toBe('stored')
  })
})
