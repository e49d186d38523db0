import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classRules } from './class-rules.ts'
import { createFairTurns } from './fair-turns.ts'

const rules = classRules({ frameMaxBytes: 1 })

test('no class that waits is passed over for longer than the weights of all allow', () => {
  const waiting = fc.subarray([...ITEM_CLASSES], { minLength: 1 })
  fc.assert(
    fc.property(
      fc.array(waiting, { minLength: 200, maxLength: 300 }),
      fc.constantFrom(...ITEM_CLASSES),
      (rounds, watched) => {
        const turns = createFairTurns(rules)
        const total = ITEM_CLASSES.reduce((sum, name) => sum + rules[name].weight, 0)
        let passedOver = 0
        for (const names of rounds) {
          const chosen = turns.next([...new Set<ItemClass>([...names, watched])])
          passedOver = chosen === watched ? 0 : passedOver + 1
          // What waits changes at every turn here, which costs a class at most one more round than standing queues do.
          expect(passedOver).toBeLessThanOrEqual(2 * total)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('gives no turn when nobody waits', () => {
  expect(createFairTurns(rules).next([])).toBeUndefined()
})
