import type { Attention, Fix } from '@vigie/contract/gate/decision'
import { type Answer, answerIn } from '@vigie/contract/gate/words'
import type { Direction, ToldDecision } from '../../api/museum.ts'
import { Refused } from '../../api/refused.ts'
import { countKept, type Gate } from '../gate.ts'
import { decideHere } from '../phone/decide-here.ts'

/** A decision as the staff sees it. */
export type Verdict = {
  /** Null: this phone decided by itself. */
  id: string | null
  code: string
  direction: Direction
  outcome: ToldDecision['outcome']
  answer: Answer
  attention: Attention[]
  persons: number
  firstEntry: { at: string; lane: string | null } | null
  isForced: boolean
  canBeForced: boolean
  overridesLeft: number
  undoUntil: number | null
  isUndone: boolean
}

export class NoList extends Error {}

/** Asks the gateway; where it is out of reach or cannot write, this phone decides by its own list. Rejects with a Refused, or a NoList. */
export async function askDecision(gate: Gate, code: string, direction: Direction): Promise<Verdict> {
  const { api, me, newId } = gate
  const asked = { site: me.value?.site ?? '', code, direction, nonce: newId() }
  try {
    if (gate.link.value !== 'down') return verdictOf(await api.decide(asked), code)
  } catch (problem) {
    if (!(problem instanceof Refused)) gate.link.value = 'down'
    // It is there and can write nothing down: the phone can.
    else if (problem.problem !== 'ledger-failing') throw problem
  }
  return decideAlone(gate, asked)
}

async function decideAlone(gate: Gate, asked: { site: string; code: string; direction: Direction; nonce: string }) {
  const { me, kept, now } = gate
  // A pass that has ended opens nothing, here as at the gateway.
  if (me.value === null || Date.parse(me.value.until) <= now()) throw new NoList()
  const made = await decideHere(asked, { kept, subtle: crypto.subtle, now: Date.now })
  if (made === null) throw new NoList()
  void countKept(gate)
  const { decision } = made
  const { direction, outcome, attention, persons, firstEntry } = decision
  return {
    ...{
      id: null,
      code: asked.code,
      direction,
      outcome,
      answer: answerIn('fr', decision),
      attention,
      persons,
      firstEntry,
    },
    ...{ isForced: false, canBeForced: false, overridesLeft: 0, undoUntil: null, isUndone: false },
  } satisfies Verdict
}

export function verdictOf(told: ToldDecision, code: string): Verdict {
  const { id, direction, outcome, detail, persons, firstEntry, canBeForced, overridesLeft, undoUntil } = told
  // The API tells both in the contract's own words.
  const [attention, fix] = [told.attention as Attention[], told.fix as Fix | null]
  return {
    ...{ id, code, direction, outcome, attention, persons, firstEntry, canBeForced, overridesLeft },
    answer: answerIn('fr', { outcome, detail, fix, attention }),
    isForced: told.forced !== null,
    undoUntil: undoUntil === null ? null : Date.parse(undoUntil),
    isUndone: false,
  }
}
