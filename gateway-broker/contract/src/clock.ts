import Type from 'typebox'

/**
 * What a unit knows of the time that it tells.
 * - `synchronised`: the cloud confirmed it within the last day.
 * - `estimated`: carried forward from an earlier confirmation, or corrected afterwards.
 * - `unknown`: not confirmed since the machine started; the time is a guess that it may be later than.
 */
export const ClockState = Type.Union([Type.Literal('synchronised'), Type.Literal('estimated'), Type.Literal('unknown')])
export type ClockState = Type.Static<typeof ClockState>

/** The two clocks of a process. Only `main.ts` makes one from the machine's; everything else is handed it. */
export type Clock = {
  /** Wall time, in milliseconds since 1970-01-01 UTC. May jump either way. */
  now(): number
  /** Milliseconds since some fixed moment of this boot. Never goes back; deadlines use it. */
  monotonicMs(): number
}
