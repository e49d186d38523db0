import type { Commissioning, CommissioningCheck, CommissioningStep } from '@vigie/cloud-api/store/commissionings'
import type { UnitId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import { NOON, type OpenDatabase, site, unit, useStore } from './store-trial.ts'

const successor = 'vg-0099' as UnitId
const record = (id: string, change: Partial<Commissioning> = {}): Commissioning => ({
  ...{ id, site, unit: null, kind: 'new', technician: 'marie.blanc', startedAt: NOON, finishedAt: null },
  ...{ replacedUnit: null, oldUnitEnds: null, reason: null },
  ...change,
})
const step = (text: string, enteredAt: number, change: Partial<CommissioningStep> = {}): CommissioningStep => ({
  ...{ commissioning: 'one', step: 'site', entered: JSON.stringify({ text }), enteredAt, enteredBy: 'marie.blanc' },
  ...{ startedAt: enteredAt, changedAt: enteredAt, doneAt: null, spentS: null },
  ...change,
})
const check = (startedAt: number, change: Partial<CommissioningCheck> = {}): CommissioningCheck => ({
  ...{ commissioning: 'one', name: 'presence', state: 'running', measured: null, reason: null, begun: '{}' },
  ...{ startedAt, endedAt: null, saidBy: null },
  ...change,
})

/** What the store promises of putting sites into service. */
export function commissioningsAreKept(open: OpenDatabase) {
  const trial = useStore(open)

  test('one of a site is open at a time, whichever instance is asked', async () => {
    const other = await trial.second()
    const both = [trial.store, other].map(({ commissionings }, index) => commissionings.begin(record(`r${index}`)))
    const begun = await Promise.all(both)
    expect(begun.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(begun.map(({ commissioning }) => commissioning.id)).size).toBe(1)
    const { commissionings } = trial.store
    await commissionings.finish(begun[0]?.commissioning.id ?? '', NOON + 1)
    expect((await commissionings.begin(record('next'))).isNew).toBe(true)
    expect((await commissionings.list({ isOpen: true, limit: 9 })).map(({ id }) => id)).toEqual(['next'])
  })

  test('a step keeps what was entered last, its beginning, and that it was done', async () => {
    const { commissionings } = trial.store
    await commissionings.begin(record('one'))
    await commissionings.enter(step('second', NOON + 2, { doneAt: NOON + 2 }))
    expect(await commissionings.enter(step('first', NOON + 1))).toMatchObject({ entered: '{"text":"second"}' })
    await commissionings.enter(step('third', NOON + 3))
    expect(await commissionings.steps('one')).toMatchObject([
      { entered: '{"text":"third"}', startedAt: NOON + 2, doneAt: NOON + 2 },
    ])
  })

  test('a check that ended, or was begun again, is not moved by who still looks at the old run', async () => {
    const { commissionings } = trial.store
    await commissionings.beginCheck(check(NOON))
    expect(await commissionings.moveCheck(check(NOON, { state: 'passed', endedAt: NOON + 1 }))).toBe(true)
    expect(await commissionings.moveCheck(check(NOON, { state: 'failed' }))).toBe(false)
    await commissionings.beginCheck(check(NOON + 5))
    expect(await commissionings.moveCheck(check(NOON, { state: 'failed' }))).toBe(false)
    expect(await commissionings.runningChecks()).toMatchObject([{ startedAt: NOON + 5, state: 'running' }])
  })

  test('reports are numbered and none takes the place of another, also from two instances', async () => {
    const other = await trial.second()
    const report = { commissioning: 'one', site, sha256: 'a', bytes: 1, madeAt: NOON, madeBy: 'x', signer: null }
    const numbers = [trial.store, other, trial.store].map(({ commissionings }) => commissionings.addReport(report))
    expect((await Promise.all(numbers)).toSorted()).toEqual([1, 2, 3])
    expect(await trial.store.commissionings.reportsOfSite(site)).toHaveLength(3)
  })

  describe('a unit that takes over', () => {
    const replacement = () => record('r', { kind: 'replacement', replacedUnit: unit, oldUnitEnds: 'when-new-runs' })

    test('does so where the site waits for it, once, and the one that went never comes back', async () => {
      const { replacements, commissionings, fleet } = trial.store
      expect(await replacements.takeOver(site, successor, NOON)).toBeNull()
      await commissionings.begin(replacement())
      expect(await replacements.takeOver(site, unit, NOON)).toBeNull()
      expect(await replacements.takeOver(site, successor, NOON)).toBe(unit)
      expect(await replacements.takeOver(site, successor, NOON)).toBeNull()
      expect(await replacements.takeOver(site, unit, NOON)).toBeNull()
      expect((await fleet.site(site))?.unit).toBe(successor)
      expect(await replacements.takenOver(NOON)).toMatchObject([{ id: 'r', unit: successor, replacedUnit: unit }])
    })
  })
}
