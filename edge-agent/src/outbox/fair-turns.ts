import type { ItemClass } from '@vigie/contract/item-class'
import type { ClassRules } from './class-rules.ts'
import { forEachClass } from './class-rules.ts'

/**
 * Whose turn it is among the classes that wait: smooth weighted round robin. With weights 16 and 1 the second has every
 * seventeenth turn, never none; a class that comes back after a pause finds no turns saved up.
 */
export function createFairTurns(rules: ClassRules): { next(waiting: readonly ItemClass[]): ItemClass | undefined } {
  const credit = forEachClass(() => 0)
  return {
    next(waiting) {
      let chosen: ItemClass | undefined
      let total = 0
      for (const name of waiting) {
        credit[name] += rules[name].weight
        total += rules[name].weight
        if (chosen === undefined || credit[name] > credit[chosen]) chosen = name
      }
      if (chosen !== undefined) credit[chosen] -= total
      return chosen
    },
  }
}
