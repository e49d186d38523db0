import { splitSite } from '@vigie/config-schema/configuration/compose'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { LaneId, SiteId, UnitId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { trialSite } from '../fixtures/trial-fleet.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { boot, NOON, type OpenDatabase, useStore } from './store-trial.ts'

const museum = 'musee-essai' as SiteId
const [gateway, left, right, spare] = ['vm-1', 'vm-2', 'vm-3', 'vm-9'] as [UnitId, UnitId, UnitId, UnitId]

/** Two lanes, a box to each, and the box of the gateway. */
export const museumDocument = (): SiteDocument => ({
  ...{ id: museum, unit: gateway, name: "Musée d'essai", kind: 'musee' },
  ...{ latitude: 43.9, longitude: 5.7, altitudeM: 470, wave: 2020, cameras: [] },
  lanes: [trialLane({ id: 'tripode1', unit: left }), trialLane({ id: 'tripode2', unit: right })],
})

/** What a store promises of a site with several units, on any database. */
export function museumsAreSites(open: OpenDatabase) {
  const trial = useStore(open)
  const told = (unit: UnitId, attempt = 1) => ({
    ...{ site: museum, unit, key: null, version: 1, attempt, at: NOON, documents: '{}' },
  })

  test('what a museum should be stands for each of its boxes, and what one was told is not what another was', async () => {
    const { configuration } = trial.store
    await configuration.seed([museumDocument()], NOON)
    const { units } = await configuration.standings()
    expect(units.map(({ unit, version }) => [unit, version])).toEqual([gateway, left, right].map((unit) => [unit, 1]))
    expect(await configuration.tell(told(left), null)).toBe(true)
    expect(await configuration.tell(told(right), null)).toBe(true)
    expect(await configuration.tell(told(right), null)).toBe(false)
    expect(await configuration.askAgain(museum, NOON, null, left)).toBe(true)
    expect((await configuration.told(museum, left))?.attempt).toBe(2)
    expect((await configuration.told(museum, right))?.attempt).toBe(1)
    expect(await configuration.told(museum, gateway)).toBeUndefined()
  })

  test('each box says for itself what it runs', async () => {
    const { configuration, items } = trial.store
    await configuration.seed([museumDocument()], NOON)
    const says = (unit: UnitId, version: number) => {
      const since = new Date(NOON).toISOString()
      return { site: museum, unit, boot, seq: 1, at: NOON, cameras: [], configuration: { version, attempt: 1, since } }
    }
    const nothing = { frames: [], deadLetters: [], heard: [], at: NOON }
    await items.storeItems({ ...nothing, states: [says(left, 7), says(right, 4)] })
    expect(await configuration.reported(museum, left)).toMatchObject({ version: 7 })
    expect(await configuration.reported(museum, right)).toMatchObject({ version: 4 })
    // Greater than what any of them has: none of them would listen to less.
    const { documents = splitSite(museumDocument()) } = (await configuration.newest(museum)) ?? {}
    const change = { site: museum, who: 'Camille', note: '', at: NOON, basedOn: 1, documents }
    expect(await configuration.add(change)).toMatchObject({ version: 8 })
  })

  test('a lane is as its box said last, whatever overtakes it on the way', async () => {
    const { configuration, gateLedger, items } = trial.store
    await configuration.seed([museumDocument()], NOON)
    const says = (seq: number, mode: 'locked' | 'fire', fault?: string) => {
      const lanes = [{ lane: 'tripode1' as LaneId, mode, since: new Date(NOON).toISOString(), ...(fault && { fault }) }]
      return { site: museum, unit: left, boot, seq, at: NOON, cameras: [], lanes }
    }
    const nothing = { frames: [], deadLetters: [], heard: [], at: NOON }
    await items.storeItems({ ...nothing, states: [says(2, 'fire', 'fire-contact')] })
    await items.storeItems({ ...nothing, states: [says(1, 'locked')] })
    expect(await gateLedger.lanes(museum)).toMatchObject([
      { lane: 'tripode1', unit: left, mode: 'fire', fault: 'fire-contact', since: NOON },
    ])
    await items.storeItems({ ...nothing, states: [says(3, 'locked')] })
    expect(await gateLedger.lanes(museum)).toMatchObject([{ mode: 'locked', fault: null }])
  })

  test("a lane's box is replaced by a version that names the new one, and what the old one was told is gone", async () => {
    const { commissionings, configuration, fleet, replacements } = trial.store
    await configuration.seed([museumDocument()], NOON)
    await configuration.tell(told(left), null)
    const replacement = { kind: 'replacement', replacedUnit: left, oldUnitEnds: 'when-new-runs' } as const
    const begun = { technician: 'Camille', startedAt: NOON, finishedAt: null, reason: 'cassé' }
    await commissionings.begin({ id: 'one', site: museum, unit: null, ...replacement, ...begun })
    expect(await replacements.takeOver(museum, right, NOON)).toBeNull()
    expect(await replacements.takeOver(museum, spare, NOON)).toBe(left)
    expect((await fleet.site(museum))?.lanes?.map(({ unit }) => unit)).toEqual([spare, right])
    expect(await fleet.site(museum)).toMatchObject({ unit: gateway })
    const { units, gone } = await configuration.standings()
    expect(units.map(({ unit, version }) => [unit, version])).toEqual([gateway, spare, right].map((one) => [one, 2]))
    expect(gone.map(({ unit }) => unit)).toEqual([left])
    expect(await replacements.wasReplaced(museum, left)).toBe(true)
    expect(await replacements.wasReplaced(museum, right)).toBe(false)
    // Its file still names the box that is gone.
    await configuration.seed([museumDocument()], NOON)
    expect((await fleet.site(museum))?.lanes?.[0]?.unit).toBe(spare)
  })

  test('a box that stands at a lane is given to no other site, and a lane gets no box of another site', async () => {
    const { configuration } = trial.store
    await configuration.seed([museumDocument(), trialSite(1)], NOON)
    const documents = splitSite({ ...museumDocument(), id: 'ailleurs' })
    const by = { who: 'Camille', note: '', at: NOON }
    const elsewhere = { ...by, site: 'ailleurs' as SiteId, documents }
    expect(await configuration.addSite(elsewhere, right)).toBe('taken')
    const lanes = [trialLane({ unit: left }), trialLane({ id: 'tripode2', unit: trialSite(1).unit })]
    const grabbing = { ...by, site: museum, basedOn: 1, documents: { ...splitSite(museumDocument()), lane: { lanes } } }
    expect(await configuration.add(grabbing)).toBe('unit-taken')
  })
}
