import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isMuseum } from '@vigie/config-schema/kinds-of-site'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitsOf } from '@vigie/config-schema/units-of'
import type { Clock } from '@vigie/contract/clock'
import Type, { type Static } from 'typebox'
import { sitesOf } from '../people/person.ts'
import type { ConfigurationStanding, StoredReport } from '../store/configurations.ts'
import type { UnitPresence } from '../store/presence.ts'
import type { Store } from '../store/store.ts'
import type { GateAlarm } from '../store/tickets/gate-ledger.ts'
import type { UnitCertificateTable } from '../store/unit-certificates.ts'
import type { UnitKey } from '../store/unit-keys.ts'
import { answer, problems } from './answers.ts'

const Time = Type.String({ format: 'date-time' })
const TimeOrNull = (description: string) => Type.Union([Time, Type.Null()], { description })
const TextOrNull = Type.Union([Type.String(), Type.Null()])

/** A box as the cloud itself knows it: by births, last wills and certificates, those that it showed and those it was given. */
const FleetUnit = Type.Object(
  {
    unit: Type.String(),
    site: TextOrNull,
    siteName: TextOrNull,
    road: TextOrNull,
    isAtMuseum: Type.Boolean(),
    lanes: Type.Array(Type.String(), { description: 'Those that it drives, by their labels.' }),
    isPlanned: Type.Boolean({
      description: 'Whether the site is planned to have this box; one that was replaced is not.',
    }),
    presence: Type.Enum(['online', 'offline', 'unknown']),
    since: TimeOrNull('Since when it is so; null when it never said anything.'),
    heardAt: TimeOrNull('When anything last came from it.'),
    reason: Type.Union([Type.Enum(['lost', 'stopped']), Type.Null()]),
    software: TextOrNull,
    certificateEndsAt: TimeOrNull('The end of its newest certificate; null when none is known.'),
    configuration: Type.Union(
      [
        Type.Null(),
        Type.Object({
          desired: Type.Integer({ description: 'The number of the version that its site should have.' }),
          runs: Type.Union([Type.Integer(), Type.Null()], {
            description: 'That it says it runs; 0: as it was set up.',
          }),
          isRefused: Type.Boolean({ description: 'Whether it tried the desired one, and went back.' }),
          refused: Type.Union(
            [Type.Null(), Type.Object({ version: Type.Integer(), at: Time, reason: Type.String(), about: TextOrNull })],
            { description: 'The last that it did not take, and why; null once a later one is confirmed.' },
          ),
          turnedAway: Type.Union([Type.Null(), Type.Object({ at: Time, reason: Type.String() })], {
            description: 'What came to it as a configuration and was not the word of its fleet; null likewise.',
          }),
        }),
      ],
      { description: 'Null for a unit that no site is planned to have.' },
    ),
    gateAlarms: Type.Array(
      Type.Object({
        cause: Type.String(),
        about: TextOrNull,
        at: Time,
        heardAt: Type.String({ format: 'date-time', description: 'When it came here: later, after a cut.' }),
      }),
      { description: 'What it said of itself in the ledger of its gates within a week, the newest of each cause.' },
    ),
    revokedAt: TimeOrNull('Since when it is shut out.'),
    enrolledAt: TimeOrNull('When its newest certificate was given to it, or else first seen.'),
  },
  { $id: 'FleetUnit' },
)
type FleetUnit = Static<typeof FleetUnit>

const FleetUnits = Type.Object(
  { generatedAt: Time, units: Type.Array(Type.Unsafe<FleetUnit>(Type.Ref('FleetUnit'))) },
  { $id: 'FleetUnits' },
)

export const FLEET_UNIT_SCHEMAS = [FleetUnit, FleetUnits]

/** What a page shows of them is its own to say; older ones are in the ledger. */
const ALARMS_TOLD_FOR_MS = 7 * 86_400_000

/** The fleet, as far as the cloud knows it without asking the authority. */
export const fleetUnitsRoute =
  ({
    store,
    clock,
  }: {
    store: Pick<Store, 'fleet' | 'presence' | 'unitKeys' | 'unitCertificates' | 'configuration' | 'gateLedger'>
    clock: Clock
  }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/units',
      config: { action: 'unit.read' },
      schema: {
        operationId: 'listFleetUnits',
        summary: 'All units with their site, presence, software and certificate',
        tags: ['operators'],
        response: {
          ...answer(
            200,
            'Every unit of a site that one of the roles reaches, in the order of names.',
            'application/json',
            Type.Ref('FleetUnits'),
          ),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        const now = clock.now()
        const [sites, presences, keys, certificates, standings, reports, alarms] = await Promise.all([
          store.fleet.sites(),
          store.presence.all(),
          store.unitKeys.all(),
          store.unitCertificates.newestOfEach(),
          store.configuration.standings(),
          store.configuration.allReported(),
          store.gateLedger.alarmsSince(now - ALARMS_TOLD_FOR_MS),
        ])
        const generatedAt = new Date(now).toISOString()
        const reach = sitesOf(person, 'unit.read')
        const units = fleetUnitsOf({ sites, presences, keys, certificates, standings, reports, alarms })
        const shown = reach === 'all' ? units : units.filter(({ site }) => reach.some((id) => id === site))
        return reply.send({ generatedAt, units: shown })
      },
    })
  }

