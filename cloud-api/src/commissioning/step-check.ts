import type { CommissioningCheck } from '../store/commissionings.ts'
import type { Begun, Check, Facts, Judgement } from './check.ts'
import { lasting } from './in-french.ts'

/** A check that begins at `facts.now`. @param asked what it remembers of what was asked for it */
export const begunCheck = (check: Check, facts: Facts, asked: Begun = {}): CommissioningCheck => ({
  commissioning: facts.commissioning.id,
  name: check.name,
  state: 'running',
  measured: null,
  reason: null,
  begun: JSON.stringify({ ...check.begin?.(facts), ...asked }),
  startedAt: facts.now,
  endedAt: null,
  saidBy: null,
})

/** Looks once at a check that runs. @returns it as it stands after the look */
export function stepCheck(row: CommissioningCheck, check: Check, facts: Facts): CommissioningCheck {
  const begun = JSON.parse(row.begun) as Begun // written by `begunCheck` or by the line at the end
  const judgement = inTime(check.judge(facts, { startedAt: row.startedAt, begun }), row, check, facts.now)
  if (judgement.state === 'running') {
    const remembered = judgement.begun === undefined ? row.begun : JSON.stringify(judgement.begun)
    return { ...row, begun: remembered, reason: judgement.reason ?? null }
  }
  return {
    ...row,
    state: judgement.state,
    measured: 'measured' in judgement ? (judgement.measured ?? null) : null,
    reason: 'reason' in judgement ? judgement.reason : null,
    endedAt: facts.now,
  }
}

/** A check that has run for all its time has failed, by whatever it still waits for. */
function inTime(judgement: Judgement, { startedAt }: CommissioningCheck, { withinS }: Check, now: number): Judgement {
  if (judgement.state !== 'running' || now - startedAt < withinS * 1000) return judgement
  const waited = `Rien au bout de ${lasting(withinS * 1000)}.`
  return { state: 'failed', reason: judgement.reason === undefined ? waited : `${waited} ${judgement.reason}` }
}
