import { type CivilDay, civilDayOfDate, dateOfCivilDay } from '@vigie/contract/gate/civil-time'

/** A season of the museums, first and last day included. */
export type Season = { from: CivilDay; until: CivilDay }

/** Summer begins on 1 April and winter on 1 November: the museums' own seasons. Each has a key of its own. */
export function seasonOf(day: CivilDay): Season {
  const date = dateOfCivilDay(day)
  const year = Number(date.slice(0, 4))
  const [spring, autumn] = [`${year}-04-01`, `${year}-11-01`]
  if (date < spring) return between(`${year - 1}-11-01`, spring)
  return date < autumn ? between(spring, autumn) : between(autumn, `${year + 1}-04-01`)
}

/** So many days before a season its key is made and told: a gate without a network must know it in time. */
export const TOLD_BEFORE_DAYS = 21

const between = (first: string, next: string): Season => ({
  from: civilDayOfDate(first),
  until: civilDayOfDate(next) - 1,
})
