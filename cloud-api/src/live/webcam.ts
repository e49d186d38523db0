import type { ClockState } from '@vigie/contract/clock'
import Type, { type Static, type TSchema } from 'typebox'
import { FRESHNESS } from '../freshness/freshness.ts'

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC, milliseconds.' })
const Clock = Type.Unsafe<ClockState>(Type.Enum(['synchronised', 'estimated', 'unknown']))
const Address = Type.String({ format: 'uri-reference' })

export const FreshnessName = Type.Enum([...FRESHNESS], {
  type: 'string',
  $id: 'Freshness',
  description:
    'fresh: younger than 1.5 planned intervals. late: up to 3. stale: older, or of a time that cannot be true. ' +
    'offline: the unit is silent, or never sent a picture. maintenance, withdrawn: taken off by a person.',
})

/**
 * Faults for which a unit holds pictures back though the camera gives some: it repeats one picture; it shows another view,
 * for which the masks were not drawn; it gives a page of its own instead of a picture.
 */
export const WITHHELD = ['picture-frozen', 'view-moved', 'picture-not-road'] as const
export type Withheld = (typeof WITHHELD)[number]

/** Addresses that always give the same bytes, for as long as the picture is public. */
export const Picture = Type.Object(
  {
    full: Address,
    w640: Type.String({
      format: 'uri-reference',
      description: 'At most 640 px wide; the full one when it cannot be made smaller.',
    }),
    w320: Type.String({
      format: 'uri-reference',
      description: 'At most 320 px wide; the full one when it cannot be made smaller.',
    }),
    widthPx: Type.Integer({ description: 'Of the full picture.' }),
    heightPx: Type.Integer(),
  },
  { $id: 'Picture', description: 'Addresses of one stored picture; each is immutable.' },
)
export type Picture = Static<typeof Picture>

/** One view of a webcam. */
export const Preset = Type.Object(
  {
    id: Type.String(),
    label: Type.String({ description: 'What is seen, in French.' }),
    freshness: Type.Unsafe<(typeof FRESHNESS)[number]>(Type.Ref('Freshness')),
    capturedAt: Type.Union([Time, Type.Null()], { description: 'When the picture was taken.' }),
    clock: Type.Union([Clock, Type.Null()], {
      description: 'How far the unit knew the time when it took the picture.',
    }),
    seenAt: Type.Union([Time, Type.Null()], {
      description:
        'When the camera last showed what the picture shows: capturedAt, or later, when a look found it unchanged.',
    }),
    seenClock: Type.Union([Clock, Type.Null()], { description: 'How far the unit knew the time of seenAt.' }),
    ageSeconds: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description:
        'Since seenAt, when this answer was made; null without a picture, or when its time cannot be true. Freshness goes by it.',
    }),
    nextExpectedAt: orNull(Time),
    intervalSeconds: Type.Integer({
      description: 'From seenAt to the next planned look: shorter when watched closely, longer in a thrifty hour.',
    }),
    doubts: Type.Array(Type.String(), {
      description:
        'What the unit doubts of the picture: picture-black, picture-overexposed, picture-blurred; others may come.',
    }),
    withheld: Type.Union([Type.Unsafe<Withheld>(Type.Enum([...WITHHELD])), Type.Null()], {
      description:
        'Why newer pictures are held back: the camera repeats one picture, shows another view, or gives no view at all.',
    }),
    picture: Type.Union([Type.Unsafe<Picture>(Type.Ref('Picture')), Type.Null()], {
      description:
        'The newest picture that is still public, however old: freshness says whether it may be shown as live.',
    }),
    history: Type.String({ format: 'uri-reference', description: 'The pictures of the last 24 hours.' }),
  },
  { $id: 'Preset' },
)
export type Preset = Static<typeof Preset>

/** One camera of one site, as GeoJSON. */
export const Webcam = Type.Object(
  {
    type: Type.Literal('Feature'),
    id: Type.String(),
    geometry: Type.Object({
      type: Type.Literal('Point'),
      coordinates: Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'Longitude, latitude; WGS 84.' }),
    }),
    properties: Type.Object({
      id: Type.String(),
      site: Type.String(),
      siteName: Type.String(),
      name: Type.String(),
      road: Type.String({ description: 'Departmental road: D908.' }),
      kind: Type.Enum(['col', 'station', 'carrefour', 'ville', 'tunnel']),
      altitudeM: Type.Integer(),
      freshness: Type.Unsafe<(typeof FRESHNESS)[number]>(Type.Ref('Freshness')),
      presets: Type.Array(Type.Unsafe<Preset>(Type.Ref('Preset'))),
    }),
  },
  { $id: 'Webcam', description: 'One camera of one site. Its freshness is the worst of its presets.' },
)
export type Webcam = Static<typeof Webcam>
