import type { NewFrame } from '@vigie/cloud-api/store/items'
import type { Sighting } from '@vigie/cloud-api/store/sightings'
import type { Store } from '@vigie/cloud-api/store/store'
import type { ItemId, PresetId, UnitId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import { newUlid } from '../fixtures/trial-fleet.ts'
import { camera, frameAt, letterAt, NOON, type OpenDatabase, preset, site, useStore } from './store-trial.ts'

const MINUTE_MS = 60_000

const sightingOf = (frame: NewFrame, seenAt: number, change: Partial<Sighting> = {}): Sighting => {
  const { site, unit, camera, preset, maskVersion } = frame
  const said = { clock: 'synchronised', receivedAt: seenAt + 300, intervalS: null, maskVersion } as const
  return { id: newUlid() as ItemId, site, unit, camera, preset, frame: frame.id, seenAt, ...said, ...change }
}

const see = (store: Store, sightings: Sighting[], frames: NewFrame[] = []) =>
  store.items.storeItems({ frames, sightings, states: [], deadLetters: [], heard: [], at: NOON })

/** What the store promises of views that a unit has found unchanged. */
export function sightingsAreKept(open: OpenDatabase) {
  const trial = useStore(open)
  const seenAt = async ({ id }: NewFrame) => {
    const stored = await trial.store.frames.frameById(id)
    return stored?.seenAt == null ? null : stored.seenAt - NOON
  }

  describe('a view that was found unchanged', () => {
    test('counts as seen at that time, by that clock and that plan, and its picture stays as old as it is', async () => {
      const frame = frameAt(NOON, { intervalS: 60, doubts: 'picture-blurred' })
      await trial.storeFrames(frame)
      const sighting = sightingOf(frame, NOON + MINUTE_MS, { clock: 'estimated', intervalS: 600 })
      expect(await see(trial.store, [sighting])).toEqual(new Map([[sighting.id, 'stored']]))
      expect(await trial.store.frames.frameById(frame.id)).toMatchObject({
        capturedAt: NOON,
        clock: 'synchronised',
        seenAt: NOON + MINUTE_MS,
        seenReceivedAt: sighting.receivedAt,
        seenClock: 'estimated',
        intervalS: 600,
        doubts: 'picture-blurred',
      })
      expect(await trial.causes()).toEqual(['frame', 'unchanged'])
    })

    test('ends in the same state from whatever order its words come in, and however often', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      const sightings = [3, 1, 5, 2, 4].map((minute) => sightingOf(frame, NOON + minute * MINUTE_MS))
      for (const one of [...sightings, ...sightings.toReversed()]) {
        expect(await see(trial.store, [one, one])).toEqual(new Map([[one.id, 'stored']]))
      }
      expect(await seenAt(frame)).toBe(5 * MINUTE_MS)
      // Only the third and the fifth minute were news when they came.
      expect(await trial.causes()).toEqual(['frame', 'unchanged', 'unchanged'])
    })

    test('noted by two instances at once is noted as the later of both', async () => {
      const other = await trial.second()
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      const at = (minute: number) => sightingOf(frame, NOON + minute * MINUTE_MS)
      await Promise.all([1, 4, 2, 3].map((minute) => see(minute % 2 === 0 ? other : trial.store, [at(minute)])))
      expect(await seenAt(frame)).toBe(4 * MINUTE_MS)
    })

    test('is found when its frame comes in the same batch, also when the frame itself comes a second time', async () => {
      const frame = frameAt(NOON)
      const first = sightingOf(frame, NOON + MINUTE_MS)
      expect(await see(trial.store, [first], [frame])).toMatchObject({ size: 2 })
      expect(await seenAt(frame)).toBe(MINUTE_MS)
      const second = sightingOf(frame, NOON + 2 * MINUTE_MS)
      expect(await see(trial.store, [second], [frame])).toEqual(
        new Map([
          [second.id, 'stored'],
          [frame.id, 'already'],
        ]),
      )
      expect(await seenAt(frame)).toBe(2 * MINUTE_MS)
    })

    test('before the capture of its frame, by a clock that went back, changes nothing', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      await see(trial.store, [sightingOf(frame, NOON - MINUTE_MS)])
      expect(await seenAt(frame)).toBeNull()
      expect(await trial.causes()).toEqual(['frame'])
    })

    test('that is no more the newest fills the past, and tells nobody', async () => {
      const [old, newest] = [frameAt(NOON), frameAt(NOON + 10 * MINUTE_MS)]
      await trial.storeFrames(old, newest)
      await see(trial.store, [sightingOf(old, NOON + MINUTE_MS)])
      expect(await seenAt(old)).toBe(MINUTE_MS)
      expect((await trial.store.frames.latestFrame({ site, camera, preset }))?.id).toBe(newest.id)
      expect(await trial.causes()).toEqual(['frame'])
    })
  })

  describe('a sighting is not taken', () => {
    test('of a frame that is not there, and is taken once it is', async () => {
      const frame = frameAt(NOON)
      const sighting = sightingOf(frame, NOON + MINUTE_MS)
      expect((await see(trial.store, [sighting])).get(sighting.id)).toBe('frame-unknown')
      await trial.storeFrames(frame)
      expect((await see(trial.store, [sighting])).get(sighting.id)).toBe('stored')
    })

    test('of a frame of another unit or of another view', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      for (const change of [{ unit: 'vg-0002' as UnitId }, { preset: 'aval' as PresetId }]) {
        const sighting = sightingOf(frame, NOON + MINUTE_MS, change)
        expect((await see(trial.store, [sighting])).get(sighting.id)).toBe('frame-elsewhere')
      }
      expect(await seenAt(frame)).toBeNull()
    })

    test('of a frame whose masks are not the approved ones any more', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      const sighting = sightingOf(frame, NOON + MINUTE_MS, { maskVersion: frame.maskVersion + 1 })
      expect((await see(trial.store, [sighting])).get(sighting.id)).toBe('masks-outdated')
      expect(await seenAt(frame)).toBeNull()
    })

    test('of a frame whose picture was taken back', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      await trial.store.frames.takeBack({ id: frame.id, letter: letterAt(NOON), at: NOON }, async () => {})
      const sighting = sightingOf(frame, NOON + MINUTE_MS)
      expect((await see(trial.store, [sighting])).get(sighting.id)).toBe('picture-taken-back')
    })
  })
}
