import { answers } from '../../look/plain-text.ts'
import type { Asked } from '../address.ts'
import type { Standing } from './need.ts'

/** The sites that were asked for, in the order they had. */
export function filterStandings(standings: readonly Standing[], { search, need }: Asked): Standing[] {
  return standings.filter(
    ({ site, need: own }) =>
      (need === null || need === own) && answers(`${site.name} ${site.road} ${site.unit.id} ${site.site}`, search),
  )
}
