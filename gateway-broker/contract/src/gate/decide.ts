import { type Case, CHECKS, type Check, type Finding, personsLeft } from './checks.ts'
import { civilTimeOf } from './civil-time.ts'
import type { Attention, Decision } from './decision.ts'
import { entitlementOf, rightOf, ticketOf } from './entitlement.ts'
import type { Outcome } from './outcome.ts'
import type { Question } from './question.ts'
import { type DecisionBody, PERSONS_MAX, type Right, type RowOf } from './row.ts'
import type { TicketStatus } from './ticket-status.ts'

/**
 * Whether somebody may go through, and if not, why and what helps. Pure: the same question has the same answer at a lane,
 * at the museum gateway and on a phone, with a network or without. It looks at one ticket and is done in microseconds.
 */
export function decide(question: Question): Decision {
  const one = caseOf(question)
  const { direction, force, nonce } = question.request
  const asked = question.history.decisions.find(({ body }) => body.nonce === nonce)
  if (asked !== undefined) return repeated(one, asked)
  let instead: { check: Check; finding: Finding } | null = null
  for (const check of CHECKS) {
    if (direction === 'out' && !check.alsoOut) continue
    const finding = check.find(one)
    if (finding === null) continue
    if (force === undefined || !check.canBeForced) return answer(one, { check, finding }, null)
    instead ??= { check, finding }
  }
  return answer(one, null, instead?.check.outcome ?? null)
}

function caseOf(question: Question): Case {
  const { presented, feed, catalogue, clock } = question
  const entitlement = entitlementOf(presented, feed, catalogue)
  const right = entitlement === null ? null : rightOf(entitlement, catalogue.museum)
  const now = civilTimeOf(clock.nowMs)
  // What this museum let in stands in its own ledger.
  const elsewhere = (feed?.elsewhere ?? []).filter(({ museum }) => museum !== catalogue.museum.bit)
  return {
    ...question,
    now,
    isTimeKnown: clock.state !== 'unknown',
    ticket: ticketOf(presented),
    entitlement,
    right,
    status: statusOf(question),
    elsewhere,
    persons: personsFor(question, right, { elsewhere, now }),
  }
}

/** As many as are asked for, or as the ticket admits at an entry, of those whom it still admits. */
function personsFor(
  { history, request }: Question,
  right: Right | null,
  known: Pick<Case, 'elsewhere' | 'now'>,
): number {
  const atAnEntry = right?.persons ?? 1
  if (request.direction === 'out') return Math.min(PERSONS_MAX, Math.max(1, request.persons ?? history.inside))
  const left = right === null ? 0 : personsLeft(right, { history, ...known })
  // None left: it is refused, or forced, and then it is an entry like the first.
  return Math.max(1, Math.min(request.persons ?? atAnEntry, atAnEntry, left === 0 ? atAnEntry : left))
}

/** What was said last counts: by those who sold it, or by the staff on the spot. */
export function statusOf({ feed, history }: Pick<Question, 'feed' | 'history'>): TicketStatus {
  const onTheSpot = history.status
  if (onTheSpot === null) return feed?.status ?? 'valid'
  return feed !== null && (feed.at ?? '') >= onTheSpot.at ? feed.status : onTheSpot.status
}

function answer(one: Case, refusal: { check: Check; finding: Finding } | null, instead: Outcome | null): Decision {
  const { request, presented, entitlement, history, ticket } = one
  const first = history.entries[0]?.row
  const { force } = request
  return {
    direction: request.direction,
    outcome: refusal?.check.outcome ?? 'ok',
    detail: refusal?.finding.detail ?? null,
    ticket,
    medium: presented.medium,
    type: entitlement?.type.number ?? null,
    persons: refusal === null ? one.persons : 0,
    right: refusal === null && ticket !== null ? one.right : null,
    forced: force === undefined || instead === null ? null : { ...force, instead },
    attention: refusal === null ? attentionOf(one, instead) : [],
    fix: refusal?.finding.fix ?? null,
    firstEntry: first === undefined ? null : { at: first.at, lane: first.lane, origin: first.origin },
    repeats: null,
    canBeForced: refusal?.check.canBeForced ?? false,
    canEnterUnpaid: refusal?.check.outcome === 'unpaid' && entitlement?.type.mayEnterUnpaid === true,
  }
}

function attentionOf(
  { entitlement, occupancy, catalogue, persons, isTimeKnown, request, status }: Case,
  instead: Outcome | null,
) {
  if (request.direction === 'out') return []
  const inside = occupancy === null ? 0 : occupancy.inside + persons
  const calls: [Attention, boolean][] = [
    ['forced', instead !== null],
    ['unpaid', status === 'unpaid'],
    ['proof', entitlement?.flags.proof ?? false],
    ['companion', entitlement?.flags.companion ?? false],
    ['crowded', occupancy !== null && inside >= catalogue.museum.capacity.warnAt],
    ['clock-unknown', !isTimeKnown],
  ]
  return calls.filter(([, isSo]) => isSo).map(([name]) => name)
}

/** The answer that the question had before, with what helps now. */
function repeated(one: Case, { id, body }: RowOf<'decision'>): Decision {
  const { outcome, detail = null, persons, right = null, forced = null } = body
  const fix = CHECKS.find((check) => check.outcome === outcome)?.find(one)?.fix ?? null
  return { ...answer(one, null, forced?.instead ?? null), outcome, detail, persons, right, forced, fix, repeats: id }
}

/** What is written down of a decision. */
export function decisionBody(
  decision: Decision,
  { nonce, by, listAge, onList, text }: Question['request'],
): DecisionBody {
  const { direction, outcome, detail, ticket, persons, right, forced, medium } = decision
  return {
    kind: 'decision',
    nonce,
    direction,
    outcome,
    ...(detail === null ? {} : { detail }),
    ticket,
    persons,
    ...(right === null ? {} : { right }),
    ...(forced === null ? {} : { forced }),
    medium,
    ...(by === undefined ? {} : { by }),
    listAge,
    ...(onList === undefined ? {} : { onList }),
    ...(ticket !== null || text === undefined ? {} : { text }),
  }
}
