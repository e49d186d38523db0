import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressedDeadLetter } from '@vigie/cloud-api/store/dead-letters'
import type { NewFrame } from '@vigie/cloud-api/store/items'
import { createStore, type Store } from '@vigie/cloud-api/store/store'
import { storeFaultOf } from '@vigie/cloud-api/store/store-fault'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { BootId, CameraId, ItemId, KeyId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Postgres, startPostgres } from '../fixtures/postgres.ts'
import { newUlid, trialSite } from '../fixtures/trial-fleet.ts'

const site = 'essai-1' as SiteId
const unit = 'vg-0001' as UnitId
const camera = 'cam1' as CameraId
const preset = 'amont' as PresetId
const boot = newUlid() as BootId
const HOUR_MS = 3_600_000
const NOON = Date.parse('2026-11-22T12:00:00.000Z')

const frameAt = (capturedAt: number, change: Partial<NewFrame> = {}): NewFrame => ({
  id: newUlid() as ItemId,
  site,
  unit,
  camera,
  preset,
  capturedAt,
  clock: 'synchronised',
  boot,
  seq: 1,
  mono: 1,
  widthPx: 1280,
  heightPx: 720,
  bytes: 100_000,
  sha256: newUlid().toLowerCase().padEnd(64, '0'),
  maskVersion: 1,
  key: '0123456789abcdef' as KeyId,
  receivedAt: capturedAt + 800,
  ...change,
})

const letterAt = (receivedAt: number, change: Partial<AddressedDeadLetter> = {}): AddressedDeadLetter => ({
  receivedAt,
  topic: 'vigie/1/essai-1/vg-0001/state',
  reason: 'not-json',
  detail: 'not JSON in UTF-8',
  bytes: 12,
  excerpt: Buffer.from('{'),
  site,
  unit,
  item: null,
  ...change,
})

