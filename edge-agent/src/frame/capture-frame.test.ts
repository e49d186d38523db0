import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFrame } from '@vigie/contract/frame'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { decodeUnchanged } from '@vigie/contract/unchanged'
import { createFakeTime, knownTime } from '@vigie/tests/fakes/time'
import sharp from 'sharp'
import { monotonicFactory } from 'ulid'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Kept, OutgoingItem } from '../outbox/outbox.ts'
import { createStamp } from '../stamp.ts'
import { createFrameCapture, type View } from './capture-frame.ts'
import { drawnProbe } from './drawn-probe.fixture.ts'
import { createSentFrames } from './sent-frames.ts'

const signal = new AbortController().signal
const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const view: View = {
  ...{ site: 'col' as SiteId, unit: 'vg-0001' as UnitId, camera: 'cam1' as CameraId, preset: 'amont' as PresetId },
  ...{ turnTo: null, picture: { widthPx: 480, quality: 80 }, checks: {} },
  masks: { version: 1, approvedOn: '2026-11-22', zones: [] },
}
const MINUTE_MS = 60_000
const folder = mkdtempSync(join(tmpdir(), 'vigie-capture-'))
afterAll(() => rmSync(folder, { recursive: true }))
let views = 0

/** A drawn road, as big as a small camera gives it. */
async function pictureOf(options: Parameters<typeof drawnProbe>[0]): Promise<Buffer> {
  const { luma, widthPx, heightPx } = drawnProbe(options)
  return sharp(luma, { raw: { width: widthPx, height: heightPx, channels: 1 } })
    .resize({ width: 960, kernel: 'nearest' })
    .jpeg({ quality: 90 })
    .toBuffer()
}

const car = { left: 130, top: 85, width: 14, height: 10, colour: [200, 0] as const }

/** One view over an outbox that is a list. What it lies about: it is never full unless told. */
function startView(options: Partial<View> = {}) {
  const time = createFakeTime({ nowMs: Date.parse('2026-01-20T10:00:00Z') })
  const newId = monotonicFactory()
  const stamp = createStamp(
    { unit: view.unit, boot: newId() as BootId },
    { time: knownTime(time), newId: () => newId() as ItemId },
  )
  const items: OutgoingItem[] = []
  const waiting = new Set<ItemId>()
  const sentFrames = createSentFrames((id) => waiting.has(id))
  const state: { picture: Uint8Array; answer: Kept } = {
    picture: Buffer.alloc(0),
    answer: { kept: true, dropped: 0, where: 'disk' },
  }
  const capture = createFrameCapture(
    { ...view, ...options },
    {
      camera: () => ({
        ...noCamera,
        grabPicture: async () => ({ bytes: state.picture, answerMs: 0, contentType: 'image/jpeg' }),
      }),
      ...{ time, stamp, key: { id: '0123456789abcdef' as KeyId, privateKey }, sentFrames },
      ...{ sunHeightDeg: () => 30, learntFolder: join(folder, String(views++)) },
      async keep(item) {
        if (state.answer.kept) {
          items.push(item)
          waiting.add(item.id)
        }
        return state.answer
      },
    },
  )
  return {
    ...{ state, items, waiting, time },
    async try(picture: Uint8Array) {
      time.pass(MINUTE_MS)
      state.picture = picture
      return capture(signal, 60)
    },
    async see(picture: Uint8Array) {
      const seen = await this.try(picture)
      if (seen.outcome === 'held-back') throw new Error(`held back: ${seen.suspected}`)
      return seen
    },
    receipt(id: ItemId, outcome: 'stored' | 'expired' | 'refused') {
      waiting.delete(id)
      const name = items.find((item) => item.id === id)?.class ?? 'frame'
      sentFrames.settled([{ item: { class: name, id }, receipt: { id, outcome } }])
    },
  }
}

const noCamera = {
  describe: () => Promise.reject(new Error('not asked')),
  nudge: () => Promise.reject(new Error('not asked')),
  reboot: () => Promise.reject(new Error('never asked')),
  close() {},
}

