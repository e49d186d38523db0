import type { ScheduleDocument } from '@vigie/config-schema/site-document'
import { isNight, type Place } from './sun-height.ts'

/** Which part of a schedule holds. `watched` and `thrifty`: somebody asked for it. */
export type PlanName = 'day' | 'night' | 'winter-day' | 'winter-night' | 'watched' | 'thrifty'

export type PlanInForce = { name: PlanName; intervalS: number }

/** What decides beside the document. */
export type PlanCircumstances = {
  place: Place
  /** The wall clock, in milliseconds since 1970 UTC; null when it cannot be believed. */
  nowMs: number | null
  isWatched: boolean
  isThrifty: boolean
}

/** A head needs seconds from view to view, a camera up to a second for a picture: more often gives no more. */
const WATCHED_AT_LEAST_S = 10
const WATCHED_TIMES_AS_OFTEN = 4
const THRIFTY_TIMES_AS_SELDOM = 5
const SELDOMEST_S = 3600

/**
 * The part of a schedule that holds: watched closely before thrifty, since a person who asks for pictures now knows what
 * they cost; then the season, then day or night. To watch closely never makes pictures rarer, to be thrifty never more.
 */
export function planInForce(schedule: ScheduleDocument, circumstances: PlanCircumstances): PlanInForce {
  const { isWatched, isThrifty } = circumstances
  const usual = usualPlan(schedule, circumstances)
  if (isWatched) {
    const quarter = Math.max(WATCHED_AT_LEAST_S, Math.floor(schedule.intervalS / WATCHED_TIMES_AS_OFTEN))
    return { name: 'watched', intervalS: Math.min(schedule.watchedIntervalS ?? quarter, usual.intervalS) }
  }
  if (isThrifty) {
    const seldom = Math.min(SELDOMEST_S, usual.intervalS * THRIFTY_TIMES_AS_SELDOM)
    return { name: 'thrifty', intervalS: Math.max(schedule.thriftyIntervalS ?? seldom, usual.intervalS) }
  }
  return usual
}

function usualPlan(schedule: ScheduleDocument, { place, nowMs }: PlanCircumstances): PlanInForce {
  const { intervalS, nightIntervalS = intervalS, winter } = schedule
  if (nowMs === null) return { name: 'day', intervalS }
  const isDark = isNight(place, nowMs)
  if (winter !== undefined && isWithin(winter, nowMs)) {
    return isDark
      ? { name: 'winter-night', intervalS: winter.nightIntervalS ?? winter.intervalS }
      : { name: 'winter-day', intervalS: winter.intervalS }
  }
  return isDark ? { name: 'night', intervalS: nightIntervalS } : { name: 'day', intervalS }
}

/** Days by UTC: an hour or two at the edge of a season of months. Month and day in digits compare as text. */
function isWithin({ from, until }: { from: string; until: string }, nowMs: number): boolean {
  const day = new Date(nowMs).toISOString().slice(5, 10)
  return from <= until ? from <= day && day <= until : from <= day || day <= until
}
