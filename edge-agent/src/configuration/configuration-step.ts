import type { DesiredSet } from '@vigie/contract/desired'
import { DESIRED_DOCUMENTS, type DesiredDocument } from '@vigie/contract/topics'
import type { FaultCode } from '../faults.ts'

/** Which set: versions count a site's changes, attempts the tellings of one version. Version 0 is what the box came with. */
export type Pair = { version: number; attempt: number }

/** Why a set was not taken. `about`: a camera's id or a place in a document. */
export type Refusal = Pair & { reason: FaultCode; about?: string }

/** Why something that came as a set was not even looked into. `about`: for whom it is, or which version. */
export type TurnedAway = { reason: FaultCode; about?: string }

export type Result = { ok: true } | { ok: false; reason: FaultCode; about?: string }

type Digests = DesiredSet['documents']

/** Where the taking of a desired configuration stands. What runs in `settled` is `running`, whatever was tried. */
export type ConfigurationState = {
  /** The last good one. */
  running: Pair & { digests: Digests | null }
  /** The highest set whose signature held: nothing lower is listened to, ever. */
  seen: (Pair & { digests: Digests }) | null
  refused: Refusal | null
  /** The last that was not the fleet's own word to this unit now; forgotten when a set is confirmed. */
  turnedAway: TurnedAway | null
  phase: Phase
}

export type Phase =
  | { name: 'settled' }
  /** Documents are on their way. */
  | { name: 'gathering'; set: DesiredSet; missing: readonly DesiredDocument[] }
  /** All are there, and are read. */
  | { name: 'judging'; set: DesiredSet }
  /** The old plan runs, while the cameras of the new one are asked for a picture. */
  | { name: 'trying-cameras'; set: DesiredSet }
  /** The new plan runs, and goes back unless the connection holds. */
  | { name: 'trying-uplink'; set: DesiredSet }
  /** It held, and is being written as the last good one. `isSwitched`: the new plan runs. `following`: what came meanwhile. */
  | { name: 'confirming'; set: DesiredSet; isSwitched: boolean; following: DesiredSet | null }

export type ConfigurationEvent =
  /** Its signature held, and it is for this unit. */
  | { name: 'set-came'; set: DesiredSet }
  /** It is not from the fleet's signer, or not for this unit. */
  | { name: 'set-turned-away'; turnedAway: TurnedAway }
  | { name: 'document-came'; document: DesiredDocument; digest: string }
  /** `isSame`: it says what runs already. */
  | { name: 'judged'; of: Pair; result: Result; isSame: boolean }
  | { name: 'cameras-answered'; of: Pair; result: Result }
  | { name: 'uplink-held'; of: Pair; result: Result }
  | { name: 'kept'; of: Pair; result: Result }

export type ConfigurationEffect =
  /** Makes `seen`, `refused`, `turnedAway` and the trial under way durable, so that a set is tried once, whatever happens in it. */
  | { do: 'remember' }
  | { do: 'ask'; documents: readonly DesiredDocument[] }
  | { do: 'judge'; set: DesiredSet }
  | { do: 'try-cameras'; set: DesiredSet }
  /** The cameras go by the new plan. */
  | { do: 'switch'; set: DesiredSet }
  | { do: 'hold-uplink'; set: DesiredSet }
  /** What judges or tries is over; its result is not waited for. */
  | { do: 'stop-trial' }
  /** The cameras go by the last good plan. */
  | { do: 'go-back' }
  /** Makes it the last good one, whole or not at all. */
  | { do: 'confirm'; set: DesiredSet }
  | { do: 'tell' }

type Step = { state: ConfigurationState; effects: ConfigurationEffect[] }

/** One event in the life of a unit's configuration: the next state, and what is to be done, in order. */
export function stepConfiguration(state: ConfigurationState, event: ConfigurationEvent): Step {
  const { phase } = state
  switch (event.name) {
    case 'set-came':
      return takeSet(state, event.set)
    case 'set-turned-away':
      return turnAway(state, event.turnedAway)
    case 'document-came': {
      if (phase.name !== 'gathering' || phase.set.documents[event.document] !== event.digest) return stay(state)
      return gather(
        state,
        phase.set,
        phase.missing.filter((name) => name !== event.document),
      )
    }
    case 'judged': {
      if (phase.name !== 'judging' || !isPair(phase.set, event.of)) return stay(state)
      const { set } = phase
      if (!event.result.ok) return refuse(state, set, event.result)
      if (event.isSame)
        return to(state, { name: 'confirming', set, isSwitched: false, following: null }, [{ do: 'confirm', set }])
      const next: Phase = { name: 'trying-cameras', set }
      return to(state, next, [{ do: 'remember' }, { do: 'tell' }, { do: 'try-cameras', set }])
    }
    case 'cameras-answered': {
      if (phase.name !== 'trying-cameras' || !isPair(phase.set, event.of)) return stay(state)
      const { set } = phase
      if (!event.result.ok) return refuse(state, set, event.result)
      return to(state, { name: 'trying-uplink', set }, [
        { do: 'switch', set },
        { do: 'hold-uplink', set },
      ])
    }
    case 'uplink-held': {
      if (phase.name !== 'trying-uplink' || !isPair(phase.set, event.of)) return stay(state)
      const { set } = phase
      if (!event.result.ok) return refuse(state, set, event.result, [{ do: 'go-back' }])
      return to(state, { name: 'confirming', set, isSwitched: true, following: null }, [{ do: 'confirm', set }])
    }
    case 'kept': {
      if (phase.name !== 'confirming' || !isPair(phase.set, event.of)) return stay(state)
      return next(phase.following, keptOrNot(state, phase, event.result))
    }
  }
}

