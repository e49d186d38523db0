import Type, { type Static } from 'typebox'
import { type Freshness, worstOf } from '../freshness/freshness.ts'
import { type SiteNow, webcamsOf } from '../live/feature.ts'
import type { Webcam } from '../live/webcam.ts'
import type { UnitPresence } from '../store/presence.ts'

const Time = Type.String({ format: 'date-time' })
const TimeOrNull = (description: string) => Type.Union([Time, Type.Null()], { description })

/** The box of a site, as its births and last wills tell. */
const WallUnit = Type.Object(
  {
    id: Type.String(),
    presence: Type.Enum(['online', 'offline', 'unknown']),
    since: TimeOrNull('Since when it is so; null when it never said anything.'),
    heardAt: TimeOrNull('When anything last came from it.'),
    software: Type.Union([Type.String(), Type.Null()]),
    reason: Type.Union([Type.Enum(['lost', 'stopped']), Type.Null()], {
      description: 'Why it is offline: the line broke, or it was told to stop.',
    }),
  },
  { $id: 'WallUnit' },
)
type WallUnit = Static<typeof WallUnit>

/** How a camera does, as its unit last said. */
const WallCamera = Type.Object(
  {
    camera: Type.String(),
    condition: Type.Enum(['capturing', 'failing', 'idle']),
    since: Time,
    fault: Type.Union([Type.String(), Type.Null()], { description: "A code of the agent's table of faults." }),
    failures: Type.Integer({ description: 'Attempts that failed one after the other.' }),
  },
  { $id: 'WallCamera' },
)
type WallCamera = Static<typeof WallCamera>

/** One site as operators see it. */
const WallSite = Type.Object(
  {
    site: Type.String(),
    name: Type.String(),
    road: Type.String(),
    kind: Type.Enum(['col', 'station', 'carrefour', 'ville', 'tunnel']),
    altitudeM: Type.Integer(),
    freshness: Type.Unsafe<Freshness>(Type.Ref('Freshness')),
    unit: Type.Unsafe<WallUnit>(Type.Ref('WallUnit')),
    webcams: Type.Array(Type.Unsafe<Webcam>(Type.Ref('Webcam')), { description: 'As the public sees them.' }),
    cameras: Type.Array(Type.Unsafe<WallCamera>(Type.Ref('WallCamera')), {
      description: 'The cameras whose unit has said how they do.',
    }),
  },
  { $id: 'WallSite', description: 'One site. Its freshness is the worst of its webcams.' },
)
export type WallSite = Static<typeof WallSite>

const Wall = Type.Object(
  {
    generatedAt: Time,
    lastEventId: Type.String({ description: 'Listen from here: GET /api/v1/events?lastEventId=…' }),
    sites: Type.Array(Type.Unsafe<WallSite>(Type.Ref('WallSite'))),
  },
  { $id: 'Wall' },
)
export type Wall = Static<typeof Wall>

export const WALL_SCHEMAS = [WallUnit, WallCamera, WallSite, Wall]

/** Puts together what is known of one site. */
export function wallSiteOf(siteNow: SiteNow, presence: UnitPresence | undefined, now: number): WallSite {
  const { id, name, road, kind, altitudeM, unit } = siteNow.site
  const webcams = webcamsOf(siteNow, now).map(({ webcam }) => webcam)
  return {
    site: id,
    name,
    road,
    kind,
    altitudeM,
    freshness: worstOf(webcams.map(({ properties }) => properties.freshness)),
    unit: {
      id: unit,
      presence: presence?.condition ?? 'unknown',
      since: timeOf(presence?.since),
      heardAt: timeOf(presence?.heardAt),
      software: presence?.software ?? null,
      reason: presence?.reason ?? null,
    },
    webcams,
    cameras: siteNow.cameras.map(({ camera, condition, since, fault, failures }) => ({
      camera,
      condition,
      since: new Date(since).toISOString(),
      fault,
      failures,
    })),
  }
}

/** 0 stands for never. */
const timeOf = (ms: number | undefined) => (ms === undefined || ms === 0 ? null : new Date(ms).toISOString())
