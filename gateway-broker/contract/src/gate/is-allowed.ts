import type { LaneId } from '../ids.ts'
import type { Catalogue } from './catalogue.ts'
import {
  type CivilDay,
  type CivilTime,
  civilDayOf,
  civilDayOfDate,
  minutesOf,
  momentOf,
  weekdayOf,
} from './civil-time.ts'
import type { Entitlement } from './entitlement.ts'
import type { TicketHistory } from './history.ts'
import { hoursOf } from './opening-hours.ts'
import type { Comparison, Condition, Measure, Moment, Rule } from './rule.ts'
import type { UsedElsewhere } from './used-elsewhere.ts'

const MINUTE_MS = 60_000

/** What a rule is judged by. */
export type RuleFacts = {
  entitlement: Entitlement
  history: TicketHistory
  /** What other museums let in on it counts like an entry here. */
  elsewhere: readonly UsedElsewhere[]
  lane: LaneId | null
  museum: Catalogue['museum']
  nowMs: number
  now: CivilTime
  /** Where the time is not known, what asks for it is taken as met. */
  isTimeKnown: boolean
}

export function isAllowed(rule: Rule, facts: RuleFacts): boolean {
  if (!('of' in rule)) return isMet(rule, facts)
  const are = (one: Rule) => isAllowed(one, facts)
  return rule.rule === 'all' ? rule.of.every(are) : rule.of.some(are)
}

function isMet(condition: Condition, facts: RuleFacts): boolean {
  switch (condition.rule) {
    case 'always':
      return true
    case 'never':
      return false
    case 'one-of':
      return isOneOf(condition, facts)
    case 'compare':
      return compares(measured(condition.what, facts), condition.is, condition.value)
    case 'count':
      return !facts.isTimeKnown || compares(countOf(condition, facts), condition.is, condition.value)
    case 'time':
      return !facts.isTimeKnown || isInTime(condition, facts)
  }
}

function isOneOf({ what, values }: Extract<Condition, { rule: 'one-of' }>, facts: RuleFacts): boolean {
  const { entitlement, lane, museum, now } = facts
  switch (what) {
    case 'product':
      return values.includes(entitlement.type.product)
    case 'type':
      return values.includes(entitlement.type.number)
    case 'lane':
      return lane !== null && values.includes(lane)
    case 'museum':
      return values.includes(museum.bit)
    case 'weekday':
      return !facts.isTimeKnown || values.includes(weekdayOf(now.day))
  }
}

/** An entry, or as many as another museum says of one day together. */
type When = { atMs: number; day: CivilDay; entries?: number }

/** All entries, in order. */
function entriesOf({ history, elsewhere }: RuleFacts): When[] {
  const uses = elsewhere.flatMap((there) => there.uses)
  if (uses.length === 0) return history.entries
  const there = uses.map(({ at, entries = 1 }) => ({ atMs: Date.parse(at), day: civilDayOf(Date.parse(at)), entries }))
  return [...history.entries, ...there].sort((one, other) => one.atMs - other.atMs)
}

const countIn = (entries: readonly When[]): number => entries.reduce((sum, { entries: count = 1 }) => sum + count, 0)
const daysIn = (entries: readonly When[]): number => new Set(entries.map(({ day }) => day)).size

function measured(what: Measure, facts: RuleFacts): number {
  const { history, elsewhere, nowMs, now } = facts
  const entries = entriesOf(facts)
  switch (what) {
    case 'entries':
      return elsewhere.reduce((sum, there) => sum + there.entries, history.entries.length)
    case 'entries-today':
      return countIn(entries.filter(({ day }) => day === now.day))
    case 'days-entered':
      return daysIn(entries)
    case 'minutes-since-first-entry':
      return minutesSince(entries[0]?.atMs, nowMs)
    case 'minutes-since-last-entry':
      return minutesSince(entries.at(-1)?.atMs, nowMs)
    case 'inside':
      return history.inside
  }
}

const minutesSince = (atMs: number | undefined, nowMs: number): number =>
  atMs === undefined ? -1 : Math.floor((nowMs - atMs) / MINUTE_MS)

function countOf({ what, side, moment }: Extract<Condition, { rule: 'count' }>, facts: RuleFacts): number {
  const atMs = momentMs(moment, facts)
  const counted = entriesOf(facts).filter((entry) => (side === 'since' ? entry.atMs >= atMs : entry.atMs < atMs))
  return what === 'entries' ? countIn(counted) : daysIn(counted)
}

function isInTime({ is, moment, toleranceMin = 0 }: Extract<Condition, { rule: 'time' }>, facts: RuleFacts): boolean {
  const atMs = momentMs(moment, facts)
  const widerMs = toleranceMin * MINUTE_MS
  return is === 'after' ? facts.nowMs >= atMs - widerMs : facts.nowMs < atMs + widerMs
}

/** The moment that is meant now, for this ticket. */
export function momentMs(moment: Moment, { entitlement, museum, now }: RuleFacts): number {
  const { day } = now
  switch (moment.at) {
    case 'time-of-day':
      return momentOf({ day, minutes: minutesOf(moment.time) })
    case 'date':
      return momentOf({ day: civilDayOfDate(moment.date), minutes: minutesOf(moment.time ?? '00:00') })
    case 'date-time':
      return Date.parse(moment.time)
    default:
      return momentOf({ day, minutes: visitMinutes(moment.at, day, entitlement, museum) })
  }
}

/** Of the slot; where the ticket has none, of the museum's hours on the day; where it has none either, of the whole day. */
function visitMinutes(
  at: 'admission' | 'start' | 'end',
  day: number,
  { slotStart, toleranceMin, type }: Entitlement,
  museum: Catalogue['museum'],
): number {
  if (slotStart !== null) {
    if (at === 'end') return type.slotLengthMin === null ? 24 * 60 : slotStart + type.slotLengthMin
    return at === 'admission' ? slotStart - toleranceMin : slotStart
  }
  const hours = hoursOf(museum, day)
  return at === 'end' ? (hours.at(-1)?.until ?? 24 * 60) : (hours[0]?.from ?? 0)
}

function compares(left: number, is: Comparison, right: number): boolean {
  switch (is) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '=':
      return left === right
    case '>=':
      return left >= right
    case '>':
      return left > right
  }
}
