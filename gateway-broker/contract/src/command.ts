import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { envelope, UtcTime } from './envelope.ts'
import { CameraId, ItemId } from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/** Four hours cover a closure; a storm is watched again. */
export const WATCH_MAX_MINUTES = 240

/** What a unit can be asked to do. The list is closed: there is no shell behind it. */
export const CommandBody = Type.Union([
  /** A frame of every view of a camera, at once, besides the planned ones. */
  Type.Object({ name: Type.Literal('frame-now'), camera: CameraId }),
  /** All cameras by the close interval of their schedule, for so long from now; 0: no longer. */
  Type.Object({
    name: Type.Literal('watch-closely'),
    minutes: Type.Integer({ minimum: 0, maximum: WATCH_MAX_MINUTES }),
  }),
  /** All cameras by the thrifty interval, until a time, or until told otherwise. */
  Type.Object({ name: Type.Literal('thrifty'), on: Type.Boolean(), until: Type.Optional(UtcTime) }),
])
export type CommandBody = Type.Static<typeof CommandBody>

/** A command to a unit. The unit judges the expiry by its own honest time and never runs an id twice. */
export const Command = Type.Object({
  v: Type.Literal(WIRE_VERSION),
  id: ItemId,
  issuedAt: UtcTime,
  expiresAt: UtcTime,
  body: CommandBody,
})
export type Command = Type.Static<typeof Command>
export const decodeCommand = jsonDecoder(Command)

/** How far a command came, said by the unit. */
export const Progress = Type.Object({
  ...envelope,
  kind: Type.Literal('progress'),
  command: ItemId,
  step: Type.Union([Type.Literal('accepted'), Type.Literal('done'), Type.Literal('refused'), Type.Literal('expired')]),
  reason: Type.Optional(Type.String({ maxLength: 200 })),
})
export type Progress = Type.Static<typeof Progress>
export const decodeProgress = jsonDecoder(Progress)
