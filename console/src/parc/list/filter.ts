import type { FleetUnit } from '../../api/schemas.ts'
import { plain } from '../../look/plain-text.ts'
import type { Asked } from '../address.ts'
import { standingOf } from '../standing.ts'

/** The units that were asked for, in the order they had. */
export function filterUnits(
  units: readonly FleetUnit[],
  { search, standing }: Pick<Asked, 'search' | 'standing'>,
  now: number,
): FleetUnit[] {
  const words = plain(search).split(' ')
  return units.filter((unit) => {
    const text = plain([unit.unit, unit.siteName, unit.site, unit.road].join(' '))
    return (standing === null || standing === standingOf(unit, now)) && words.every((word) => text.includes(word))
  })
}
