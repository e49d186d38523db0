import Type from 'typebox'
import { CAMERA_URL_MAX_CHARACTERS, CommandResult, RESULT_MAX_BYTES } from './command-result.ts'
import { type Decoded, jsonDecoder, refused } from './decode.ts'
import { envelope, UtcTime } from './envelope.ts'
import { Direction } from './gate/outcome.ts'
import { Reason, StaffId } from './gate/row.ts'
import { CameraId, ItemId, LaneId } from './ids.ts'
import { WIRE_VERSION } from './version.ts'

/** Four hours cover a closure; a storm is watched again. */
export const WATCH_MAX_MINUTES = 240

/** Ten minutes of aiming at a camera, then it is asked for again: nobody leaves a live picture running on a SIM. */
export const LOOK_MAX_S = 600

/** Long enough for a broker to call the unit lost and for some frames to wait, short enough for a technician to wait too. */
export const DRILL_MAX_S = 600

/** A camera's address, as it is typed or as the camera named it. */
const CameraUrl = Type.String({ pattern: '^https?://[^\\s]+$', maxLength: CAMERA_URL_MAX_CHARACTERS })
const CameraWord = Type.String({ minLength: 1, maxLength: 64 })

/** How far a head is nudged: parts of its whole speed, for a moment. */
const Nudge = Type.Number({ minimum: -1, maximum: 1 })

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
  Type.Object({ name: Type.Literal('reboot-camera'), camera: CameraId }),
  /** The agent, not the machine: done when it has come back. */
  Type.Object({ name: Type.Literal('restart-agent') }),
  /** What waits now may leave, whatever the budget for history says. */
  Type.Object({ name: Type.Literal('resend-history') }),
  /** Looks at one thing and tells what it found. `camera`: which one, for a probe of a camera. */
  Type.Object({
    name: Type.Literal('probe'),
    what: Type.Union([
      Type.Literal('link'),
      Type.Literal('disk'),
      Type.Literal('clock'),
      Type.Literal('camera'),
      Type.Literal('reader'),
      Type.Literal('lane'),
      Type.Literal('logs'),
    ]),
    camera: Type.Optional(CameraId),
  }),
  /** Asks the unit's own network which cameras there are; a preview of each goes out as `found1`, `found2`, ... */
  Type.Object({ name: Type.Literal('find-cameras') }),
  /** Previews of one camera for so long, 0: no longer; at most one look at a time, a new one ends the one before. */
  Type.Object({
    name: Type.Literal('look'),
    /** The name under which the previews go out: of a camera of the site, or of one that is being put up. */
    camera: CameraId,
    /** Absent: the camera of the site with that name, as it is configured. */
    access: Type.Optional(
      Type.Object({
        url: CameraUrl,
        user: Type.Optional(CameraWord),
        /** Sealed to the unit's key: a compact JWE, ECDH-ES with A256GCM. It never crosses in the clear. */
        password: Type.Optional(Type.String({ pattern: '^[\\w-]*(?:\\.[\\w-]*){4}$', maxLength: 1024 })),
        /** Which of the camera profiles it is spoken to by. */
        profile: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,60}$' })),
      }),
    ),
    /** To be turned to first. */
    preset: Type.Optional(CameraWord),
    /** A nudge of the head, first. */
    move: Type.Optional(Type.Object({ pan: Nudge, tilt: Nudge, zoom: Nudge })),
    seconds: Type.Integer({ minimum: 0, maximum: LOOK_MAX_S }),
    /** Previews a second; the line and the camera may make it fewer. */
    perS: Type.Union([Type.Literal(1), Type.Literal(2)]),
  }),
  /** The unit keeps its uplink shut for so long, and goes on with its job meanwhile. */
  Type.Object({
    name: Type.Literal('drill'),
    what: Type.Literal('store-and-forward'),
    seconds: Type.Integer({ minimum: 5, maximum: DRILL_MAX_S }),
  }),
  /** For one person. */
  Type.Object({
    name: Type.Literal('open-lane'),
    lane: LaneId,
    direction: Type.Optional(Direction),
    reason: Type.Optional(Reason),
  }),
  /** Turns both ways without asking, until a time or until told otherwise. */
  Type.Object({
    name: Type.Literal('free-rotation'),
    lane: LaneId,
    on: Type.Boolean(),
    until: Type.Optional(UtcTime),
    reason: Type.Optional(Reason),
  }),
  Type.Object({
    name: Type.Literal('out-of-service'),
    lane: LaneId,
    on: Type.Boolean(),
    reason: Type.Optional(Reason),
  }),
])
export type CommandBody = Type.Static<typeof CommandBody>
export type CommandName = CommandBody['name']
export type CommandNamed<Name extends CommandName> = Extract<CommandBody, { name: Name }>

const command = { v: Type.Literal(WIRE_VERSION), id: ItemId, issuedAt: UtcTime, expiresAt: UtcTime }

/** A command to a unit. The unit judges the expiry by its own honest time and never runs an id twice. */
export const Command = Type.Object({
  ...command,
  body: CommandBody,
  /** Who asked for it, as whoever sends it knows: it goes into the ledger of a lane. */
  by: Type.Optional(StaffId),
})
export type Command = Type.Static<typeof Command>
export const decodeCommand = jsonDecoder(Command)

/** A command whose body this version may not know: its id is enough to refuse it. */
export const decodeCommandId = jsonDecoder(Type.Object(command))

export const ProgressStep = Type.Union([
  Type.Literal('accepted'),
  Type.Literal('done'),
  Type.Literal('refused'),
  Type.Literal('expired'),
])
export type ProgressStep = Type.Static<typeof ProgressStep>

/**
 * Refused with one of these, a command was not taken at all: the unit forgets it, and it may be sent again until it
 * expires. Any other refusal is final.
 */
export const REFUSED_FOR_NOW: readonly string[] = ['clock-unknown', 'too-many-commands']

/** How far a command came, said by the unit. */
export const Progress = Type.Object({
  ...envelope,
  kind: Type.Literal('progress'),
  command: ItemId,
  step: ProgressStep,
  /** Why it was refused: a code, or one of the fault table. */
  reason: Type.Optional(Type.String({ maxLength: 200 })),
  /** What it gave, with `done`; with `refused` what could be seen all the same. */
  result: Type.Optional(CommandResult),
})
export type Progress = Type.Static<typeof Progress>
const decodeAnyProgress = jsonDecoder(Progress)

/** What stands around a result: ids, times, a reason of 200 characters. */
const AROUND_A_RESULT_BYTES = 1024

export function decodeProgress(bytes: Uint8Array): Decoded<Progress> {
  const maxBytes = RESULT_MAX_BYTES + AROUND_A_RESULT_BYTES
  if (bytes.byteLength > maxBytes) return refused('message-too-long', `${bytes.byteLength} bytes, at most ${maxBytes}`)
  return decodeAnyProgress(bytes)
}
