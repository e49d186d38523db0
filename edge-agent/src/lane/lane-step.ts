import type { Direction } from '@vigie/contract/gate/outcome'
import type { LaneBody, ReturnedBody } from '@vigie/contract/gate/row'
import {
  canTakeGrant,
  faultOf,
  freeWay,
  type Grant,
  type LaneEffect,
  type LaneEvent,
  type LaneRules,
  type LaneState,
  type LeftOpen,
  type Life,
  modeOf,
  type Rest,
} from './lane-life.ts'

export type LaneTurn = { state: LaneState; effects: LaneEffect[] }

/** Why a grant, or the rest of it, is given back. */
type Unused = ReturnedBody['why']

/**
 * One event in the life of a lane: the next state, and what is to be done, in order. Of every grant exactly its persons
 * come back as passages and as returned ones, whatever happens. `nowMs` is monotonic.
 */
export function step(state: LaneState, event: LaneEvent, nowMs: number, rules: LaneRules): LaneTurn {
  const turn = happen(state, event, nowMs, rules)
  const isToldAnew = standing(state) !== standing(turn.state) || isOtherRest(state.rest, turn.state.rest)
  if (!isToldAnew) return turn
  const { by, reason } = event.name === 'rest' ? event : {}
  const report = {
    ...told(turn.state, isOtherRest(state.rest, turn.state.rest)),
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason }),
  }
  return { state: turn.state, effects: [...turn.effects, { do: 'report', report }] }
}

/** What a ledger says of a lane: not each turn of its arm, but what it is between them. */
function standing(state: LaneState): string {
  const { life, rest } = state
  if (life.name === 'fire') return 'fire'
  if (state.isRevoked) return 'revoked'
  if (rest.name === 'out-of-service') return rest.name
  return faultOf(state) ?? rest.name
}

const endOf = (rest: Rest): string => (rest.name === 'free' ? `${rest.direction} ${rest.until ?? ''}` : '')
const isOtherRest = (one: Rest, other: Rest): boolean => one.name !== other.name || endOf(one) !== endOf(other)

/** The ledger is what a power cut leaves of a lane: whoever reads its rows back finds what it is to be at rest. */
function told(state: LaneState, isOther: boolean): LaneBody {
  const { life, rest } = state
  const cause = faultOf(state)
  const isFire = life.name === 'fire'
  const isHidden = isFire || state.isRevoked || (cause !== null && rest.name !== 'out-of-service')
  const between = isFire ? 'fire' : state.isRevoked ? 'out-of-service' : isHidden ? 'fault' : rest.name
  return {
    kind: 'lane',
    state: between,
    ...(isHidden && isOther && { rest: rest.name }),
    ...(cause !== null && !isFire && { cause }),
    ...(rest.name === 'free' && rest.until !== undefined && (isOther || !isHidden) && { until: rest.until }),
  }
}

function happen(state: LaneState, event: LaneEvent, nowMs: number, rules: LaneRules): LaneTurn {
  const { life } = state
  switch (event.name) {
    case 'grant':
      return canTakeGrant(state, event.grant.direction)
        ? take(state, event.grant, nowMs, rules)
        : doing(state, back(event.grant, 'fault'))
    case 'left-open':
      return takeUp(state, event)
    case 'refusal':
      return life.name === 'resting' ? doing(state, { do: 'signal', signal: 'refused' }) : doing(state)
    case 'released':
    case 'not-released':
    case 'unanswered':
      return life.name === 'granted' && life.order === event.order
        ? answered(state, life, event.name, nowMs, rules)
        : doing(state)
    case 'pass-began':
      return life.name === 'granted' && life.grant.direction === event.direction && life.left > 0
        ? rotating(state, life, nowMs)
        : doing(state)
    case 'pass':
      return pass(state, event.direction, nowMs, rules)
    case 'pass-void':
      return life.name === 'rotating' && state.isReady ? turnedBack(state, life, nowMs) : doing(state)
    case 'ready':
      return ready(state, event.is, nowMs, rules)
    case 'alarm':
      return doing({ ...state, isAlarmed: event.is })
    case 'power': {
      const lit = { ...state, isPowered: event.is }
      // Its arms fall, and nobody is counted any more.
      return event.is ? doing(lit) : settle(lit, nowMs, rules, 'fault')
    }
    case 'board':
      return board(state, event.is)
    case 'revoked': {
      const told = { ...state, isRevoked: event.is }
      return life.name === 'resting' ? comeToRest(told, nowMs, rules) : doing(told)
    }
    case 'fire':
      return event.is ? burn(state, nowMs, rules) : extinguished(state, nowMs, rules)
    case 'rest': {
      const told = { ...state, rest: event.rest }
      return life.name === 'resting' ? comeToRest(told, nowMs, rules) : doing(told)
    }
    case 'tick':
      return tick(state, nowMs, rules)
  }
}

