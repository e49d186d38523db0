import type { CommissioningCheck } from '../store/commissionings.ts'
import type { Facts } from './check.ts'
import { checkNamed } from './check-table.ts'
import { stepCheck } from './step-check.ts'

/**
 * A check that could not run for want of something, looked at once more: the photos are taken after the checks. What has to
 * ask the unit, or would begin to run now, stays as it was.
 */
export function lookAgain(row: CommissioningCheck, facts: Facts): CommissioningCheck {
  const check = checkNamed(row.name)
  if (row.state !== 'waiting' || check === undefined || check.asks !== undefined || check.isDrill === true) return row
  const seen = stepCheck({ ...row, startedAt: facts.now }, check, facts)
  return seen.state === 'running' || seen.state === 'waiting' ? row : seen
}
