import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { envelope } from './envelope.ts'
import { BootId, MachineBootId, UnitId } from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/**
 * A unit's presence, retained on its topic. The session number grows with every connection a unit ever makes, across
 * restarts: a message of an older session is ignored, so that a late will cannot declare a live unit dead.
 */
const session = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** Said first on every connection. */
export const Birth = Type.Object({
  ...envelope,
  online: Type.Literal(true),
  session,
  /** The unit's certificate in PEM: whoever trusts its authority learns from it the key that signs the frames. */
  certificate: Type.String({ minLength: 1, maxLength: 16_384 }),
  /** Version of the agent's software. */
  software: Type.String({ minLength: 1, maxLength: 40 }),
  /** Which start of the machine this is, where its kernel says so: an agent that restarts alone leaves it as it was. */
  machineBoot: Type.Optional(MachineBootId),
})
export type Birth = Type.Static<typeof Birth>

/** Left with the broker as last will, or said on the way out. It is written before its time, so it carries none. */
export const Farewell = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  unit: UnitId,
  boot: BootId,
  online: Type.Literal(false),
  session,
  /** `lost`: the broker spoke, not the unit. `stopped`: the agent was told to stop. */
  reason: Type.Union([Type.Literal('lost'), Type.Literal('stopped')]),
})
export type Farewell = Type.Static<typeof Farewell>

export const Presence = Type.Union([Birth, Farewell])
export type Presence = Type.Static<typeof Presence>
export const decodePresence = jsonDecoder(Presence)
