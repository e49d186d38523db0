import Type from 'typebox'
import { closed } from './closed.ts'
import { BudgetDocument } from './configuration/budget.ts'
import { LaneDocument } from './configuration/lane.ts'

const id = (pattern: string, description: string) => Type.String({ pattern, description })
export const SiteIdText = id(
  '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$',
  'The place, as it stands in addresses: col-d-allos',
)
export const UnitIdText = id('^[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?$', 'The box that stands there now')
export const CameraIdText = id('^[a-z][a-z0-9]{0,15}$', 'One camera of the site: cam1')
const PRESET = '^[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?$'
export const PresetIdText = id(PRESET, 'One view of the camera: amont')

export const RelativePoint = Type.Tuple(
  [Type.Number({ minimum: 0, maximum: 1 }), Type.Number({ minimum: 0, maximum: 1 })],
  {
    description: 'A point of the picture, from [0, 0] at its top left to [1, 1] at its bottom right, whatever its size',
  },
)

export const MaskZone = closed(
  {
    label: Type.String({ minLength: 1, maxLength: 80, description: 'What is hidden, in French' }),
    fill: Type.Union([Type.Literal('solid'), Type.Literal('pixelated')], {
      description: "One grey, or blocks of 1/40 of the picture's width, too coarse for a face or a plate",
    }),
    polygon: Type.Array(RelativePoint, { minItems: 3, maxItems: 64, description: 'Its corners, in order' }),
  },
  'A part of the view that must not be seen',
)
export type MaskZone = Type.Static<typeof MaskZone>

export const MaskDocument = closed(
  {
    version: Type.Integer({ minimum: 1, description: 'Raised whenever a zone changes' }),
    approvedOn: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description: 'The day on which a person approved it',
    }),
    zones: Type.Array(MaskZone, { maxItems: 32, description: 'Empty where there is nothing to hide' }),
  },
  'What is hidden in one view, approved by a person. Without it no picture of the view leaves the unit',
)
export type MaskDocument = Type.Static<typeof MaskDocument>

export const presetParts = {
  id: PresetIdText,
  label: Type.String({ minLength: 1, maxLength: 80, description: 'What is seen, in French: "vers Allos"' }),
  at: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        "Name or token of the camera's own preset; the token where two have one name. Absent: it is named by `id`",
    }),
  ),
}

export const PresetDocument = closed({ ...presetParts, masks: Type.Optional(MaskDocument) }, 'One view of a camera')
export type PresetDocument = Type.Static<typeof PresetDocument>

/** An hour at most: beyond, a picture says nothing of the road. */
const intervalS = (description: string) => Type.Integer({ minimum: 1, maximum: 3600, description })

const monthDay = (description: string) =>
  Type.String({ pattern: '^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$', description })

/** A unit that cannot believe its clock knows neither night nor season, and goes by day. */
export const ScheduleDocument = closed(
  {
    intervalS: intervalS('By day'),
    nightIntervalS: Type.Optional(
      intervalS(
        'While the sun stands more than 6° under the horizon (the end of civil twilight: headlights alone show the road)',
      ),
    ),
    winter: Type.Optional(
      closed(
        {
          from: monthDay('The first day: "11-15"'),
          until: monthDay('The last day, included; before `from`: over the new year'),
          intervalS: intervalS('By day'),
          nightIntervalS: Type.Optional(intervalS('By night')),
        },
        "The season of the département's winter service (viabilité hivernale)",
      ),
    ),
    watchedIntervalS: Type.Optional(
      intervalS('While somebody has asked to watch closely. Absent: a quarter of `intervalS`, but not under 10 s'),
    ),
    thriftyIntervalS: Type.Optional(
      intervalS('While the unit was told to spare its SIM. Absent: five times what would hold otherwise'),
    ),
  },
  'When a camera is asked for a frame: seconds from one capture of a preset to the next. What is absent is as by day',
)
export type ScheduleDocument = Type.Static<typeof ScheduleDocument>

export const PictureDocument = closed(
  {
    widthPx: Type.Integer({
      minimum: 320,
      maximum: 3840,
      description: 'Width in pixels; the height follows. A smaller picture of the camera is not enlarged',
    }),
    quality: Type.Integer({ minimum: 40, maximum: 95, description: 'JPEG quality' }),
    wholeEveryS: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3600,
        description:
          'While nothing changes that a person would see, a whole picture is sent no less often than this, in seconds. Absent: every 15 minutes; 1: always',
      }),
    ),
  },
  'The picture that leaves the unit',
)
export type PictureDocument = Type.Static<typeof PictureDocument>

export const TourDocument = closed(
  {
    home: Type.Optional(
      Type.String({
        pattern: PRESET,
        description: 'The preset at which each round ends. Absent: the last one of the document',
      }),
    ),
    dwellS: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 600,
        description:
          'From one preset of a round to the next, in seconds. Absent: the presets share the interval evenly',
      }),
    ),
  },
  "How a camera goes from preset to preset: in the document's order, once in each interval. Absent, with one preset: it is never turned",
)
export type TourDocument = Type.Static<typeof TourDocument>

export const cameraParts = {
  id: CameraIdText,
  profile: id('^[a-z0-9-]{1,60}$', 'Which of firmware-config/profiles/cameras describes this model'),
  picture: PictureDocument,
  tour: Type.Optional(TourDocument),
}

export const CameraDocument = closed({
  ...cameraParts,
  schedule: ScheduleDocument,
  presets: Type.Array(PresetDocument, { minItems: 1, maxItems: 16 }),
})
export type CameraDocument = Type.Static<typeof CameraDocument>

export const siteParts = {
  id: SiteIdText,
  name: Type.String({ minLength: 1, maxLength: 80, description: 'As French people write it: "Col d\'Allos"' }),
  road: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{1,3}\\d{1,4}[A-Z]?$',
      description: 'Departmental road: "D908". Absent at a museum alone',
    }),
  ),
  kind: Type.Union(
    [
      Type.Literal('col'),
      Type.Literal('station'),
      Type.Literal('carrefour'),
      Type.Literal('ville'),
      Type.Literal('tunnel'),
      Type.Literal('musee'),
    ],
    { description: 'What kind of place it is' },
  ),
  latitude: Type.Number({ minimum: -90, maximum: 90, description: 'WGS 84, decimal degrees' }),
  longitude: Type.Number({ minimum: -180, maximum: 180, description: 'WGS 84, decimal degrees' }),
  altitudeM: Type.Integer({ minimum: -10, maximum: 4800, description: 'Metres above the sea' }),
  wave: Type.Integer({ minimum: 2000, maximum: 2100, description: 'The year in which the site was put up' }),
  needsTwoPeople: Type.Optional(
    Type.Boolean({
      description: 'Dangerous commands wait for the word of a second person. Absent: one person is enough',
    }),
  ),
}

/** Everything that is planned for one site. One file in firmware-config/sites or firmware-config/museums, named `<id>.json`. */
export const SiteDocument = closed({
  ...siteParts,
  unit: UnitIdText,
  cameras: Type.Array(CameraDocument, { maxItems: 8, description: 'Empty where none stands' }),
  lanes: Type.Optional(LaneDocument.properties.lanes),
  gateway: LaneDocument.properties.gateway,
  budget: Type.Optional(BudgetDocument),
})
export type SiteDocument = Type.Static<typeof SiteDocument>