/** Every promise of the store, on each of its databases. `reopen` gives a second store on the same database. */
function storeKeepsItsPromises(open: () => Promise<() => Promise<Store>>) {
  let openAgain: () => Promise<Store>
  let store: Store
  const opened: Store[] = []
  const second = async () => {
    const other = await openAgain()
    opened.push(other)
    return other
  }
  beforeEach(async () => {
    openAgain = await open()
    store = await second()
    await store.fleet.replace([trialSite(1)])
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
  })

  const storeFrames = (...frames: NewFrame[]) =>
    store.items.storeItems({ frames, states: [], deadLetters: [], heard: [], at: NOON })
  const causes = async (after = 0) => (await store.liveEvents.after(after, 100)).map(({ cause }) => cause)

  describe('the fleet', () => {
    test('is replaced as a whole: added, changed and removed sites are seen by a second instance', async () => {
      const other = await second()
      const changed: SiteDocument = { ...trialSite(1), name: "Col d'Allos", altitudeM: 2247 }
      await store.fleet.replace([trialSite(3), changed])
      expect((await other.fleet.sites()).map(({ id }) => id)).toEqual(['essai-1', 'essai-3'])
      expect(await other.fleet.site(site)).toEqual(changed)
      await store.fleet.replace([])
      expect(await other.fleet.sites()).toEqual([])
      expect(await other.fleet.site(site)).toBeUndefined()
    })
  })

  describe('a frame', () => {
    test('is stored once whatever is sent again, and comes back as it went in', async () => {
      const frame = frameAt(NOON)
      expect(await storeFrames(frame)).toEqual(new Map([[frame.id, 'stored']]))
      expect(await storeFrames(frame)).toEqual(new Map([[frame.id, 'already']]))
      expect(await storeFrames(frame, frameAt(NOON + 1), frame)).toMatchObject({ size: 2 })
      expect(await store.frames.frameById(frame.id)).toEqual({ ...frame, picture: 'kept', thumbnails: 'missing' })
      expect(await store.frames.history({ site, camera, from: 0, to: NOON + HOUR_MS, limit: 10 })).toHaveLength(2)
    })

    test('does not take the place of another that has its id', async () => {
      const frame = frameAt(NOON)
      await storeFrames(frame)
      const impostor = { ...frameAt(NOON + 5), id: frame.id }
      const stranger = { ...frame, unit: 'vg-0002' as UnitId }
      expect(await storeFrames(impostor)).toEqual(new Map([[frame.id, 'id-taken']]))
      expect(await storeFrames(stranger)).toEqual(new Map([[frame.id, 'id-taken']]))
      expect(await store.frames.frameById(frame.id)).toMatchObject({ unit, sha256: frame.sha256 })
    })

    test('stored by two instances at once is stored by one of them', async () => {
      const other = await second()
      const frames = Array.from({ length: 20 }, (_, index) => frameAt(NOON + index))
      const batch = { frames, states: [], deadLetters: [], heard: [], at: NOON }
      const both = await Promise.all([store.items.storeItems(batch), other.items.storeItems(batch)])
      for (const { id } of frames)
        expect(both.map((outcomes) => outcomes.get(id)).sort()).toEqual(['already', 'stored'])
      expect(await causes()).toEqual(['frame'])
    })

    test('is the latest of its view when it is the newest by capture, not by arrival', async () => {
      const newest = frameAt(NOON)
      const downhill = frameAt(NOON - 1, { preset: 'aval' as PresetId })
      await storeFrames(newest, downhill)
      await storeFrames(frameAt(NOON - HOUR_MS), frameAt(NOON - 2 * HOUR_MS))
      expect((await store.frames.latestFrame({ site, camera, preset }))?.id).toBe(newest.id)
      expect((await store.frames.latestFrames()).map(({ id }) => id).sort()).toEqual([newest.id, downhill.id].sort())
      expect(await store.frames.latestFrame({ site, camera, preset: 'nulle-part' as PresetId })).toBeUndefined()
    })

    test('makes one live event when it changes what is shown, none when it only fills the past', async () => {
      await storeFrames(frameAt(NOON), frameAt(NOON + 1), frameAt(NOON, { preset: 'aval' as PresetId }))
      expect(await causes()).toEqual(['frame'])
      await storeFrames(frameAt(NOON - HOUR_MS))
      expect(await causes()).toEqual(['frame'])
    })

    test('is found in the history between two times, in order of capture, the newest when there are too many', async () => {
      const frames = [3, 1, 2, 0, 4].map((minute) => frameAt(NOON + minute * 60_000))
      await storeFrames(...frames, frameAt(NOON + 60_000, { preset: 'aval' as PresetId }))
      const minutes = async (query: Partial<Parameters<Store['frames']['history']>[0]>) => {
        const found = await store.frames.history({
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
      expect((await storeFrames(...frames)).size).toBe(500)
    })
  })

  describe('thumbnails', () => {
    test('are asked for the newest frame first, until they are made or cannot be', async () => {
      const [old, middle, young] = [frameAt(NOON), frameAt(NOON + 1), frameAt(NOON + 2)] as const
      await storeFrames(old, young, middle)
      const waiting = async () => (await store.frames.framesWithoutThumbnails(2)).map(({ id }) => id)
      expect(await waiting()).toEqual([young.id, middle.id])
      expect(await store.frames.noteThumbnails([young.id], 'made')).toEqual(new Set([young.id]))
      expect(await store.frames.noteThumbnails([middle.id], 'impossible')).toEqual(new Set([middle.id]))
      expect(await waiting()).toEqual([old.id])
      expect((await store.frames.frameById(young.id))?.thumbnails).toBe('made')
    })

    test('of a picture that was deleted meanwhile are not noted', async () => {
      const frame = frameAt(NOON)
      await storeFrames(frame)
      await store.frames.forgetPictures({ before: NOON + 1, limit: 9 }, async () => {})
      expect(await store.frames.noteThumbnails([frame.id], 'made')).toEqual(new Set())
      expect(await store.frames.framesWithoutThumbnails(9)).toEqual([])
    })
  })

  describe('forgetting', () => {
    test('deletes a content with the last frame that has it', async () => {
      const [first, twin, other] = [frameAt(NOON), frameAt(NOON + 10), frameAt(NOON)] as const
      await storeFrames(first, { ...twin, sha256: first.sha256 }, other)
      const deleted: string[] = []
      const forget = (before: number) =>
        store.frames.forgetPictures({ before, limit: 9 }, async (sha256s) => void deleted.push(...sha256s))
      expect(await forget(NOON + 5)).toBe(2)
      expect(deleted).toEqual([other.sha256])
      expect((await store.frames.frameById(first.id))?.picture).toBe('deleted')
      expect(await forget(NOON + 11)).toBe(1)
      expect(deleted).toEqual([other.sha256, first.sha256])
      expect(await forget(NOON + 11)).toBe(0)
    })

    test('notes nothing when a file cannot be deleted', async () => {
      const frame = frameAt(NOON)
      await storeFrames(frame)
      const failing = store.frames.forgetPictures({ before: NOON + 1, limit: 9 }, async () => {
        throw new Error('the disk says no')
      })
      await expect(failing).rejects.toThrow('the disk says no')
      expect((await store.frames.frameById(frame.id))?.picture).toBe('kept')
      expect(await store.frames.countKeptBefore(NOON + 1)).toBe(1)
    })

    test('keeps out a frame that comes back with a content while this is being deleted', async () => {
      const other = await second()
      const old = frameAt(NOON)
      await storeFrames(old)
      const order: string[] = []
      const again = { ...frameAt(NOON + HOUR_MS), sha256: old.sha256 }
      let storing: Promise<unknown> = Promise.resolve()
      await store.frames.forgetPictures({ before: NOON + 1, limit: 9 }, async () => {
        storing = writeElsewhere(other, again).then(() => order.push('stored'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        order.push('deleted')
      })
      await storing
      expect(order).toEqual(['deleted', 'stored'])
    })

    test('keeps the row of the newest frame of a view, however old, and the rows that still have a picture', async () => {
      const [old, newest] = [frameAt(NOON), frameAt(NOON + 1)] as const
      await storeFrames(old, newest)
      expect(await store.frames.forgetFrames(NOON + HOUR_MS)).toBe(0)
      await store.frames.forgetPictures({ before: NOON + HOUR_MS, limit: 9 }, async () => {})
      expect(await store.frames.forgetFrames(NOON + HOUR_MS)).toBe(1)
      expect(await store.frames.frameById(old.id)).toBeUndefined()
      expect((await store.frames.latestFrame({ site, camera, preset }))?.id).toBe(newest.id)
    })

    test('knows which contents no frame has', async () => {
      const frame = frameAt(NOON)
      await storeFrames(frame)
      const stray = 'f'.repeat(64)
      expect(await store.frames.unkeptContents([frame.sha256, stray])).toEqual(new Set([stray]))
      const deleted: string[] = []
      await store.frames.deleteUnkept([frame.sha256, stray], async (sha256s) => void deleted.push(...sha256s))
      expect(deleted).toEqual([stray])
    })
  })

  describe('presence', () => {
    const birth = (session: number, software = '1') => ({ unit, site, session, boot, online: true as const, software })
    const farewell = (session: number, reason: 'lost' | 'stopped' = 'lost') =>
      ({ unit, site, session, boot, online: false, reason }) as const

    test('goes by the session: a late will cannot kill a new session', async () => {
      expect(await store.presence.note(birth(7), NOON)).toBe('taken')
      expect(await store.presence.note(birth(8), NOON + 1)).toBe('taken')
      expect(await store.presence.note(farewell(7), NOON + 2)).toBe('older')
      expect(await store.presence.of(unit)).toMatchObject({ condition: 'online', session: 8, since: NOON })
      expect(await store.presence.note(farewell(8), NOON + 3)).toBe('taken')
      expect(await store.presence.note(birth(8), NOON + 4)).toBe('older')
      expect(await store.presence.of(unit)).toMatchObject({
        condition: 'offline',
        reason: 'lost',
        since: NOON + 3,
        software: '1',
      })
    })

    test('makes a live event when it changes, none when it is said again', async () => {
      await store.presence.note(birth(1), NOON)
      await store.presence.note(birth(1), NOON + 1)
      await store.presence.note(birth(2), NOON + 2)
      expect(await causes()).toEqual(['presence'])
      await store.presence.note(farewell(2, 'stopped'), NOON + 3)
      expect(await causes()).toEqual(['presence', 'presence'])
      expect((await store.presence.of(unit))?.heardAt).toBe(NOON + 3)
    })

    test('is doubted when nobody confirmed it, and certain again at the next birth', async () => {
      await store.presence.note(birth(1), NOON)
      expect(await store.presence.doubtUnconfirmed(NOON, NOON + 5)).toEqual([])
      expect(await store.presence.doubtUnconfirmed(NOON + 1, NOON + 5)).toEqual([unit])
      expect(await store.presence.of(unit)).toMatchObject({ condition: 'unknown', since: NOON + 5 })
      expect(await store.presence.doubtUnconfirmed(NOON + 1, NOON + 6)).toEqual([])
      await store.presence.note(birth(1), NOON + 7)
      expect(await store.presence.of(unit)).toMatchObject({ condition: 'online' })
      expect(await causes()).toEqual(['presence', 'presence', 'presence'])
    })

    test('of a unit that was only heard is unknown, and hearing it never goes back in time', async () => {
      const heardAt = (at: number) =>
        store.items.storeItems({
          frames: [],
          states: [],
          deadLetters: [],
          heard: [
            { unit, site },
            { unit, site },
          ],
          at,
        })
      await heardAt(NOON)
      await heardAt(NOON - 5)
      expect(await store.presence.all()).toMatchObject([{ unit, condition: 'unknown', session: 0, heardAt: NOON }])
      await store.presence.note(birth(1), NOON + 1)
      expect(await store.presence.of(unit)).toMatchObject({ condition: 'online', heardAt: NOON })
    })
  })

  describe('camera states', () => {
    const say = (
      condition: 'capturing' | 'failing',
      { seq, at = NOON, boot: of = boot, fault }: { seq: number; at?: number; boot?: BootId; fault?: string },
    ) => {
      const cameras = [
        { camera, condition, since: new Date(at).toISOString(), failures: 0, ...(fault ? { fault } : {}) },
      ]
      const states = [{ site, unit, boot: of, seq, at, cameras }]
      return store.items.storeItems({ frames: [], states, deadLetters: [], heard: [], at: NOON })
    }

    test('are the last that the unit said; a change is a live event, a repetition is none', async () => {
      await say('capturing', { seq: 1 })
      await say('capturing', { seq: 2 })
      await say('failing', { seq: 3, fault: 'camera-silent' })
      await say('failing', { seq: 4, fault: 'login-wrong' })
      expect(await store.cameraStates.ofSite(site)).toMatchObject([
        { camera, condition: 'failing', fault: 'login-wrong', seq: 4 },
      ])
      expect(await causes()).toEqual(['state', 'state', 'state'])
    })

    test('are not overwritten by an older message that comes later, also of an earlier boot', async () => {
      await say('failing', { seq: 5 })
      await say('capturing', { seq: 4, at: NOON + 99 })
      await say('capturing', { seq: 99, at: NOON - 1, boot: newUlid() as BootId })
      expect(await store.cameraStates.all()).toMatchObject([{ condition: 'failing', seq: 5 }])
    })

    test('of the boot that is present are news, though its clock says 1970', async () => {
      await say('failing', { seq: 5 })
      const rebooted = newUlid() as BootId
      await store.presence.note({ unit, site, session: 2, boot: rebooted, online: true, software: '1' }, NOON)
      await say('capturing', { seq: 0, at: 1000, boot: rebooted })
      expect(await store.cameraStates.all()).toMatchObject([{ condition: 'capturing', boot: rebooted }])
    })
  })

  describe('unit keys', () => {
    test('are known by unit and key, and keep the later end', async () => {
      const key = {
        unit,
        key: '0123456789abcdef' as KeyId,
        site,
        publicKey: 'pem',
        certificateEndsAt: NOON,
        learntAt: NOON,
      }
      expect(await store.unitKeys.keyOf(unit, key.key)).toBeUndefined()
      await store.unitKeys.learn(key)
      await store.unitKeys.learn({ ...key, certificateEndsAt: NOON + 5, learntAt: NOON + 1 })
      await store.unitKeys.learn({ ...key, certificateEndsAt: NOON - 5, learntAt: NOON + 2 })
      expect(await store.unitKeys.keyOf(unit, key.key)).toEqual({ ...key, certificateEndsAt: NOON + 5 })
      expect(await store.unitKeys.keyOf('vg-0002' as UnitId, key.key)).toBeUndefined()
    })
  })

  describe('dead letters', () => {
    test('are kept with their bytes, counted by reason, and an item only once', async () => {
      const item = newUlid() as ItemId
      await store.deadLetters.keep([letterAt(NOON, { item, reason: 'signature-wrong' }), letterAt(NOON + 1)])
      await store.deadLetters.keep([letterAt(NOON + 2, { item, reason: 'signature-wrong' }), letterAt(NOON + 3)])
      const letters = await store.deadLetters.newest(10)
      expect(letters.map(({ receivedAt }) => receivedAt - NOON)).toEqual([3, 1, 0])
      expect(letters[0]?.excerpt.toString()).toBe('{')
      expect(await store.deadLetters.countByReason(NOON)).toEqual([
        { reason: 'not-json', count: 2 },
        { reason: 'signature-wrong', count: 1 },
      ])
    })

    test('of hostile senders are stored too: a text with NUL, empty bytes', async () => {
      await store.deadLetters.keep([letterAt(NOON, { topic: 'a\0b', detail: '\0', excerpt: Buffer.from([0, 255]) })])
      const [letter] = await store.deadLetters.newest(1)
      expect(letter).toMatchObject({ topic: 'a\uFFFDb', excerpt: Buffer.from([0, 255]) })
    })

    test('are forgotten by age and by number', async () => {
      await store.deadLetters.keep([0, 1, 2, 3].map((hour) => letterAt(NOON + hour * HOUR_MS)))
      expect(await store.deadLetters.forget({ before: NOON + HOUR_MS, atMost: 2 })).toBe(2)
      expect((await store.deadLetters.newest(9)).map(({ receivedAt }) => (receivedAt - NOON) / HOUR_MS)).toEqual([3, 2])
    })
  })

  describe('live events', () => {
    test('are read from a number on, also by a second instance, and their numbers outlive trimming', async () => {
      const other = await second()
      expect(await store.liveEvents.newestSeq()).toBe(0)
      expect(await store.liveEvents.oldestSeq()).toBeNull()
      for (const hour of [0, 1, 2]) {
        await store.items.storeItems({
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
      expect(await store.liveEvents.trim(NOON + 9 * HOUR_MS)).toBe(2)
      expect(await other.liveEvents.newestSeq()).toBe(all[2]?.seq)
      expect(await other.liveEvents.oldestSeq()).toBe(all[2]?.seq)
      await storeFrames(frameAt(NOON + 99))
      expect(await other.liveEvents.newestSeq()).toBeGreaterThan(all[2]?.seq ?? 0)
    })

    test('rise in the order of commit: a reader that follows the log misses none of many writers', async () => {
      const writers = [store, await second(), await second()]
      const reader = await second()
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
      const other = await second()
      const late = [{ site, camera, preset, freshness: 'late' as const }]
      const told = await Promise.all([
        store.liveEvents.tellFreshness(late, NOON),
        other.liveEvents.tellFreshness(late, NOON),
      ])
      expect(told.flat()).toEqual(late)
      expect(await store.liveEvents.tellFreshness([{ site, camera, preset, freshness: 'stale' }], NOON)).toHaveLength(1)
      expect(await causes()).toEqual(['freshness', 'freshness'])
    })
  })

  test('what was stored is there after closing and opening again', async () => {
    const frame = frameAt(NOON)
    await storeFrames(frame)
    await store.close()
    opened.splice(opened.indexOf(store), 1)
    const again = await second()
    expect(await again.frames.frameById(frame.id)).toMatchObject({ id: frame.id })
    expect(await again.liveEvents.newestSeq()).toBe(1)
    await again.check()
  })

  test('a transaction that fails leaves nothing behind, no row and no event', async () => {
    const bad = { ...frameAt(NOON + 1), site: null as unknown as SiteId }
    await expect(storeFrames(frameAt(NOON), bad)).rejects.toSatisfy((error) => storeFaultOf(error) === undefined)
    expect(await store.frames.latestFrames()).toEqual([])
    expect(await causes()).toEqual([])
  })
}

const writeElsewhere = (other: Store, frame: NewFrame) =>
  other.items.storeItems({ frames: [frame], states: [], deadLetters: [], heard: [], at: NOON })

describe('on SQLite', () => {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  storeKeepsItsPromises(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-store-'))
    folders.push(folder)
    return () => createStore({ sqliteFile: join(folder, 'vigie.sqlite') })
  })
})

describe('on PostgreSQL', () => {
  let postgres: Postgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())
  const open = async () => {
    const postgresUrl = await postgres.createDatabase()
    return () => createStore({ sqliteFile: '', postgresUrl })
  }
  storeKeepsItsPromises(open)

  test('two instances that start together on an empty database agree on its tables', async () => {
    const openAgain = await open()
    const both = await Promise.all([openAgain(), openAgain()])
    for (const store of both) await store.check()
    for (const store of both) await store.close()
  })

  test('a server that dies is a fault that passes, and what it acknowledged is there afterwards', async () => {
    // One of its own: recovery would write again all the databases of the tests before.
    const mortal = await startPostgres()
    const store = await createStore({ sqliteFile: '', postgresUrl: await mortal.createDatabase() })
    const frame = frameAt(NOON)
    await store.items.storeItems({ frames: [frame], states: [], deadLetters: [], heard: [], at: NOON })
    const crash = mortal.crashAndRestart()
    const faults: unknown[] = []
    for (let look = 0; look < 200 && faults.length === 0; look += 1) {
      await store.check().catch((error: unknown) => faults.push(error))
    }
    await crash
    for (const error of faults)
      expect(storeFaultOf(error)).toMatchObject({ code: 'store-unavailable', retryable: true })
    expect(await store.frames.frameById(frame.id)).toMatchObject({ id: frame.id })
    await store.close()
    await mortal.stop()
  })
})
