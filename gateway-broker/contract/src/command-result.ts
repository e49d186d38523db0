import Type from 'typebox'
import { ClockState } from './clock.ts'
import { Count } from './envelope.ts'
import { LaneState } from './gate/lane-mode.ts'
import { Direction } from './gate/outcome.ts'
import { CameraId, LaneId } from './ids.ts'
import { orUnknown } from './telemetry.ts'

/**
 * What a command may tell of what it found, as JSON: 16 kB are the last hundred lines of a log, or 32 cameras with
 * names of some words. Beyond: the unit leaves out the oldest lines, and cameras that are not the site's; a longer one is
 * refused.
 */
export const RESULT_MAX_BYTES = 16 * 1024

/** A camera's address; ONVIF's own is 40 characters. Beyond: it is not listed, and cannot be looked at. */
export const CAMERA_URL_MAX_CHARACTERS = 200

const Word = (maxLength: number) => Type.String({ maxLength })
const Fault = Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' })
const Ms = Type.Number({ minimum: 0, maximum: 86_400_000 })

/** The way to the broker and back, and what it carries. */
export const LinkResult = Type.Object({
  of: Type.Literal('link'),
  /** Of some empty messages, one after the other, from the sending to the broker's word. */
  roundTripsMs: Type.Array(Ms, { minItems: 1, maxItems: 20 }),
  /** What was sent to measure the way up, and how long it took; a thin line is given less. */
  sentBytes: Count,
  tookMs: Ms,
  /** Since the agent started. */
  wire: Type.Object({ sentBytes: Count, receivedBytes: Count }),
  /** Of the modem or radio, where the system tells it. */
  signalDbm: orUnknown(Type.Number({ minimum: -150, maximum: 0 })),
})

export const DiskResult = Type.Object({
  of: Type.Literal('disk'),
  freeBytes: orUnknown(Count),
  totalBytes: orUnknown(Count),
  /** Of small records, each written and made durable. */
  writesMs: Type.Array(Ms, { minItems: 1, maxItems: 32 }),
  /** Of one larger piece, written and made durable. */
  pieceBytes: Count,
  pieceMs: Ms,
  /** How much of its life an eMMC says it has used, in percent; null where the disk does not tell. */
  wornPercent: orUnknown(Type.Integer({ minimum: 0, maximum: 110 })),
})

export const ClockResult = Type.Object({
  of: Type.Literal('clock'),
  state: ClockState,
  /** Wall clock minus honest time; null while that is unknown. */
  offsetMs: orUnknown(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })),
  /** Since this boot of the machine. */
  upS: Count,
})

/** What a camera says of itself and how it answers; nothing of its picture but the size. */
export const CameraResult = Type.Object({
  of: Type.Literal('camera'),
  camera: CameraId,
  maker: orUnknown(Word(120)),
  model: orUnknown(Word(120)),
  firmware: orUnknown(Word(120)),
  /** The camera's clock minus the unit's. */
  clockOffsetMs: orUnknown(Type.Number()),
  presets: Type.Array(Type.Object({ token: Word(120), name: Word(120) }), { maxItems: 32 }),
  picture: orUnknown(Type.Object({ widthPx: Count, heightPx: Count, bytes: Count, answerMs: Ms })),
  /** What is wrong, the worst first, in codes of the agent's fault table. */
  findings: Type.Array(Fault, { maxItems: 8 }),
})

/** The newest lines of the agent's log, the oldest first, without anything that could be a secret. */
export const LogsResult = Type.Object({
  of: Type.Literal('logs'),
  lines: Type.Array(Word(400), { maxItems: 200 }),
  /** How many older ones were left out for room. */
  leftOut: Count,
})

/** The cameras that answered on the unit's network. Every text is the device's own, cut short. */
export const FoundCamerasResult = Type.Object({
  of: Type.Literal('found-cameras'),
  cameras: Type.Array(
    Type.Object({
      /** Under which its preview went out: `found1`. */
      as: CameraId,
      url: Word(CAMERA_URL_MAX_CHARACTERS),
      name: Word(120),
      model: Word(120),
      /** The camera of the site that stands at this address, if one does. */
      known: orUnknown(CameraId),
      /** Why there is no preview of it; absent: there is one, or it was not tried. */
      fault: Type.Optional(Fault),
      hasPreview: Type.Boolean(),
    }),
    { maxItems: 32 },
  ),
})

export const LookResult = Type.Object({
  of: Type.Literal('look'),
  taken: Count,
  sent: Count,
  sentBytes: Count,
  /** Of the last attempt that failed. */
  fault: Type.Optional(Fault),
})

/** What the unit made and kept while its uplink was shut: all of it must arrive afterwards. */
export const DrillResult = Type.Object({
  of: Type.Literal('drill'),
  shutMs: Ms,
  madeItems: Count,
  madeFrames: Count,
  /** Ids of the first of them, for whoever wants to see them arrive. */
  ids: Type.Array(Type.String({ maxLength: 26 }), { maxItems: 100 }),
})

export const HistoryResult = Type.Object({ of: Type.Literal('history'), items: Count, bytes: Count })

/** What a restart found: how long the agent was away. */
export const RestartResult = Type.Object({ of: Type.Literal('restart'), awayMs: Ms })

/** The readers of the unit's lanes; nothing of what they read. */
export const ReaderResult = Type.Object({
  of: Type.Literal('reader'),
  readers: Type.Array(
    Type.Object({
      lane: LaneId,
      direction: Direction,
      isWorking: Type.Boolean(),
      /** Since the last scan of this run of the agent; null: there was none. */
      lastScanAgoS: orUnknown(Count),
    }),
    { maxItems: 16 },
  ),
})

/** How the unit's lanes stand now, each as its state tells it. */
export const LaneResult = Type.Object({ of: Type.Literal('lane'), lanes: Type.Array(LaneState, { maxItems: 8 }) })

export const CommandResult = Type.Union([
  LinkResult,
  DiskResult,
  ClockResult,
  CameraResult,
  LogsResult,
  FoundCamerasResult,
  LookResult,
  DrillResult,
  HistoryResult,
  RestartResult,
  ReaderResult,
  LaneResult,
])
export type CommandResult = Type.Static<typeof CommandResult>
export type ResultOf<Of extends CommandResult['of']> = Extract<CommandResult, { of: Of }>
