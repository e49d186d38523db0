import Type from 'typebox'
import { ClockState } from './clock.ts'
import { BootId, ItemId, MachineBootId, UnitId } from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/** A UTC time with milliseconds and `Z`. One spelling only, so that times compare as text; `Date.parse` takes them all. */
export const UtcTime = Type.String({
  pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$',
})

/** A number that counts up. Beyond 2^53 - 1 neither JavaScript nor a database's 64 bits would hold it. */
export const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** What every message of a unit starts with. */
export const envelope = {
  v: Type.Literal(WIRE_VERSION),
  id: ItemId,
  unit: UnitId,
  boot: BootId,
  /** Counts up by one within the item's class and boot, from 0: a gap shows a loss. */
  seq: Count,
  /** When the thing happened, by the unit's honest time: for a frame, the moment of capture. */
  at: UtcTime,
  /** The same moment in milliseconds since this boot: orders items whatever the wall clock did. */
  mono: Count,
  clock: ClockState,
  /**
   * Only while the clock is unknown: which boot of the machine this was, and the same moment in milliseconds since that
   * boot. By it the unit dates the item when it knows the time, also in a later run of its agent; then it is left out.
   */
  machine: Type.Optional(Type.Object({ boot: MachineBootId, mono: Count })),
}

export const Envelope = Type.Object(envelope)
export type Envelope = Type.Static<typeof Envelope>
