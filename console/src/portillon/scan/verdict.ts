import type { Attention, Decision, Fix } from '@vigie/contract/gate/decision'
import { UNDO_WITHIN_MS } from '@vigie/contract/gate/row'
import { type Answer, answerIn } from '@vigie/contract/gate/words'
import type { Direction, ToldDecision } from '../../api/museum.ts'
import type { DecidedHere } from '../phone/decide-here.ts'
import type { Outgoing } from '../phone/kept.ts'

/** A decision as the staff sees it. */
export type Answered = {
  /** By whom: a row of the gateway, or this phone alone, with what it keeps of it and how old its list was. */
  made: { by: 'gateway'; id: string } | { by: 'phone'; outgoing: Outgoing; listAt: number }
  direction: Direction
  outcome: ToldDecision['outcome']
  answer: Answer
  attention: Attention[]
  persons: number
  firstEntry: { at: string; lane: string | null } | null
  isForced: boolean
  canBeForced: boolean
  canEnterUnpaid: boolean
  overridesLeft: number
  undoUntil: number | null
  isUndone: boolean
}

/** With the code that was read: it may be asked about again. */
export type Verdict = Answered & { code: string }

export const verdictOf = (told: ToldDecision, code: string): Verdict => ({ ...answeredOf(told), code })

export function answeredOf(told: ToldDecision): Answered {
  // The API tells both in the contract's own words.
  const [attention, fix] = [told.attention as Attention[], told.fix as Fix | null]
  return {
    ...shownOf({ ...told, attention, fix }),
    made: { by: 'gateway', id: told.id },
    overridesLeft: told.overridesLeft,
    undoUntil: told.undoUntil === null ? null : Date.parse(told.undoUntil),
  }
}

export function verdictHere({ decision, made, overridesLeft, listAt }: DecidedHere, code: string): Verdict {
  return {
    ...shownOf(decision),
    code,
    made: { by: 'phone', outgoing: made, listAt },
    overridesLeft,
    undoUntil: decision.outcome === 'ok' ? Date.parse(made.at) + UNDO_WITHIN_MS : null,
  }
}

type Shown = Pick<Decision, 'direction' | 'outcome' | 'detail' | 'attention' | 'fix' | 'persons'> &
  Pick<ToldDecision, 'firstEntry' | 'forced' | 'canBeForced' | 'canEnterUnpaid'>

function shownOf({ forced, detail, fix, ...told }: Shown) {
  const { direction, outcome, attention, persons, firstEntry, canBeForced, canEnterUnpaid } = told
  return {
    ...{ direction, outcome, attention, persons, firstEntry, canBeForced, canEnterUnpaid },
    answer: answerIn('fr', { outcome, detail, fix, attention }),
    isForced: forced !== null,
    isUndone: false,
  }
}