const doing = (state: LaneState, ...effects: LaneEffect[]): LaneTurn => ({ state, effects })
const living = (state: LaneState, life: Life, ...effects: LaneEffect[]): LaneTurn =>
  doing({ ...state, life }, ...effects)

const back = ({ decision, persons }: Pick<Grant, 'decision' | 'persons'>, why: Unused) =>
  ({ do: 'report', report: { kind: 'returned', decision, persons, why } }) as const

const alarm = (state: LaneState, cause: 'forced' | 'too-long'): LaneEffect[] => [
  { do: 'report', report: { kind: 'lane', state: modeOf(state), cause } },
  { do: 'signal', signal: 'alarm' },
]

function take(state: LaneState, grant: Grant, nowMs: number, rules: LaneRules): LaneTurn {
  const { state: granted, effects } = release(state, grant, grant.persons, nowMs, rules)
  return doing(granted, ...effects, { do: 'signal', signal: 'welcome' })
}

/** Its lamps are as the last start or the last connection left them. */
function board(state: LaneState, is: boolean): LaneTurn {
  const seen = { ...state, hasBoard: is }
  const isOpen = state.life.name !== 'resting' || freeWay(state) !== null
  return is ? doing(seen, { do: 'signal', signal: isOpen ? 'open' : 'none' }) : doing(seen)
}

type Granted = Extract<Life, { name: 'granted' }>

/** The order to the arm left before the agent died; a second one would be for another person. */
function takeUp(state: LaneState, { grant, left, untilMs }: LeftOpen): LaneTurn {
  const life: Granted = {
    ...{ name: 'granted', grant, left, untilMs, wasUnwatched: true },
    ...{ isReleased: true, order: null, hasTurnedBack: false, isUnanswered: false },
  }
  return living(state, life)
}

const unwatched = ({ wasUnwatched }: Extract<Life, { grant: Grant }>) =>
  wasUnwatched === undefined ? {} : { wasUnwatched }

/** Opens the arm for the next of a grant's persons, now or as soon as it is at rest. */
function release(state: LaneState, grant: Grant, left: number, nowMs: number, rules: LaneRules): LaneTurn {
  const { isReady } = state
  const order = isReady ? state.orders + 1 : null
  const life: Life = {
    ...{ name: 'granted', grant, left, untilMs: nowMs + rules.windowMs },
    ...{ isReleased: isReady, order, hasTurnedBack: false, isUnanswered: false },
  }
  if (order === null) return living(state, life)
  return living({ ...state, orders: order }, life, { do: 'release', direction: grant.direction, order })
}

/**
 * What is not known is left open: given back at once, the ticket of somebody whose arm was released all the same would be
 * good a second time. Ordered again, an arm that counts its orders would let two through.
 */
function answered(
  state: LaneState,
  life: Granted,
  answer: 'released' | 'not-released' | 'unanswered',
  nowMs: number,
  rules: LaneRules,
): LaneTurn {
  if (answer === 'not-released') return settle(state, nowMs, rules, 'fault')
  const untilMs = nowMs + rules.windowMs
  return living(state, { ...life, untilMs, order: null, isUnanswered: answer === 'unanswered' })
}

