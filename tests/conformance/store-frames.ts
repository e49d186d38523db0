import type { NewFrame } from '@vigie/cloud-api/store/items'
import type { Store } from '@vigie/cloud-api/store/store'
import type { PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import {
  camera,
  frameAt,
  HOUR_MS,
  letterAt,
  NOON,
  type OpenDatabase,
  preset,
  site,
  unit,
  useStore,
} from './store-trial.ts'

/** What the store promises of frames, their thumbnails and their end. */
export function framesAreKept(open: OpenDatabase) {
  const trial = useStore(open)

  describe('a frame', () => {
    test('is stored once whatever is sent again, and comes back as it went in', async () => {
      const frame = frameAt(NOON)
      expect(await trial.storeFrames(frame)).toEqual(new Map([[frame.id, 'stored']]))
      expect(await trial.storeFrames(frame)).toEqual(new Map([[frame.id, 'already']]))
      expect(await trial.storeFrames(frame, frameAt(NOON + 1), frame)).toMatchObject({ size: 2 })
      expect(await trial.store.frames.frameById(frame.id)).toEqual({
        ...frame,
        ...{ seenAt: null, seenClock: null, seenReceivedAt: null },
        ...{ picture: 'kept', thumbnails: 'missing' },
      })
      expect(await trial.store.frames.history({ site, camera, from: 0, to: NOON + HOUR_MS, limit: 10 })).toHaveLength(2)
    })

    test('does not take the place of another that has its id', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      const impostor = { ...frameAt(NOON + 5), id: frame.id }
      const stranger = { ...frame, unit: 'vg-0002' as UnitId }
      expect(await trial.storeFrames(impostor)).toEqual(new Map([[frame.id, 'id-taken']]))
      expect(await trial.storeFrames(stranger)).toEqual(new Map([[frame.id, 'id-taken']]))
      expect(await trial.store.frames.frameById(frame.id)).toMatchObject({ unit, sha256: frame.sha256 })
    })

    test('stored by two instances at once is stored by one of them', async () => {
      const other = await trial.second()
      const frames = Array.from({ length: 20 }, (_, index) => frameAt(NOON + index))
      const batch = { frames, states: [], deadLetters: [], heard: [], at: NOON }
      const both = await Promise.all([trial.store.items.storeItems(batch), other.items.storeItems(batch)])
      for (const { id } of frames)
        expect(both.map((outcomes) => outcomes.get(id)).sort()).toEqual(['already', 'stored'])
      expect(await trial.causes()).toEqual(['frame'])
    })

    test('is the latest of its view when it is the newest by capture, not by arrival', async () => {
      const newest = frameAt(NOON)
      const downhill = frameAt(NOON - 1, { preset: 'aval' as PresetId })
      await trial.storeFrames(newest, downhill)
      await trial.storeFrames(frameAt(NOON - HOUR_MS), frameAt(NOON - 2 * HOUR_MS))
      expect((await trial.store.frames.latestFrame({ site, camera, preset }))?.id).toBe(newest.id)
      expect((await trial.store.frames.latestFrames()).map(({ id }) => id).sort()).toEqual(
        [newest.id, downhill.id].sort(),
      )
      expect(await trial.store.frames.latestFrame({ site, camera, preset: 'nulle-part' as PresetId })).toBeUndefined()
    })

    test('makes one live event when it changes what is shown, none when it only fills the past', async () => {
      await trial.storeFrames(frameAt(NOON), frameAt(NOON + 1), frameAt(NOON, { preset: 'aval' as PresetId }))
      expect(await trial.causes()).toEqual(['frame'])
      await trial.storeFrames(frameAt(NOON - HOUR_MS))
      expect(await trial.causes()).toEqual(['frame'])
    })

    test('is found in the history between two times, in order of capture, the newest when there are too many', async () => {
      const frames = [3, 1, 2, 0, 4].map((minute) => frameAt(NOON + minute * 60_000))
      await trial.storeFrames(...frames, frameAt(NOON + 60_000, { preset: 'aval' as PresetId }))
      const minutes = async (query: Partial<Parameters<Store['frames']['history']>[0]>) => {
        const found = await trial.store.frames.history({
          site,
          camera,
          preset,
          from: NOON,
          to: NOON + HOUR_MS,
          limit: 99,
          ...query,
        })
        return found.map(({ capturedAt }) => (capturedAt - NOON) / 60_000)
      }
      expect(await minutes({})).toEqual([0, 1, 2, 3, 4])
      expect(await minutes({ from: NOON + 60_000, to: NOON + 180_000 })).toEqual([1, 2])
      expect(await minutes({ limit: 2 })).toEqual([3, 4])
      expect(await minutes({ preset: undefined })).toEqual([0, 1, 1, 2, 3, 4])
      expect(await minutes({ site: 'essai-2' as SiteId })).toEqual([])
    })

    test('that is many: a batch of 500 with its events is one transaction', async () => {
      const frames = Array.from({ length: 500 }, (_, index) => frameAt(NOON + index))
      expect((await trial.storeFrames(...frames)).size).toBe(500)
    })
  })

  describe('thumbnails', () => {
    test('are asked for the newest frame first, until they are made or cannot be', async () => {
      const [old, middle, young] = [frameAt(NOON), frameAt(NOON + 1), frameAt(NOON + 2)] as const
      await trial.storeFrames(old, young, middle)
      const waiting = async () => (await trial.store.frames.framesWithoutThumbnails(2)).map(({ id }) => id)
      expect(await waiting()).toEqual([young.id, middle.id])
      expect(await trial.store.frames.noteThumbnails([young.id], 'made')).toEqual(new Set([young.id]))
      expect(await trial.store.frames.noteThumbnails([middle.id], 'impossible')).toEqual(new Set([middle.id]))
      expect(await waiting()).toEqual([old.id])
      expect((await trial.store.frames.frameById(young.id))?.thumbnails).toBe('made')
    })

    test('of a picture that was deleted meanwhile are not noted', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      await trial.store.frames.forgetPictures({ before: NOON + 1, limit: 9 }, async () => {})
      expect(await trial.store.frames.noteThumbnails([frame.id], 'made')).toEqual(new Set())
      expect(await trial.store.frames.framesWithoutThumbnails(9)).toEqual([])
    })
  })

  describe('taking back', () => {
    const letterFor = ({ id }: NewFrame) => letterAt(NOON, { item: id, reason: 'picture-not-decodable' })
    const latestId = async () => (await trial.store.frames.latestFrame({ site, camera, preset }))?.id

    test('lets a view show the newest frame before that was not taken back, with a live event', async () => {
      const [first, second, third] = [frameAt(NOON), frameAt(NOON + 1), frameAt(NOON + 2)] as const
      await trial.storeFrames(first, second, third)
      const deleted: string[] = []
      const takeBack = (frame: NewFrame) =>
        trial.store.frames.takeBack(
          { id: frame.id, letter: letterFor(frame), at: NOON },
          async (sha256s) => void deleted.push(...sha256s),
        )
      expect(await takeBack(second)).toBe(true)
      expect(await latestId()).toBe(third.id)
      expect(await takeBack(third)).toBe(true)
      expect(await latestId()).toBe(first.id)
      expect(await takeBack(third)).toBe(false)
      expect(await trial.causes()).toEqual(['frame', 'frame'])
      expect(deleted).toEqual([second.sha256, third.sha256])
      expect(await trial.store.deadLetters.newest(9)).toHaveLength(2)
      expect(await trial.storeFrames(frameAt(NOON + 1))).toMatchObject({ size: 1 })
      expect(await latestId()).not.toBe(first.id)
    })

    test('of all that a view had leaves it without, until the next', async () => {
      const only = frameAt(NOON)
      await trial.storeFrames(only)
      await trial.store.frames.takeBack({ id: only.id, letter: letterFor(only), at: NOON }, async () => {})
      expect(await trial.store.frames.latestFrames()).toEqual([])
      expect(await trial.store.frames.history({ site, camera, from: 0, to: NOON + HOUR_MS, limit: 9 })).toEqual([])
      expect(await trial.store.frames.forgetFrames(NOON + HOUR_MS)).toBe(1)
      await trial.storeFrames(frameAt(NOON - HOUR_MS))
      expect(await latestId()).toBeDefined()
    })

    test('leaves a content alone that another kept frame has', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame, frameAt(NOON + 1, { sha256: frame.sha256 }))
      const deleted: string[] = []
      const keep = async (sha256s: string[]) => void deleted.push(...sha256s)
      await trial.store.frames.takeBack({ id: frame.id, letter: letterFor(frame), at: NOON }, keep)
      expect(deleted).toEqual([])
    })
  })

  describe('forgetting', () => {
    test('deletes a content with the last frame that has it', async () => {
      const [first, twin, other] = [frameAt(NOON), frameAt(NOON + 10), frameAt(NOON)] as const
      await trial.storeFrames(first, { ...twin, sha256: first.sha256 }, other)
      const deleted: string[] = []
      const forget = (before: number) =>
        trial.store.frames.forgetPictures({ before, limit: 9 }, async (sha256s) => void deleted.push(...sha256s))
      expect(await forget(NOON + 5)).toBe(2)
      expect(deleted).toEqual([other.sha256])
      expect((await trial.store.frames.frameById(first.id))?.picture).toBe('deleted')
      expect(await forget(NOON + 11)).toBe(1)
      expect(deleted).toEqual([other.sha256, first.sha256])
      expect(await forget(NOON + 11)).toBe(0)
    })

    test('notes nothing when a file cannot be deleted', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      const failing = trial.store.frames.forgetPictures({ before: NOON + 1, limit: 9 }, async () => {
        throw new Error('the disk says no')
      })
      await expect(failing).rejects.toThrow('the disk says no')
      expect((await trial.store.frames.frameById(frame.id))?.picture).toBe('kept')
      expect(await trial.store.frames.countKeptBefore(NOON + 1)).toBe(1)
    })

    test('keeps out a frame that comes back with a content while this is being deleted', async () => {
      const other = await trial.second()
      const old = frameAt(NOON)
      await trial.storeFrames(old)
      const order: string[] = []
      const again = { ...frameAt(NOON + HOUR_MS), sha256: old.sha256 }
      let storing: Promise<unknown> = Promise.resolve()
      await trial.store.frames.forgetPictures({ before: NOON + 1, limit: 9 }, async () => {
        storing = writeElsewhere(other, again).then(() => order.push('stored'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push('deleted')
      })
      await storing
      expect(order).toEqual(['deleted', 'stored'])
    })

    test('keeps the row of the newest frame of a view, however old, and the rows that still have a picture', async () => {
      const [old, newest] = [frameAt(NOON), frameAt(NOON + 1)] as const
      await trial.storeFrames(old, newest)
      expect(await trial.store.frames.forgetFrames(NOON + HOUR_MS)).toBe(0)
      await trial.store.frames.forgetPictures({ before: NOON + HOUR_MS, limit: 9 }, async () => {})
      expect(await trial.store.frames.forgetFrames(NOON + HOUR_MS)).toBe(1)
      expect(await trial.store.frames.frameById(old.id)).toBeUndefined()
      expect((await trial.store.frames.latestFrame({ site, camera, preset }))?.id).toBe(newest.id)
    })

    test('knows which contents no frame has', async () => {
      const frame = frameAt(NOON)
      await trial.storeFrames(frame)
      const stray = 'f'.repeat(64)
      expect(await trial.store.frames.unkeptContents([frame.sha256, stray])).toEqual(new Set([stray]))
      const deleted: string[] = []
      await trial.store.frames.deleteUnkept([frame.sha256, stray], async (sha256s) => void deleted.push(...sha256s))
      expect(deleted).toEqual([stray])
    })
  })
}

const writeElsewhere = (other: Store, frame: NewFrame) =>
  other.items.storeItems({ frames: [frame], states: [], deadLetters: [], heard: [], at: NOON })
