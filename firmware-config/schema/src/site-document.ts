import Type from 'typebox'

/** Every object of a document is closed: a key that nobody reads is a mistake, and says so. */
const closed = <Properties extends Type.TProperties>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })

const id = (pattern: string) => Type.String({ pattern })
const SiteIdText = id('^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$')
const UnitIdText = id('^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$')
const CameraIdText = id('^[a-z][a-z0-9]{0,15}$')
const PresetIdText = id('^[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?$')

/** A point in a picture, from (0, 0) at its top left to (1, 1) at its bottom right, whatever its size. */
export const RelativePoint = Type.Tuple([
  Type.Number({ minimum: 0, maximum: 1 }),
  Type.Number({ minimum: 0, maximum: 1 }),
])

/** A part of the view that must not be seen. */
export const MaskZone = closed({
  label: Type.String({ minLength: 1, maxLength: 80 }),
  /** `solid`: one grey. `pixelated`: blocks of 1/40 of the picture's width, too coarse for a face or a plate. */
  fill: Type.Union([Type.Literal('solid'), Type.Literal('pixelated')]),
  polygon: Type.Array(RelativePoint, { minItems: 3, maxItems: 64 }),
})
export type MaskZone = Type.Static<typeof MaskZone>

/**
 * What is hidden in one preset's view, approved by a person. No mask document, no frame: a view with nothing to hide has
 * a document with no zones, and somebody's approval.
 */
export const MaskDocument = closed({
  version: Type.Integer({ minimum: 1 }),
  approvedOn: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  zones: Type.Array(MaskZone, { maxItems: 32 }),
})
export type MaskDocument = Type.Static<typeof MaskDocument>

/** One view of a camera. */
export const PresetDocument = closed({
  id: PresetIdText,
  /** What is seen, in French: "vers Allos". */
  label: Type.String({ minLength: 1, maxLength: 80 }),
  /** Name or token of the camera's own preset; the token where two have one name. Absent: it is named by `id`. */
  at: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  masks: Type.Optional(MaskDocument),
})
export type PresetDocument = Type.Static<typeof PresetDocument>

/** An hour at most: beyond, a picture says nothing of the road. */
const IntervalS = Type.Integer({ minimum: 1, maximum: 3600 })

/** A day of any year: "11-15". */
const MonthDay = Type.String({ pattern: '^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' })

/**
 * When a camera is asked for a frame: seconds from one capture of a preset to the next, by what holds at the moment. What
 * is absent is as by day. A unit that cannot believe its clock knows neither night nor season, and goes by day.
 */
export const ScheduleDocument = closed({
  intervalS: IntervalS,
  /** While the sun stands more than 6° under the horizon (the end of civil twilight: headlights alone show the road). */
  nightIntervalS: Type.Optional(IntervalS),
  /** The season of the département's winter service (viabilité hivernale); over the new year when `from` is the later day. */
  winter: Type.Optional(
    closed({
      from: MonthDay,
      /** The last day, included. */
      until: MonthDay,
      intervalS: IntervalS,
      nightIntervalS: Type.Optional(IntervalS),
    }),
  ),
  /** While somebody has asked to watch closely. Absent: a quarter of `intervalS`, but not under 10 s. */
  watchedIntervalS: Type.Optional(IntervalS),
  /** While the unit was told to be thrifty with its SIM. Absent: five times what would hold otherwise, at most an hour. */
  thriftyIntervalS: Type.Optional(IntervalS),
})
export type ScheduleDocument = Type.Static<typeof ScheduleDocument>

/** The picture that leaves the unit. */
export const PictureDocument = closed({
  /** Width in pixels; the height follows. A smaller camera picture is not enlarged. */
  widthPx: Type.Integer({ minimum: 320, maximum: 3840 }),
  /** JPEG quality. */
  quality: Type.Integer({ minimum: 40, maximum: 95 }),
  /**
   * While nothing changes that a person would see, a whole picture is sent no less often than this, in seconds; absent:
   * every 15 minutes. 1: always.
   */
  wholeEveryS: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
})
export type PictureDocument = Type.Static<typeof PictureDocument>

/** How a camera goes from preset to preset: in the document's order, once in each interval. */
export const TourDocument = closed({
  /** The preset at which each round ends, so that the camera stands there until the next. Absent: the document's last. */
  home: Type.Optional(PresetIdText),
  /** Planned from one preset of a round to the next, in seconds. Absent: the presets share the interval evenly. */
  dwellS: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
})
export type TourDocument = Type.Static<typeof TourDocument>

export const CameraDocument = closed({
  id: CameraIdText,
  /** Which of firmware-config/profiles/cameras describes this model. */
  profile: id('^[a-z0-9-]{1,60}$'),
  schedule: ScheduleDocument,
  picture: PictureDocument,
  presets: Type.Array(PresetDocument, { minItems: 1, maxItems: 16 }),
  /** A camera with several presets, or with one to which it is turned back each time. Absent, with one: it is never turned. */
  tour: Type.Optional(TourDocument),
})
export type CameraDocument = Type.Static<typeof CameraDocument>

/** Everything that is planned for one site. One file in firmware-config/sites, named `<id>.json`. */
export const SiteDocument = closed({
  id: SiteIdText,
  /** The box that stands there now. */
  unit: UnitIdText,
  /** As French people write it: "Col d'Allos". */
  name: Type.String({ minLength: 1, maxLength: 80 }),
  /** Departmental road: "D908". */
  road: Type.String({ pattern: '^[A-Z]{1,3}\\d{1,4}[A-Z]?$' }),
  kind: Type.Union([
    Type.Literal('col'),
    Type.Literal('station'),
    Type.Literal('carrefour'),
    Type.Literal('ville'),
    Type.Literal('tunnel'),
  ]),
  /** WGS 84, decimal degrees. */
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  altitudeM: Type.Integer({ minimum: -10, maximum: 4800 }),
  /** The year in which the site was put up. */
  wave: Type.Integer({ minimum: 2000, maximum: 2100 }),
  cameras: Type.Array(CameraDocument, { minItems: 1, maxItems: 8 }),
})
export type SiteDocument = Type.Static<typeof SiteDocument>
