import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { Count, envelope, UtcTime } from './envelope.ts'
import { CameraId } from './ids.ts'

/** How one camera does. `fault` is a code of the agent's fault table; its wording is the console's. */
export const CameraState = Type.Object({
  camera: CameraId,
  /** `capturing`: the last attempt gave a frame, or found its view unchanged. `failing`: it did not. `idle`: nothing was due yet. */
  condition: Type.Union([Type.Literal('capturing'), Type.Literal('failing'), Type.Literal('idle')]),
  /** Since when, by the unit's wall clock. */
  since: UtcTime,
  fault: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' })),
  /** Attempts that failed one after the other. */
  failures: Count,
})
export type CameraState = Type.Static<typeof CameraState>

/** The state of a unit: sent when it changes, and every quarter of an hour. */
export const State = Type.Object({
  ...envelope,
  kind: Type.Literal('state'),
  cameras: Type.Array(CameraState, { maxItems: 16 }),
})
export type State = Type.Static<typeof State>
export const decodeState = jsonDecoder(State)
