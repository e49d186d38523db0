import type { CommissioningCheck } from '../store/commissionings.ts'
import type { Begun, Check, Facts, Judgement } from './check.ts'
import { lasting } from './in-french.ts'
import { isTakingSettings, ranWhenAsked, wasAskedEarly } from './settings-on-their-way.ts'

/** A check that begins at `facts.now`. @param asked what it remembers of what was asked for it */
export const begunCheck = (check: Check, facts: Facts, asked: Begun = {}): CommissioningCheck => ({
  commissioning: facts.commissioning.id,
  name: check.name,
  state: 'running',
  measured: null,
  reason: null,
  begun: JSON.stringify({ ...check.begin?.(facts), ...ranWhenAsked(facts), ...asked }),
  startedAt: facts.now,
  endedAt: null,
  saidBy: null,
})

/** Looks once at a check that runs. @returns it as it stands after the look */
export function stepCheck(row: CommissioningCheck, check: Check, facts: Facts): CommissioningCheck {
  const begun = JSON.parse(row.begun) as Begun // written by `begunCheck` or by the line at the end
  const judged = atRest(check.judge(facts, { startedAt: row.startedAt, begun }), facts, begun)
  const judgement = inTime(judged, row, check, facts.now)
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

/** What fails while the box takes its settings may hold once it has them: it is looked at again. */
function atRest(judgement: Judgement, facts: Facts, begun: Begun): Judgement {
  const isEarly =
    isTakingSettings(facts) || [...facts.commands.values()].some((one) => wasAskedEarly(one, facts, begun))
  if (judgement.state !== 'failed' || !isEarly) return judgement
  return { state: 'running', reason: `${judgement.reason} Revu quand le boîtier aura pris ses réglages.` }
}

/** A check that has run for all its time has failed, by whatever it still waits for. */
function inTime(judgement: Judgement, { startedAt }: CommissioningCheck, { withinS }: Check, now: number): Judgement {
  if (judgement.state !== 'running' || now - startedAt < withinS * 1000) return judgement
  const waited = `Rien au bout de ${lasting(withinS * 1000)}.`
  return { state: 'failed', reason: judgement.reason === undefined ? waited : `${waited} ${judgement.reason}` }
}
