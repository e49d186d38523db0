import Type from 'typebox'
import { UtcTime } from '../envelope.ts'
import { LaneId } from '../ids.ts'
import { Outcome } from './outcome.ts'

/** How a lane stands. `fire` and `free` turn both ways without asking; `fault` cannot be relied on. */
export const LANE_MODES = ['locked', 'granted', 'rotating', 'free', 'fire', 'fault', 'out-of-service'] as const
export const LaneMode = Type.Enum([...LANE_MODES])
export type LaneMode = (typeof LANE_MODES)[number]

/** How one lane does, as a unit's state tells it. `fault` is a code of the agent's fault table. */
export const LaneState = Type.Object({
  lane: LaneId,
  mode: LaneMode,
  since: UtcTime,
  fault: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' })),
  lastDecision: Type.Optional(Type.Object({ at: UtcTime, outcome: Outcome })),
})
export type LaneState = Type.Static<typeof LaneState>
