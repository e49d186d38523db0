import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { BootId, ItemId, KeyId, MachineBootId, UnitId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import { newUlid, trialSite } from '../fixtures/trial-fleet.ts'
import { boot, camera, HOUR_MS, letterAt, NOON, type OpenDatabase, site, unit, useStore } from './store-trial.ts'

/** What the store promises of sites, units and what they say. */
export function unitsAreKnown(open: OpenDatabase) {
  const trial = useStore(open)

  describe('the fleet', () => {
    test('is replaced as a whole: added, changed and removed sites are seen by a second instance', async () => {
      const other = await trial.second()
      const changed: SiteDocument = { ...trialSite(1), name: "Col d'Allos", altitudeM: 2247 }
      await trial.store.fleet.replace([trialSite(3), changed])
      expect((await other.fleet.sites()).map(({ id }) => id)).toEqual(['essai-1', 'essai-3'])
      expect(await other.fleet.site(site)).toEqual(changed)
      await trial.store.fleet.replace([])
      expect(await other.fleet.sites()).toEqual([])
      expect(await other.fleet.site(site)).toBeUndefined()
    })
  })

  describe('presence', () => {
    const birth = (session: number, software = '1') => ({ unit, site, session, boot, online: true as const, software })
    const farewell = (session: number, reason: 'lost' | 'stopped' = 'lost') =>
      ({ unit, site, session, boot, online: false, reason }) as const

    test('goes by the session: a late will cannot kill a new session', async () => {
      expect(await trial.store.presence.note(birth(7), NOON)).toBe('taken')
      expect(await trial.store.presence.note(birth(8), NOON + 1)).toBe('taken')
      expect(await trial.store.presence.note(farewell(7), NOON + 2)).toBe('older')
      expect(await trial.store.presence.of(unit)).toMatchObject({ condition: 'online', session: 8, since: NOON })
      expect(await trial.store.presence.note(farewell(8), NOON + 3)).toBe('taken')
      expect(await trial.store.presence.note(birth(8), NOON + 4)).toBe('older')
      expect(await trial.store.presence.of(unit)).toMatchObject({
        condition: 'offline',
        reason: 'lost',
        since: NOON + 3,
        software: '1',
      })
    })

    test('remembers from which start of its machine the unit last spoke, also when it has gone', async () => {
      const machineBoot = '3f2c9a1e-5b7d-4c60-9e8f-0a1b2c3d4e5f' as MachineBootId // of its pattern
      await trial.store.presence.note({ ...birth(1), machineBoot }, NOON)
      await trial.store.presence.note(farewell(1), NOON + 1)
      expect(await trial.store.presence.of(unit)).toMatchObject({ condition: 'offline', machineBoot })
      await trial.store.presence.note(birth(2), NOON + 2)
      expect(await trial.store.presence.of(unit)).toMatchObject({ machineBoot: null })
    })

    test('makes a live event when it changes, none when it is said again', async () => {
      await trial.store.presence.note(birth(1), NOON)
      await trial.store.presence.note(birth(1), NOON + 1)
      await trial.store.presence.note(birth(2), NOON + 2)
      expect(await trial.causes()).toEqual(['presence'])
      await trial.store.presence.note(farewell(2, 'stopped'), NOON + 3)
      expect(await trial.causes()).toEqual(['presence', 'presence'])
      expect((await trial.store.presence.of(unit))?.heardAt).toBe(NOON + 3)
    })

    test('is doubted when nobody confirmed it, and certain again at the next birth', async () => {
      await trial.store.presence.note(birth(1), NOON)
      expect(await trial.store.presence.doubtUnconfirmed(NOON, NOON + 5)).toEqual([])
      expect(await trial.store.presence.doubtUnconfirmed(NOON + 1, NOON + 5)).toEqual([unit])
      expect(await trial.store.presence.of(unit)).toMatchObject({ condition: 'unknown', since: NOON + 5 })
      expect(await trial.store.presence.doubtUnconfirmed(NOON + 1, NOON + 6)).toEqual([])
      await trial.store.presence.note(birth(1), NOON + 7)
      expect(await trial.store.presence.of(unit)).toMatchObject({ condition: 'online' })
      expect(await trial.causes()).toEqual(['presence', 'presence', 'presence'])
    })

    test('of a unit that was only heard is unknown, and hearing it never goes back in time', async () => {
      const heardAt = (at: number) =>
        trial.store.items.storeItems({
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
      expect(await trial.store.presence.all()).toMatchObject([
        { unit, condition: 'unknown', session: 0, heardAt: NOON },
      ])
      await trial.store.presence.note(birth(1), NOON + 1)
      expect(await trial.store.presence.of(unit)).toMatchObject({ condition: 'online', heardAt: NOON })
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
      return trial.store.items.storeItems({ frames: [], states, deadLetters: [], heard: [], at: NOON })
    }

    test('are the last that the unit said; a change is a live event, a repetition is none', async () => {
      await say('capturing', { seq: 1 })
      await say('capturing', { seq: 2 })
      await say('failing', { seq: 3, fault: 'camera-silent' })
      await say('failing', { seq: 4, fault: 'login-wrong' })
      expect(await trial.store.cameraStates.ofSite(site)).toMatchObject([
        { camera, condition: 'failing', fault: 'login-wrong', seq: 4 },
      ])
      expect(await trial.causes()).toEqual(['state', 'state', 'state'])
    })

    test('are not overwritten by an older message that comes later, also of an earlier boot', async () => {
      await say('failing', { seq: 5 })
      await say('capturing', { seq: 4, at: NOON + 99 })
      await say('capturing', { seq: 99, at: NOON - 1, boot: newUlid() as BootId })
      expect(await trial.store.cameraStates.all()).toMatchObject([{ condition: 'failing', seq: 5 }])
    })

    test('of the boot that is present are news, though its clock says 1970', async () => {
      await say('failing', { seq: 5 })
      const rebooted = newUlid() as BootId
      await trial.store.presence.note({ unit, site, session: 2, boot: rebooted, online: true, software: '1' }, NOON)
      await say('capturing', { seq: 0, at: 1000, boot: rebooted })
      expect(await trial.store.cameraStates.all()).toMatchObject([{ condition: 'capturing', boot: rebooted }])
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
      expect(await trial.store.unitKeys.keyOf(unit, key.key)).toBeUndefined()
      await trial.store.unitKeys.learn(key)
      await trial.store.unitKeys.learn({ ...key, certificateEndsAt: NOON + 5, learntAt: NOON + 1 })
      await trial.store.unitKeys.learn({ ...key, certificateEndsAt: NOON - 5, learntAt: NOON + 2 })
      expect(await trial.store.unitKeys.keyOf(unit, key.key)).toEqual({ ...key, certificateEndsAt: NOON + 5 })
      expect(await trial.store.unitKeys.keyOf('vg-0002' as UnitId, key.key)).toBeUndefined()
    })
  })

  describe('dead letters', () => {
    test('are kept with their bytes, counted by reason, and an item only once', async () => {
      const item = newUlid() as ItemId
      await trial.store.deadLetters.keep([letterAt(NOON, { item, reason: 'signature-wrong' }), letterAt(NOON + 1)])
      await trial.store.deadLetters.keep([letterAt(NOON + 2, { item, reason: 'signature-wrong' }), letterAt(NOON + 3)])
      const letters = await trial.store.deadLetters.newest(10)
      expect(letters.map(({ receivedAt }) => receivedAt - NOON)).toEqual([3, 1, 0])
      expect(letters[0]?.excerpt.toString()).toBe('{')
      expect(await trial.store.deadLetters.countByReason(NOON)).toEqual([
        { reason: 'not-json', count: 2 },
        { reason: 'signature-wrong', count: 1 },
      ])
    })

    test('of hostile senders are stored too: a text with NUL, empty bytes', async () => {
      await trial.store.deadLetters.keep([
        letterAt(NOON, { topic: 'a\0b', detail: '\0', excerpt: Buffer.from([0, 255]) }),
      ])
      const [letter] = await trial.store.deadLetters.newest(1)
      expect(letter).toMatchObject({ topic: 'a\uFFFDb', excerpt: Buffer.from([0, 255]) })
    })

    test('are forgotten by age and by number', async () => {
      await trial.store.deadLetters.keep([0, 1, 2, 3].map((hour) => letterAt(NOON + hour * HOUR_MS)))
      expect(await trial.store.deadLetters.forget({ before: NOON + HOUR_MS, atMost: 2 })).toBe(2)
      expect((await trial.store.deadLetters.newest(9)).map(({ receivedAt }) => (receivedAt - NOON) / HOUR_MS)).toEqual([
        3, 2,
      ])
    })
  })
}
