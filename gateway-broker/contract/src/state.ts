import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { ConfigurationVersion } from './desired.ts'
import { Count, envelope, UtcTime } from './envelope.ts'
import { LaneState } from './gate/lane-mode.ts'
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

/** Which configuration a unit runs, and why it is not the desired one. */
export const ReportedConfiguration = Type.Object({
  /** 0: the one that the box was set up with, before any was confirmed. */
  version: Count,
  attempt: Count,
  /** Since when it runs, by the unit's wall clock. */
  since: UtcTime,
  /** A version that is being tried; it holds, or the unit goes back. */
  trying: Type.Optional(ConfigurationVersion),
  /** The newest set that was not taken, and why: a code of the agent's fault table, and what it is about. */
  refused: Type.Optional(
    Type.Object({
      version: ConfigurationVersion,
      attempt: ConfigurationVersion,
      at: UtcTime,
      reason: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
      /** Where: a camera's id, or a place in a document. */
      about: Type.Optional(Type.String({ maxLength: 200 })),
    }),
  ),
  /**
   * What came as a set and was not even tried: not from the fleet's signer, not for this unit, or not newer. Said until a
   * later set is confirmed.
   */
  turnedAway: Type.Optional(
    Type.Object({
      at: UtcTime,
      reason: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
      /** What of it, in English and for whoever looks into it. */
      about: Type.Optional(Type.String({ maxLength: 200 })),
    }),
  ),
})
export type ReportedConfiguration = Type.Static<typeof ReportedConfiguration>

/** The state of a unit: sent when it changes, and every quarter of an hour. */
export const State = Type.Object({
  ...envelope,
  kind: Type.Literal('state'),
  cameras: Type.Array(CameraState, { maxItems: 16 }),
  configuration: Type.Optional(ReportedConfiguration),
  /** Of a box that drives lanes; eight are more than a museum has doors. */
  lanes: Type.Optional(Type.Array(LaneState, { maxItems: 8 })),
})
export type State = Type.Static<typeof State>
export const decodeState = jsonDecoder(State)
