import type { ReplacementWish } from '../../api/fleet.ts'
import type { Step } from '../steps/steps.ts'

/** What was entered in a step: the whole of it each time. */
export type Entry = {
  /** Plain JSON; each screen knows its own. */
  entered: Record<string, unknown>
  isDone: boolean
  /** By the phone's clock, in milliseconds. */
  at: number
}

/** What the cloud has not heard yet. Each can be sent again without doing anything twice. */
export type Outgoing =
  /** A site that does not exist yet. */
  | { kind: 'site'; site: Record<string, unknown> & { id: string } }
  /** This box takes the place of the one at the site. */
  | ({ kind: 'replacement'; site: string; unit: string | null } & ReplacementWish)
  /** The claim of the label is for this site. */
  | { kind: 'binding'; claim: string; site: string }
  /** The record begins; the cloud gives it an id. */
  | { kind: 'beginning'; site: string; unit: string | null }
  /** What stands in a step when it is sent. */
  | { kind: 'step'; step: Step }
  /** What the site should be, with the cameras and masks that stand in the steps when it is sent. */
  | { kind: 'configuration'; site: string }
  /** A photo, whose bytes are kept beside the journey. */
  | { kind: 'photo'; photo: string; caption: string; takenAt: number }

/** The cloud has looked at it and said no: it is not sent again, and a person has to do something. */
export type Refusal = { outgoing: Outgoing; status: number; detail: string }

/** One site's way from the box to the report, as this phone knows it. */
export type Journey = {
  /** Made on the phone, so that it can begin without a network. */
  id: string
  /** Under which the cloud keeps it; null: the cloud has not heard of it. */
  commissioning: string | null
  site: { id: string; name: string } | null
  unit: string | null
  /** The claim of the label, while no site is bound to it; a secret that goes nowhere else. */
  claim: string | null
  entries: Partial<Record<Step, Entry>>
  /** In the order in which it was done. */
  outgoing: readonly Outgoing[]
  refusals: readonly Refusal[]
  /** The seconds that each step was in front of somebody. */
  seconds: Partial<Record<Step, number>>
  changedAt: number
}

export const journeyOf = (id: string, at: number): Journey => ({
  id,
  commissioning: null,
  site: null,
  unit: null,
  claim: null,
  entries: {},
  outgoing: [],
  refusals: [],
  seconds: {},
  changedAt: at,
})

export function doneSteps({ entries }: Journey): Set<Step> {
  return new Set((Object.keys(entries) as Step[]).filter((step) => entries[step]?.isDone === true)) // keys are steps
}

/** Two of one key are one thing to send: the later says all that the earlier did. */
function keyOf(outgoing: Outgoing): string {
  if (outgoing.kind === 'step') return `step ${outgoing.step}`
  if (outgoing.kind === 'photo') return `photo ${outgoing.photo}`
  return outgoing.kind
}

/** Puts something in line, in the place of an earlier one that it makes needless; what was refused of it is forgotten. */
export function withOutgoing(journey: Journey, outgoing: Outgoing): Journey {
  const key = keyOf(outgoing)
  return {
    ...journey,
    outgoing: [...journey.outgoing.filter((other) => keyOf(other) !== key), outgoing],
    refusals: journey.refusals.filter((refusal) => keyOf(refusal.outgoing) !== key),
  }
}

/** Takes what was entered in a step. A step that was done stays done. */
export function entered(journey: Journey, step: Step, entry: Entry): Journey {
  const isDone = entry.isDone || journey.entries[step]?.isDone === true
  const entries = { ...journey.entries, [step]: { ...entry, isDone } }
  return withOutgoing({ ...journey, entries, changedAt: entry.at }, { kind: 'step', step })
}

/** A step was in front of somebody for so long. */
export function spent(journey: Journey, step: Step, seconds: number): Journey {
  return { ...journey, seconds: { ...journey.seconds, [step]: (journey.seconds[step] ?? 0) + seconds } }
}

/**
 * A step is left: the cloud learns how long it took, which it did not when the step was entered. Once the report has closed
 * the record, nothing is added to it.
 */
export function left(journey: Journey, step: Step): Journey {
  const isOpen = journey.entries.report?.isDone !== true
  return isOpen && journey.entries[step] !== undefined ? withOutgoing(journey, { kind: 'step', step }) : journey
}

/** What must be with the cloud before the rest means anything to it. */
const RANK: Record<Outgoing['kind'], number> = {
  site: 0,
  replacement: 0,
  binding: 1,
  beginning: 2,
  configuration: 3,
  step: 3,
  photo: 4,
}

/** What is sent next: a record is begun before its steps, and words go before photos, which take long on a thin line. */
export function nextOutgoing({ outgoing, commissioning }: Journey): Outgoing | null {
  const ready = outgoing.filter(({ kind }) => RANK[kind] <= RANK.beginning || commissioning !== null)
  return ready.toSorted((a, b) => RANK[a.kind] - RANK[b.kind])[0] ?? null
}

/** The cloud has it. What took its place in the line while it was under way goes too. @param sent as it stood in the line */
export function delivered(journey: Journey, sent: Outgoing): Journey {
  return { ...journey, outgoing: journey.outgoing.filter((other) => other !== sent) }
}

/**
 * The cloud will not have it: it leaves the line, so that the rest goes on, and stands there to be read; unless something
 * else took its place meanwhile.
 */
export function refused(journey: Journey, refusal: Refusal): Journey {
  if (!journey.outgoing.includes(refusal.outgoing)) return journey
  return { ...delivered(journey, refusal.outgoing), refusals: [...journey.refusals, refusal] }
}

/** What the cloud knows and this phone does not: begun elsewhere, or before the phone forgot. What is newer here stays. */
export function joined(journey: Journey, told: { step: Step; entry: Entry; seconds: number | null }[]): Journey {
  const waits = new Set(journey.outgoing.map(keyOf))
  const entries = { ...journey.entries }
  const seconds = { ...journey.seconds }
  for (const { step, entry, seconds: spent } of told) {
    if (!waits.has(`step ${step}`) && entry.at >= (entries[step]?.at ?? 0)) entries[step] = entry
    seconds[step] = Math.max(seconds[step] ?? 0, spent ?? 0)
  }
  return { ...journey, entries, seconds }
}