describe('a view', () => {
  let still: Buffer[]
  beforeEach(async () => {
    still = await Promise.all([1, 2, 3].map((seed) => pictureOf({ seed })))
  })
  const outcomes = (seen: { outcome: string }[]) => seen.map(({ outcome }) => outcome)
  async function seeAll(at: ReturnType<typeof startView>, pictures: readonly Uint8Array[]) {
    const seen = []
    for (const picture of pictures) seen.push(await at.see(picture))
    return seen
  }

  test('whose picture does not change is a frame once, then a word that names that frame', async () => {
    const at = startView()
    const [frame, word] = await seeAll(at, still)
    expect(frame?.outcome).toBe('frame')
    expect(word).toMatchObject({ outcome: 'unchanged', frame: frame?.envelope.id })
    const item = at.items[1]
    const decoded = decodeUnchanged(item?.payload ?? Buffer.alloc(0))
    expect(item).toMatchObject({ class: 'telemetry', topic: 'vigie/1/col/vg-0001/unchanged' })
    expect(decoded.ok && decoded.value).toMatchObject({
      ...{ frame: frame?.envelope.id, camera: 'cam1', preset: 'amont', intervalS: 60, at: '2026-01-20T10:02:00.000Z' },
    })
    expect(item?.payload.byteLength).toBeLessThan(400)
  })

  test('on which a car comes and goes is a frame each time', async () => {
    const at = startView()
    const seen = await seeAll(at, [...still.slice(0, 2), await pictureOf({ seed: 4, boxes: [car] }), ...still.slice(2)])
    expect(outcomes(seen)).toEqual(['frame', 'unchanged', 'frame', 'frame'])
    expect(at.items.filter((item) => item.class === 'frame').every(({ payload }) => decodeFrame(payload).ok)).toBe(true)
  })

  test('is a whole frame again after a quarter of an hour, or as often as its document says', async () => {
    const quarter = await seeAll(startView(), Array(17).fill(still[0]))
    expect(quarter.flatMap(({ outcome }, minute) => (outcome === 'frame' ? [minute] : []))).toEqual([0, 15])
    const always = startView({ picture: { ...view.picture, wholeEveryS: 1 } })
    expect(outcomes(await seeAll(always, still))).toEqual(['frame', 'frame', 'frame'])
  })

  test.each(['refused', 'expired'] as const)('is a whole frame again when its frame was %s', async (outcome) => {
    const at = startView()
    const frame = await at.see(still[0] ?? Buffer.alloc(0))
    at.receipt(frame.envelope.id, outcome)
    expect(outcomes(await seeAll(at, still))).toEqual(['frame', 'unchanged', 'unchanged'])
  })

  test('is a whole frame again when its frame gave way in the outbox, and not once it was stored', async () => {
    const at = startView()
    const stored = await at.see(still[0] ?? Buffer.alloc(0))
    at.receipt(stored.envelope.id, 'stored')
    expect(outcomes(await seeAll(at, still.slice(1)))).toEqual(['unchanged', 'unchanged'])
    const other = startView()
    const dropped = await other.see(still[0] ?? Buffer.alloc(0))
    other.waiting.delete(dropped.envelope.id)
    expect(outcomes(await seeAll(other, still.slice(1)))).toEqual(['frame', 'unchanged'])
  })

  test('is a whole frame again when the cloud does not know the frame that was named', async () => {
    const at = startView()
    const [, word] = await seeAll(at, still.slice(0, 2))
    at.receipt(word?.envelope.id ?? ('' as ItemId), 'refused')
    expect((await at.see(still[2] ?? Buffer.alloc(0))).outcome).toBe('frame')
  })

  test('is compared with the last frame that was kept, not with one that found no room', async () => {
    const at = startView()
    const withCar = await pictureOf({ seed: 4, boxes: [car] })
    await at.see(still[0] ?? Buffer.alloc(0))
    at.state.answer = { kept: false, reason: 'outbox-full' }
    await expect(at.see(withCar)).rejects.toMatchObject({ code: 'outbox-full' })
    at.state.answer = { kept: true, dropped: 0, where: 'disk' }
    expect((await at.see(withCar)).outcome).toBe('frame')
  })

  test('that is blurred is published all the same, from the third such picture on with a doubt in its header', async () => {
    const at = startView()
    const soft = await Promise.all(
      [4, 5, 6, 7].map(async (seed) =>
        sharp(await pictureOf({ seed, boxes: [{ ...car, left: 100 + 4 * seed }] }))
          .blur(9)
          .jpeg()
          .toBuffer(),
      ),
    )
    await seeAll(at, [...still.slice(0, 1), ...soft])
    const doubts = at.items.map(({ payload }) => {
      const frame = decodeFrame(payload)
      return frame.ok && frame.value.header.doubts
    })
    expect(doubts).toEqual([undefined, undefined, undefined, ['picture-blurred'], ['picture-blurred']])
  })

  test('of which the camera gives a card is not published, not even once, and a fault from the third on', async () => {
    const at = startView()
    await at.see(still[0] ?? Buffer.alloc(0))
    const card = await sharp(
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="960" height="540"><rect width="960" height="540" fill="#264fae"/><text x="200" y="300" font-size="90" fill="#fff">NO SIGNAL</text></svg>',
      ),
    )
      .jpeg()
      .toBuffer()
    expect(await at.try(card)).toMatchObject({ outcome: 'held-back', suspected: 'picture-not-road' })
    expect(await at.try(card)).toMatchObject({ outcome: 'held-back' })
    await expect(at.try(card)).rejects.toMatchObject({ code: 'picture-not-road' })
    expect(at.items).toHaveLength(1)
  })

  test('whose camera repeats itself is a fault once its pictures are known to differ, and a frame when it goes on', async () => {
    const at = startView()
    const alive = await Promise.all(Array.from({ length: 31 }, (_, seed) => pictureOf({ seed: 10 + seed })))
    await seeAll(at, alive)
    const again = alive.at(-1) ?? Buffer.alloc(0)
    await seeAll(at, [again, again, again])
    const before = at.items.length
    for (let picture = 0; picture < 20; picture++) {
      await expect(at.try(again)).rejects.toMatchObject({ code: 'picture-frozen' })
    }
    expect(at.items).toHaveLength(before)
    expect((await at.see(still[0] ?? Buffer.alloc(0))).outcome).toMatch(/frame|unchanged/)
  })

  test('whose camera gives something broken is a fault, whether or not it looked the same before', async () => {
    const at = startView()
    await at.see(still[0] ?? Buffer.alloc(0))
    const half = still[0]?.subarray(0, 9000) ?? Buffer.alloc(0)
    await expect(at.see(half)).rejects.toMatchObject({ code: 'picture-broken' })
  })
})
