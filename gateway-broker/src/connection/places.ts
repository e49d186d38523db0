import type { Principal } from '@vigie/contract/topics'
import { CONNECTIONS_OF_A_UNIT_MAX, CONNECTIONS_OF_THE_CLOUD_MAX } from '../limits.ts'
import { nameOf } from './principal.ts'

/** Counts each party's connections, so that one party cannot use up the places of all others. */
export function createPlaces() {
  const taken = new Map<string, number>()
  return {
    /** False when the party has all its places; else one is taken until `leave`. */
    take(principal: Principal): boolean {
      const max = principal.role === 'cloud' ? CONNECTIONS_OF_THE_CLOUD_MAX : CONNECTIONS_OF_A_UNIT_MAX
      const name = nameOf(principal)
      const count = taken.get(name) ?? 0
      if (count >= max) return false
      taken.set(name, count + 1)
      return true
    },
    leave(principal: Principal): void {
      const name = nameOf(principal)
      const left = (taken.get(name) ?? 1) - 1
      if (left === 0) taken.delete(name)
      else taken.set(name, left)
    },
  }
}
