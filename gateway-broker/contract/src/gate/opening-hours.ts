import type { MuseumTerms } from './catalogue.ts'
import { type CivilDay, type CivilTime, civilDayOfDate, minutesOf, weekdayOf } from './civil-time.ts'

/** Minutes of a day, the first included and the last not. */
export type Hours = { from: number; until: number }
type Terms = Pick<MuseumTerms, 'opening' | 'closedDays'>

/** The hours of a day, earliest first; none on a day that is closed. */
export function hoursOf({ opening, closedDays }: Terms, day: CivilDay): Hours[] {
  if (closedDays.some((date) => civilDayOfDate(date) === day)) return []
  const weekday = weekdayOf(day)
  return opening
    .filter(({ days, first, last }) => {
      if (first !== undefined && day < civilDayOfDate(first)) return false
      return days.includes(weekday) && (last === undefined || day <= civilDayOfDate(last))
    })
    .map(({ from, until }) => ({ from: minutesOf(from), until: minutesOf(until) }))
    .sort((a, b) => a.from - b.from)
}

/** A museum that has no hours in its catalogue is not closed by them. */
export const isOpenAt = (terms: Terms, { day, minutes }: CivilTime): boolean =>
  terms.opening.length === 0 || hoursOf(terms, day).some(({ from, until }) => minutes >= from && minutes < until)

/** A closed season lasts a winter; who asks in it is told its end. Beyond a year nothing is planned. */
const LOOK_AHEAD_DAYS = 370

/** When it opens next, at or after a time; null where no catalogue says so. */
export function nextOpening(terms: Terms, { day, minutes }: CivilTime): CivilTime | null {
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
    const next = hoursOf(terms, day + ahead).find(({ from }) => ahead > 0 || from > minutes)
    if (next !== undefined) return { day: day + ahead, minutes: next.from }
  }
  return null
}
