import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { Direction } from '@vigie/contract/gate/outcome'
import type { LaneEvent } from '../lane-life.ts'

/** Nobody follows so closely through an arm: a count that rose by more was set anew. */
const FASTEST_MS = 500

/** When power comes back both contacts do; a look may fall in between. */
const TOGETHER_MS = 100

type Counted = { of: Direction; input: number; last: number; risen: number; sinceMs: number }

/**
 * Makes passages of the counts of a board. What a count rose by while nobody looked, for a poll or while the line was cut, is
 * told at the next look; what it was at the first one is nobody's.
 */
export function createCountWatch({ direction, board: { wiring } }: Pick<LaneFacts, 'direction' | 'board'>) {
  const [a, b]: [Direction, Direction] = direction === 'out' ? ['out', 'in'] : ['in', 'out']
  const counted = (of: Direction, input: number): Counted => ({ of, input, last: 0, risen: 0, sinceMs: 0 })
  const ways = [counted(a, wiring.passA), ...(wiring.passB === undefined ? [] : [counted(b, wiring.passB)])]
  let lookedMs: number | null = null

  return function look(counts: readonly number[], nowMs: number): LaneEvent[] {
    const mayRise = lookedMs === null ? 0 : 1 + Math.floor((nowMs - lookedMs) / FASTEST_MS)
    lookedMs = nowMs
    for (const way of ways) {
      const count = counts[way.input] ?? 0
      const rise = count - way.last
      way.last = count
      if (rise <= 0 || rise > mayRise) continue
      if (way.risen === 0) way.sinceMs = nowMs
      way.risen += rise
    }
    if (ways.length > 1 && ways.every(({ risen }) => risen > 0)) for (const way of ways) way.risen = 0
    return ways.flatMap((way) => {
      if (way.risen === 0 || nowMs - way.sinceMs < TOGETHER_MS) return []
      const passed = Array<LaneEvent>(way.risen).fill({ name: 'pass', direction: way.of })
      way.risen = 0
      return passed
    })
  }
}