/** What a restart makes of a trial that it ended: it is not tried again by itself, since it may be what ended the agent. */
export function afterRestart(
  kept: Pick<ConfigurationState, 'running' | 'seen' | 'refused' | 'turnedAway'>,
  trial: Pair | null,
): ConfigurationState {
  const refused =
    trial !== null && !isPair(trial, kept.running)
      ? { ...pairOf(trial), reason: 'configuration-interrupted' as const }
      : kept.refused
  return { ...kept, refused, phase: { name: 'settled' } }
}

export const isPair = (one: Pair, other: Pair) => one.version === other.version && one.attempt === other.attempt
const pairOf = ({ version, attempt }: Pair): Pair => ({ version, attempt })
export const isLower = (one: Pair, other: Pair) =>
  one.version < other.version || (one.version === other.version && one.attempt < other.attempt)
const isSameContent = (one: Digests, other: Digests) => DESIRED_DOCUMENTS.every((name) => one[name] === other[name])

const stay = (state: ConfigurationState): Step => ({ state, effects: [] })
const to = (state: ConfigurationState, phase: Phase, effects: ConfigurationEffect[]): Step => ({
  state: { ...state, phase },
  effects,
})

function takeSet(state: ConfigurationState, set: DesiredSet): Step {
  const { seen, phase } = state
  const isKnown = seen !== null && isPair(set, seen)
  if (seen !== null && (isLower(set, seen) || (isKnown && !isSameContent(set.documents, seen.digests)))) {
    return turnAway(state, { reason: 'configuration-older', about: `version ${set.version}.${set.attempt}` })
  }
  if (isKnown && !isOpen(state, set)) {
    // It came again with another connection: what was asked of the last one is asked of this one.
    return phase.name === 'gathering' ? to(state, phase, [{ do: 'ask', documents: phase.missing }]) : stay(state)
  }
  const news = { ...state, seen: { ...pairOf(set), digests: set.documents } }
  if (phase.name === 'confirming') return to(news, { ...phase, following: set }, [{ do: 'remember' }])
  const begun = begin(news, set)
  return { state: begun.state, effects: [...endOf(phase), { do: 'remember' }, ...begun.effects] }
}

/** What comes again and again is told once: one cause, one alarm. */
function turnAway(state: ConfigurationState, turnedAway: TurnedAway): Step {
  if (state.turnedAway?.reason === turnedAway.reason) return stay(state)
  return { state: { ...state, turnedAway }, effects: [{ do: 'remember' }, { do: 'tell' }] }
}

/** Seen, and then a restart came before it was tried. */
const isOpen = ({ phase, running, refused }: ConfigurationState, set: Pair) =>
  phase.name === 'settled' && !isPair(set, running) && (refused === null || !isPair(set, refused))

/** What has to be undone of a phase that a newer set ends. */
function endOf({ name }: Phase): ConfigurationEffect[] {
  if (name === 'trying-uplink') return [{ do: 'stop-trial' }, { do: 'go-back' }]
  return name === 'judging' || name === 'trying-cameras' ? [{ do: 'stop-trial' }] : []
}

/** Documents that run already are not asked for. */
function begin(state: ConfigurationState, set: DesiredSet): Step {
  const { digests } = state.running
  const missing = DESIRED_DOCUMENTS.filter((name) => digests?.[name] !== set.documents[name])
  const { state: next, effects } = gather(state, set, missing)
  return { state: next, effects: missing.length > 0 ? [{ do: 'ask', documents: missing }, ...effects] : effects }
}

function keptOrNot(
  state: ConfigurationState,
  { set, isSwitched }: Extract<Phase, { name: 'confirming' }>,
  result: Result,
): Step {
  if (!result.ok) return refuse(state, set, result, isSwitched ? [{ do: 'go-back' }] : [])
  const running = { ...pairOf(set), digests: set.documents }
  return {
    state: { ...state, running, refused: null, turnedAway: null, phase: { name: 'settled' } },
    effects: [{ do: 'remember' }, { do: 'tell' }],
  }
}

function next(set: DesiredSet | null, { state, effects }: Step): Step {
  if (set === null) return { state, effects }
  const begun = begin(state, set)
  return { state: begun.state, effects: [...effects, ...begun.effects] }
}

function gather(state: ConfigurationState, set: DesiredSet, missing: readonly DesiredDocument[]): Step {
  if (missing.length > 0) return to(state, { name: 'gathering', set, missing }, [])
  return to(state, { name: 'judging', set }, [{ do: 'judge', set }])
}

function refuse(
  state: ConfigurationState,
  set: DesiredSet,
  { reason, about }: Extract<Result, { ok: false }>,
  undo: ConfigurationEffect[] = [],
): Step {
  const refused: Refusal = { ...pairOf(set), reason, ...(about !== undefined && { about }) }
  return {
    state: { ...state, refused, phase: { name: 'settled' } },
    effects: [...undo, { do: 'remember' }, { do: 'tell' }],
  }
}
