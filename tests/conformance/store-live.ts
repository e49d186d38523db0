import { storeFaultOf } from '@vigie/cloud-api/store/store-fault'
import type { PresetId, SiteId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import { camera, frameAt, HOUR_MS, NOON, type OpenDatabase, preset, site, useStore } from './store-trial.ts'

/** What the store promises of live events, and of a change as a whole. */
export function changesAreTold(open: OpenDatabase) {
  const trial = useStore(open)

  describe('live events', () => {
    test('are read from a number on, also by a second instance, and their numbers outlive trimming', async () => {
      const other = await trial.second()
      expect(await trial.store.liveEvents.newestSeq()).toBe(0)
      expect(await trial.store.liveEvents.oldestSeq()).toBeNull()
      for (const hour of [0, 1, 2]) {
        await trial.store.items.storeItems({
          frames: [frameAt(NOON + hour)],
          states: [],
          deadLetters: [],
          heard: [],
          at: NOON + hour * HOUR_MS,
        })
      }
      const all = await other.liveEvents.after(0, 9)
      expect(all.map(({ cause, at }) => [cause, (at - NOON) / HOUR_MS])).toEqual([
        ['frame', 0],
        ['frame', 1],
        ['frame', 2],
      ])
      expect(await other.liveEvents.after(all[0]?.seq ?? 0, 1)).toEqual([all[1]])
      expect(await trial.store.liveEvents.trim(NOON + 9 * HOUR_MS)).toBe(2)
      expect(await other.liveEvents.newestSeq()).toBe(all[2]?.seq)
      expect(await other.liveEvents.oldestSeq()).toBe(all[2]?.seq)
      await trial.storeFrames(frameAt(NOON + 99))
      expect(await other.liveEvents.newestSeq()).toBeGreaterThan(all[2]?.seq ?? 0)
    })

    test('rise in the order of commit: a reader that follows the log misses none of many writers', async () => {
      const writers = [trial.store, await trial.second(), await trial.second()]
      const reader = await trial.second()
      const seen: number[] = []
      let writing = true
      const follow = async () => {
        for (let last = true; writing || last; ) {
          last = writing
          const events = await reader.liveEvents.after(seen.at(-1) ?? 0, 50)
          seen.push(...events.map(({ seq }) => seq))
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const following = follow()
      await Promise.all(
        writers.map(async (writer, index) => {
          for (let count = 0; count < 25; count += 1) {
            const presetOfWriter = `vue-${index}` as PresetId
            const frames = [frameAt(NOON + count, { preset: presetOfWriter })]
            await writer.items.storeItems({ frames, states: [], deadLetters: [], heard: [], at: NOON })
          }
        }),
      )
      writing = false
      await following
      expect(new Set(seen).size).toBe(75)
      expect(await reader.liveEvents.after(0, 100)).toHaveLength(75)
    })

    test('of freshness are told once, whoever of two notices first', async () => {
      const other = await trial.second()
      const late = [{ site, camera, preset, freshness: 'late' as const }]
      const told = await Promise.all([
        trial.store.liveEvents.tellFreshness(late, NOON),
        other.liveEvents.tellFreshness(late, NOON),
      ])
      expect(told.flat()).toEqual(late)
      expect(
        await trial.store.liveEvents.tellFreshness([{ site, camera, preset, freshness: 'stale' }], NOON),
      ).toHaveLength(1)
      expect(await trial.causes()).toEqual(['freshness', 'freshness'])
    })
  })

  test('what was stored is there after closing and opening again', async () => {
    const frame = frameAt(NOON)
    await trial.storeFrames(frame)
    await trial.reopen()
    expect(await trial.store.frames.frameById(frame.id)).toMatchObject({ id: frame.id })
    expect(await trial.store.liveEvents.newestSeq()).toBe(1)
    await trial.store.check()
  })

  test('a transaction that fails leaves nothing behind, no row and no event', async () => {
    const bad = { ...frameAt(NOON + 1), site: null as unknown as SiteId }
    await expect(trial.storeFrames(frameAt(NOON), bad)).rejects.toSatisfy((error) => storeFaultOf(error) === undefined)
    expect(await trial.store.frames.latestFrames()).toEqual([])
    expect(await trial.causes()).toEqual([])
  })
}
