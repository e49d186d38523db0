import type { CivilDay, CivilTime } from './civil-time.ts'
import type { Fix } from './decision.ts'
import type { Entitlement } from './entitlement.ts'
import type { Detail } from './outcome.ts'

const MINUTES_OF_A_DAY = 1440

/** The minutes of its day within which a slot may be entered: the first included, the last not. */
export function slotOf({ slotStart, toleranceMin, type }: Entitlement): { from: number; until: number } | null {
  if (slotStart === null) return null
  const length = type.slotLengthMin ?? MINUTES_OF_A_DAY - slotStart
  return { from: slotStart - toleranceMin, until: slotStart + Math.max(length, toleranceMin) }
}

/** Why a ticket is not good now, with the nearest time at which it is; null where it is good. */
export function timeProblem(entitlement: Entitlement, now: CivilTime): { detail: Detail; fix: Fix } | null {
  const { firstDay, days, slotStart } = entitlement
  const lastDay = firstDay + days - 1
  const goodOn = (day: CivilDay): Fix => ({ kind: 'from', day, minutes: slotStart, isToday: day === now.day })
  if (now.day < firstDay) return { detail: 'not-yet', fix: goodOn(firstDay) }
  if (now.day > lastDay) return { detail: 'over', fix: { kind: 'ended', day: lastDay } }
  const slot = slotOf(entitlement)
  if (slot === null || (now.minutes >= slot.from && now.minutes < slot.until)) return null
  if (now.minutes < slot.from) return { detail: 'other-slot', fix: goodOn(now.day) }
  if (now.day < lastDay) return { detail: 'other-slot', fix: goodOn(now.day + 1) }
  return { detail: 'over', fix: { kind: 'ended', day: lastDay } }
}
