import Type from 'typebox'
import { ClockState } from './clock.ts'
import { BootId, ItemId, UnitId } from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/** A UTC time with milliseconds and `Z`. One spelling only, so that times compare as text. */
export const UtcTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' })

/** What every message of a unit starts with. */
export const envelope = {
  v: Type.Literal(WIRE_VERSION),
  id: ItemId,
  unit: UnitId,
  boot: BootId,
  /** Counts up by one within the item's class and boot, from 0: a gap shows a loss. */
  seq: Type.Integer({ minimum: 0 }),
  /** When the thing happened, by the unit's wall clock: for a frame, the moment of capture. */
  at: UtcTime,
  /** The same moment in milliseconds since this boot: orders items whatever the wall clock did. */
  mono: Type.Integer({ minimum: 0 }),
  clock: ClockState,
}

export const Envelope = Type.Object(envelope)
export type Envelope = Type.Static<typeof Envelope>