function rotating(state: LaneState, life: Granted, nowMs: number) {
  const { grant, left, untilMs } = life
  const turning: Life = { name: 'rotating', grant, left, untilMs, sinceMs: nowMs, isLong: false, isStuck: false }
  return living(state, { ...turning, ...unwatched(life) })
}

function pass(state: LaneState, direction: Direction, nowMs: number, rules: LaneRules): LaneTurn {
  const { life } = state
  const through = (of: 'forced' | 'free' | 'fire'): LaneEffect => ({
    do: 'report',
    report: { kind: 'passage', direction, decision: null, of },
  })
  if (life.name === 'fire') return doing(state, through('fire'))
  if (life.name !== 'resting' && life.grant.direction === direction) {
    if (life.left === 0) return rested(state, nowMs, rules, through('free'))
    return consume(state, life, nowMs, rules)
  }
  if (direction === 'out' && rules.isExitFree) return doing(state, through('free'))
  const way = freeWay(state)
  if (way === 'both' || way === direction) {
    return again(state, nowMs, rules, through('free'))
  }
  return doing(state, through('forced'), ...alarm(state, 'forced'))
}

/** One of the grant's persons went through. */
function consume(
  state: LaneState,
  { grant, left: before }: Extract<Life, { grant: Grant }>,
  nowMs: number,
  rules: LaneRules,
): LaneTurn {
  const { decision, direction, of } = grant
  const through: LaneEffect = { do: 'report', report: { kind: 'passage', direction, decision, of } }
  const left = before - 1
  const waitsForCompanion = left === 0 && rules.takesCompanion && grant.persons === 1
  if (left === 0 && !waitsForCompanion) return rested(state, nowMs, rules, through)
  const next = release(state, grant, left, nowMs, rules)
  return doing(next.state, through, ...next.effects)
}

function ready(state: LaneState, is: boolean, nowMs: number, rules: LaneRules): LaneTurn {
  const { life } = state
  if (!is) {
    const unready = { ...state, isReady: false, unreadySinceMs: state.unreadySinceMs ?? nowMs }
    return life.name === 'granted' && life.isReleased && life.left > 0 ? rotating(unready, life, nowMs) : doing(unready)
  }
  const readied = { ...state, isReady: true, unreadySinceMs: null, isUnready: false }
  if (life.name === 'rotating') return turnedBack(readied, life, nowMs)
  if (life.name === 'granted' && !life.isReleased) return release(readied, life.grant, life.left, nowMs, rules)
  return again(readied, nowMs, rules)
}

/** Tripods give PASS as the arm falls into its rest; the contact is seen by the poll after that, and must end. */
const PASS_AFTER_REST_MS = 1_000

/** The arm is at rest again and nobody went through, unless the word of it comes in the next moment. */
function turnedBack(state: LaneState, life: Extract<Life, { name: 'rotating' }>, nowMs: number): LaneTurn {
  const { grant, left } = life
  const untilMs = Math.max(life.untilMs, nowMs + PASS_AFTER_REST_MS)
  const granted: Granted = {
    ...{ name: 'granted', grant, left, untilMs },
    ...{ isReleased: true, order: null, hasTurnedBack: true, isUnanswered: false },
  }
  return living(state, { ...granted, ...unwatched(life) })
}

function burn(state: LaneState, nowMs: number, rules: LaneRules): LaneTurn {
  if (state.life.name === 'fire') return doing(state)
  const { life } = state
  const why = life.name !== 'resting' && life.wasUnwatched ? 'unseen' : 'fault'
  const given = life.name !== 'resting' && life.left > 0 ? [back({ ...life.grant, persons: life.left }, why)] : []
  const burning = again({ ...state, life: { name: 'fire' } }, nowMs, rules)
  return doing(burning.state, ...given, ...burning.effects, { do: 'signal', signal: 'open' })
}

