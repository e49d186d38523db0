import { isRowOf } from '@vigie/contract/gate/row'
import { startOfDay } from './gate-state.ts'
import { isOverride } from './overrides.ts'
import type { RecentRows } from './recent-rows.ts'

type Quota = { recent: RecentRows; overridesPerDay: () => number; now: () => number }

/** How many this person may still make today. */
export function overridesLeft(staff: string, { recent, overridesPerDay, now }: Quota): number {
  const today = recent.since(startOfDay(now()))
  const used = today.filter((row) => isOverride(row) && isRowOf(row, 'decision') && row.body.by === staff).length
  return Math.max(0, overridesPerDay() - used)
}
