import { splitSite } from '@vigie/config-schema/configuration/compose'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { trialSite } from '../fixtures/trial-fleet.ts'
import { boot, HOUR_MS, NOON, type OpenDatabase, site, unit, useStore } from './store-trial.ts'

const documents = (change: { intervalS?: number } = {}) => {
  const split = splitSite(trialSite(1))
  const cameras = split.schedule.cameras.map((one) => ({ ...one, schedule: { ...one.schedule, ...change } }))
  return { ...split, schedule: { cameras } }
}
const by = { site, who: 'Camille', note: 'la nuit', at: NOON + HOUR_MS }

/** What a store of configurations promises, on any database. */
export function configurationIsKept(open: OpenDatabase) {
  const trial = useStore(open)

  test('a folder of sites makes the first versions, and the fleet is made of them', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1), trialSite(2)], NOON)
    expect(await store.configuration.newest(site)).toMatchObject({ version: 1, who: 'fleet-folder', at: NOON })
    expect(await store.fleet.site(site)).toEqual(trialSite(1))
    await store.configuration.seed([trialSite(1), trialSite(2)], NOON + 1)
    expect(await store.configuration.versions(site, 10)).toHaveLength(1)
  })

  test('a site follows its file until a person has changed it, and not after', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1), trialSite(2)], NOON)
    await store.configuration.seed([{ ...trialSite(1), name: 'Essai' }], NOON)
    expect(await store.fleet.site(site)).toMatchObject({ name: 'Essai' })
    expect((await store.fleet.sites()).map(({ id }) => id)).toEqual([site])

    const added = await store.configuration.add({ ...by, basedOn: 2, documents: documents({ intervalS: 300 }) })
    expect(added).toMatchObject({ version: 3, who: 'Camille' })
    await store.configuration.seed([], NOON)
    await store.configuration.seed([trialSite(1)], NOON)
    expect((await store.fleet.site(site))?.cameras[0]?.schedule.intervalS).toBe(300)
  })

  test('who has not seen the newest version changes nothing, and of two who change at once one does', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1)], NOON)
    const second = await trial.second()
    const both = await Promise.all(
      [store, second].map((one, index) =>
        one.configuration.add({ ...by, basedOn: 1, documents: documents({ intervalS: 100 + index }) }),
      ),
    )
    expect(both.filter((one) => one === 'outdated')).toHaveLength(1)
    expect((await store.configuration.newest(site))?.version).toBe(2)
    expect(await store.configuration.add({ ...by, basedOn: 1, documents: documents() })).toBe('outdated')
  })

  test('what a person changed stands in the audit trail with its places, and in the same transaction', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1)], NOON)
    await store.configuration.add({ ...by, basedOn: 1, documents: documents({ intervalS: 300 }) })
    const [row] = await store.audit.search({ action: 'configuration', limit: 10 })
    expect(row).toMatchObject({ who: 'Camille', action: 'configuration.changed', site, reason: 'la nuit' })
    expect(row?.after).toContain('schedule.cameras[0].schedule.intervalS')
  })

  test('a number is greater than any that a unit has, also when the database came back from a backup', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1)], NOON)
    await store.items.storeItems({ ...nothing, states: [stateSaying({ version: 41 })] })
    const added = await store.configuration.add({ ...by, basedOn: 1, documents: documents({ intervalS: 300 }) })
    expect(added).toMatchObject({ version: 42 })
  })

  test('what a unit says is kept as it said it last, whatever comes late', async () => {
    const { store } = trial
    const refused = {
      version: 8,
      attempt: 1,
      at: '2026-11-22T11:59:00.000Z',
      reason: 'camera-unreachable',
      about: 'cam1',
    }
    const turnedAway = { at: new Date(NOON).toISOString(), reason: 'configuration-untrusted' }
    await store.items.storeItems({ ...nothing, states: [stateSaying({ version: 7, refused, turnedAway }, 5)] })
    await store.items.storeItems({ ...nothing, states: [stateSaying({ version: 6 }, 4)] })
    expect(await store.configuration.reported(site, unit)).toMatchObject({
      version: 7,
      refused,
      turnedAway,
      trying: null,
    })
    await store.items.storeItems({ ...nothing, states: [stateSaying({ version: 8 }, 6)] })
    expect(await store.configuration.reported(site, unit)).toMatchObject({
      version: 8,
      refused: null,
      turnedAway: null,
    })
  })

  test('what is told is told by one only, and again as a further attempt', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1)], NOON)
    const told = { site, unit, key: null, version: 1, attempt: 1, at: NOON, documents: '{}' }
    expect(await store.configuration.askAgain(site, NOON, null)).toBe(false)
    expect(await store.configuration.tell(told, null)).toBe(true)
    expect(await store.configuration.tell({ ...told, documents: '{"other":1}' }, null)).toBe(false)
    expect(await store.configuration.askAgain(site, NOON, 'Camille')).toBe(true)
    expect(await store.configuration.told(site, unit)).toMatchObject({ attempt: 2, documents: '{}' })
    expect(await store.configuration.standings()).toMatchObject({
      units: [{ site, unit, version: 1, told: { attempt: 2 } }],
      gone: [],
    })
  })

  test('a site is not added twice, nor with a unit that stands elsewhere', async () => {
    const { store } = trial
    await store.configuration.seed([trialSite(1)], NOON)
    const add = (id: SiteId, box: UnitId) =>
      store.configuration.addSite({ ...by, site: id, documents: documents() }, box)
    expect(await add(site, 'vg-0099' as UnitId)).toBe('taken')
    expect(await add('elsewhere' as SiteId, unit)).toBe('taken')
    expect(await store.fleet.sites()).toEqual([trialSite(1)])
  })
}

const nothing = { frames: [], states: [], deadLetters: [], heard: [], at: NOON }

function stateSaying(said: { version: number; refused?: object; turnedAway?: object }, seq = 1) {
  const configuration = { attempt: 1, since: '2026-11-22T11:00:00.000Z', ...said }
  const state = { site, unit, boot, seq, at: NOON, cameras: [], configuration }
  return state as typeof state & { configuration: never } // as the contract decodes it
}
