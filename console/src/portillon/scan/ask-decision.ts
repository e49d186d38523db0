import type { Asked, Direction, ToldDecision } from '../../api/museum.ts'
import { Refused } from '../../api/refused.ts'
import { countKept, type Gate } from '../gate.ts'
import { decideHere } from '../phone/decide-here.ts'
import { type Verdict, verdictHere, verdictOf } from './verdict.ts'

export class NoList extends Error {}

/** How somebody asks: what was read, and whether against the word of the gate. */
export type Wish = { code: string; direction: Direction; ignoreUnpaid?: true; overrideReason?: string }

/**
 * Asks the gateway; where it is out of reach or cannot write, this phone decides by its own list. Rejects with a Refused, a
 * NoList or a NoOverrideLeft.
 */
export async function askDecision(
  gate: Gate,
  { code, direction, ignoreUnpaid, overrideReason }: Wish,
): Promise<Verdict> {
  const site = gate.me.value?.site ?? ''
  const asked: Asked = { site, code, direction, nonce: gate.newId(), ...(ignoreUnpaid && { ignoreUnpaid }) }
  try {
    if (gate.link.value !== 'down') return verdictOf(await askGateway(gate, asked, overrideReason), code)
  } catch (problem) {
    if (!(problem instanceof Refused)) gate.link.value = 'down'
    // It is there and can write nothing down: the phone can.
    else if (problem.problem !== 'ledger-failing') throw problem
  }
  return decideAlone(gate, asked, overrideReason)
}

const askGateway = ({ api }: Gate, asked: Asked, reason: string | undefined): Promise<ToldDecision> =>
  reason === undefined ? api.decide(asked) : api.override({ ...asked, reason })

async function decideAlone(gate: Gate, asked: Asked, overrideReason: string | undefined): Promise<Verdict> {
  const { me, kept, now } = gate
  // A pass that has ended opens nothing, here as at the gateway.
  if (me.value === null || Date.parse(me.value.until) <= now()) throw new NoList()
  const question = { ...asked, staff: me.value.staff, ...(overrideReason !== undefined && { overrideReason }) }
  const decided = await decideHere(question, { kept, subtle: crypto.subtle, now: Date.now })
  if (decided === null) throw new NoList()
  void countKept(gate)
  return verdictHere(decided, asked.code)
}

/** Takes an entry back: at the gateway, or here, to be handed up with the decision or after it. Rejects with a Refused. */
export async function takeBack(gate: Gate, { made }: Pick<Verdict, 'made'>): Promise<void> {
  if (made.by === 'gateway') {
    await gate.api.undo(made.id)
    return
  }
  const { outgoing } = made
  await gate.kept.putOutgoing({
    ...outgoing,
    undoneAt: new Date(Math.max(gate.now(), Date.parse(outgoing.at))).toISOString(),
  })
  await countKept(gate)
}
