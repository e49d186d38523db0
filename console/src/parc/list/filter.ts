import type { FleetUnit } from '../../api/schemas.ts'
import { answers } from '../../look/plain-text.ts'
import type { Asked } from '../address.ts'
import { standingOf } from '../standing.ts'
import { partInWords } from '../words.ts'

/** The units that were asked for, in the order they had. */
export function filterUnits(
  units: readonly FleetUnit[],
  { search, standing }: Pick<Asked, 'search' | 'standing'>,
  now: number,
): FleetUnit[] {
  return units.filter(
    (unit) =>
      (standing === null || standing === standingOf(unit, now)) &&
      answers([unit.unit, unit.siteName, unit.site, unit.road, partInWords(unit)].join(' '), search),
  )
}
