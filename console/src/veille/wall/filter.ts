import { plain } from '../../look/plain-text.ts'
import type { Asked } from '../address.ts'
import type { Standing } from './need.ts'

/** The sites that were asked for, in the order they had. */
export function filterStandings(standings: readonly Standing[], { search, need }: Asked): Standing[] {
  const words = plain(search).split(' ')
  return standings.filter(({ site, need: own }) => {
    const text = plain(`${site.name} ${site.road} ${site.unit.id} ${site.site}`)
    return (need === null || need === own) && words.every((word) => text.includes(word))
  })
}