type Known = {
  sites: readonly SiteDocument[]
  presences: readonly UnitPresence[]
  /** What units showed; all that is known of a fleet without an authority of its own. */
  keys: readonly UnitKey[]
  /** The newest that each unit was given. */
  certificates: readonly UnitCertificateTable[]
  standings: { units: readonly Pick<ConfigurationStanding, 'unit' | 'version'>[] }
  reports: readonly StoredReport[]
  /** The newest first. */
  alarms: readonly GateAlarm[]
}

/** All boxes that are planned, that ever spoke, or that ever had a certificate, in the order of their names. */
function fleetUnitsOf({ sites, presences, keys, certificates, standings, reports, alarms }: Known): FleetUnit[] {
  const planned = new Map(sites.flatMap((site) => unitsOf(site).map((unit) => [unit, site] as const)))
  const places = new Map(sites.map((site) => [site.id, site]))
  const heard = new Map(presences.map((presence) => [presence.unit as string, presence]))
  const given = new Map(certificates.map((certificate) => [certificate.unit as string, certificate]))
  const desired = new Map(standings.units.map(({ unit, version }) => [unit as string, version]))
  const reported = new Map(reports.map((report) => [report.unit as string, report]))
  const shown = new Map<string, UnitKey[]>()
  for (const key of keys) shown.set(key.unit, [...(shown.get(key.unit) ?? []), key])
  const names = new Set([...planned.keys(), ...heard.keys(), ...shown.keys(), ...given.keys()])
  return [...names].toSorted().map((unit): FleetUnit => {
    const [presence, certificate, ownKeys] = [heard.get(unit), given.get(unit), shown.get(unit) ?? []]
    const worksAt = presence?.site ?? certificate?.site ?? ownKeys.at(-1)?.site ?? null
    const site = planned.get(unit) ?? places.get(worksAt ?? '')
    return {
      unit,
      site: site?.id ?? worksAt,
      siteName: site?.name ?? null,
      road: site?.road ?? null,
      isAtMuseum: site !== undefined && isMuseum(site),
      lanes: (site?.lanes ?? []).filter((lane) => (lane.unit ?? site?.unit) === unit).map(({ label }) => label),
      isPlanned: planned.has(unit),
      presence: presence?.condition ?? 'unknown',
      since: timeOf(presence?.since),
      heardAt: timeOf(presence?.heardAt),
      reason: presence?.reason ?? null,
      software: presence?.software ?? null,
      certificateEndsAt: timeOf(certificate?.endsAt ?? greatest(ownKeys.map((key) => key.certificateEndsAt))),
      configuration: planned.has(unit) ? configurationOf(desired.get(unit), reported.get(unit)) : null,
      gateAlarms: newestOfEachCause(alarms.filter((alarm) => alarm.unit === unit)),
      revokedAt: timeOf(certificate?.revokedAt ?? undefined),
      enrolledAt: timeOf(certificate?.issuedAt ?? greatest(ownKeys.map((key) => key.learntAt))),
    }
  })
}

function configurationOf(desired: number | undefined, report: StoredReport | undefined): FleetUnit['configuration'] {
  if (desired === undefined) return null
  const { refused = null, turnedAway = null } = report ?? {}
  return {
    desired,
    runs: report?.version ?? null,
    isRefused: refused?.version === desired,
    refused: refused && {
      version: refused.version,
      at: refused.at,
      reason: refused.reason,
      about: refused.about ?? null,
    },
    turnedAway: turnedAway && { at: turnedAway.at, reason: turnedAway.reason },
  }
}

function newestOfEachCause(alarms: readonly GateAlarm[]): FleetUnit['gateAlarms'] {
  const newest = new Map(alarms.toReversed().map((alarm) => [alarm.cause, alarm]))
  return [...newest.values()].map(({ cause, about, at, receivedAt }) => ({
    ...{ cause, about, at: new Date(at).toISOString(), heardAt: new Date(receivedAt).toISOString() },
  }))
}

const greatest = (values: readonly number[]) => (values.length === 0 ? undefined : Math.max(...values))

/** 0 stands for never. */
const timeOf = (ms: number | undefined) => (ms === undefined || ms === 0 ? null : new Date(ms).toISOString())
