import type { ClockState } from '@vigie/contract/clock'
import Type, { type Static, type TSchema } from 'typebox'
import { FRESHNESS } from '../freshness/freshness.ts'

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time', description: 'ISO 8601, UTC, milliseconds.' })
const Address = Type.String({ format: 'uri-reference' })

export const FreshnessName = Type.Enum([...FRESHNESS], {
  type: 'string',
  $id: 'Freshness',
  description:
    'fresh: younger than 1.5 planned intervals. late: up to 3. stale: older, or of a time that cannot be true. ' +
    'offline: the unit is silent, or never sent a picture. maintenance, withdrawn: taken off by a person.',
})

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
    capturedAt: orNull(Time),
    clock: orNull(Type.Unsafe<ClockState>(Type.Enum(['synchronised', 'estimated', 'unknown']))),
    ageSeconds: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'When this answer was made; null without a picture, or when its capture time cannot be true.',
    }),
    nextExpectedAt: orNull(Time),
    intervalSeconds: Type.Integer({ description: 'From one planned capture to the next.' }),
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
