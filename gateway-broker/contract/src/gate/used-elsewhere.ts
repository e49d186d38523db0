import Type from 'typebox'
import { Count, UtcTime } from '../envelope.ts'
import { type CivilDay, civilDayOf } from './civil-time.ts'
import type { TicketHistory } from './history.ts'
import type { Right } from './row.ts'

/** A card for ten entries has each by itself; of more, those before the newest are told by the day. */
const USES_TOLD_MAX = 16
/** No ticket is good for more. Beyond, as after days that a wrong clock made up: the oldest days are in the sums alone. */
const DAYS_TOLD_MAX = 255

/**
 * What a ticket that is good at several museums was used for at another one, as far as the cloud had heard: the whole of it
 * each time, so that whatever comes later stands in for it.
 */
export const UsedElsewhere = Type.Object({
  /** Of `MUSEUM_BITS`. */
  museum: Type.Integer({ minimum: 1, maximum: 2 }),
  /** Admissions that were not given back, and the persons who used up the right on them. */
  entries: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  persons: Count,
  /** In order of time: the newest of them, and before those one for each day, at the time of its first. */
  uses: Type.Array(
    Type.Object({
      at: UtcTime,
      persons: Count,
      /** How many it stands for; absent: one. */
      entries: Type.Optional(Type.Integer({ minimum: 2, maximum: Number.MAX_SAFE_INTEGER })),
    }),
    { minItems: 1, maxItems: USES_TOLD_MAX + DAYS_TOLD_MAX },
  ),
})
export type UsedElsewhere = Type.Static<typeof UsedElsewhere>
type Use = UsedElsewhere['uses'][number]

/** What the history of a ticket at one museum is to the others; null: nothing. */
export function usedAt(museum: number, { entries }: Pick<TicketHistory, 'entries'>): UsedElsewhere | null {
  if (entries.length === 0) return null
  return {
    museum,
    entries: entries.length,
    persons: entries.reduce((sum, { using }) => sum + using, 0),
    uses: [
      ...byDay(entries.slice(0, -USES_TOLD_MAX)).slice(-DAYS_TOLD_MAX),
      ...entries.slice(-USES_TOLD_MAX).map(({ row, using }) => ({ at: row.at, persons: using })),
    ],
  }
}

/** @param entries in order of time */
function byDay(entries: TicketHistory['entries']): Use[] {
  const days = new Map<CivilDay, Use>()
  for (const { row, day, using } of entries) {
    const before = days.get(day)
    days.set(
      day,
      before === undefined
        ? { at: row.at, persons: using }
        : { at: before.at, persons: before.persons + using, entries: (before.entries ?? 1) + 1 },
    )
  }
  return [...days.values()]
}

/** Those uses that a right counts now: all, or those of the day. */
export function usesCounted(elsewhere: readonly UsedElsewhere[], right: Right, day: CivilDay) {
  return elsewhere
    .flatMap(({ museum, uses }) => uses.map((use) => ({ museum, ...use })))
    .filter(({ at, persons }) => persons > 0 && (right.perDay !== true || civilDayOf(Date.parse(at)) === day))
}

/** How many persons of a right were let in at other museums. */
export function personsElsewhere(elsewhere: readonly UsedElsewhere[], right: Right, day: CivilDay): number {
  const counted = right.perDay === true ? usesCounted(elsewhere, right, day) : elsewhere
  return counted.reduce((sum, { persons }) => sum + persons, 0)
}