const extinguished = (state: LaneState, nowMs: number, rules: LaneRules): LaneTurn =>
  state.life.name === 'fire' ? rested(state, nowMs, rules) : doing(state)

/** What was granted and not used is given back, and the lane rests. */
function settle(state: LaneState, nowMs: number, rules: LaneRules, cause: Unused): LaneTurn {
  const { life } = state
  if (life.name !== 'granted' && life.name !== 'rotating') return doing(state)
  const why = life.wasUnwatched ? 'unseen' : cause
  return rested(state, nowMs, rules, ...(life.left > 0 ? [back({ ...life.grant, persons: life.left }, why)] : []))
}

/** Comes to rest; the effects given come first. */
function rested(state: LaneState, nowMs: number, rules: LaneRules, ...effects: LaneEffect[]): LaneTurn {
  const turn = comeToRest({ ...state, life: { name: 'resting' } }, nowMs, rules)
  return { state: turn.state, effects: [...effects, ...turn.effects] }
}

function comeToRest(state: LaneState, nowMs: number, rules: LaneRules): LaneTurn {
  const signal = freeWay(state) === null ? 'none' : 'open'
  const turn = again(state, nowMs, rules)
  return { state: turn.state, effects: [...turn.effects, { do: 'signal', signal }] }
}

/** A lane that turns freely is released anew: an order is good for one person, or for a window. */
function again(state: LaneState, nowMs: number, rules: LaneRules, ...effects: LaneEffect[]): LaneTurn {
  const { life } = state
  const way = life.name === 'resting' ? freeWay(state) : null
  if (life.name !== 'fire' && way === null) return doing(state, ...effects)
  const wanted = way !== null && way !== 'both' ? [way] : rules.ways
  const orders = wanted
    .filter((way) => rules.ways.includes(way))
    .map((direction, at): LaneEffect => ({ do: 'release', direction, order: state.orders + at + 1 }))
  const released = { ...state, againMs: nowMs + rules.windowMs, orders: state.orders + orders.length }
  return doing(released, ...effects, ...orders)
}

function tick(state: LaneState, nowMs: number, rules: LaneRules): LaneTurn {
  const { life, rest } = state
  if (life.name === 'granted' && nowMs >= life.untilMs) {
    const isFault = faultOf(state) !== null || life.isUnanswered
    const why = isFault ? 'fault' : life.hasTurnedBack ? 'turned-back' : 'no-show'
    return settle(state, nowMs, rules, why)
  }
  if (life.name === 'rotating') return turnOn(state, life, nowMs, rules)
  if (life.name === 'fire') return nowMs >= state.againMs ? again(state, nowMs, rules) : doing(state)
  if (life.name === 'granted') return doing(state)
  if (rest.name === 'free' && rest.untilMs !== null && nowMs >= rest.untilMs) {
    return comeToRest({ ...state, rest: { name: 'locked' } }, nowMs, rules)
  }
  const { unreadySinceMs } = state
  const isUnready = unreadySinceMs !== null && nowMs - unreadySinceMs >= rules.stuckMs
  const seen = isUnready === state.isUnready ? state : { ...state, isUnready }
  return rest.name === 'free' && nowMs >= state.againMs ? again(seen, nowMs, rules) : doing(seen)
}

/** An arm that does not come to rest: told, then a fault. The grant stands until it is known what became of it. */
function turnOn(
  state: LaneState,
  life: Extract<Life, { name: 'rotating' }>,
  nowMs: number,
  rules: LaneRules,
): LaneTurn {
  const sinceMs = nowMs - life.sinceMs
  if (sinceMs >= rules.stuckMs) {
    // Nobody will tell: the board is silent.
    if (!state.hasBoard) return settle(state, nowMs, rules, 'fault')
    return life.isStuck ? doing(state) : living(state, { ...life, isLong: true, isStuck: true })
  }
  if (sinceMs < rules.longMs || life.isLong) return doing(state)
  const long = living(state, { ...life, isLong: true })
  return doing(long.state, ...alarm(long.state, 'too-long'))
}
