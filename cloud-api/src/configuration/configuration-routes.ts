import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CONFIGURATION_DOCUMENTS } from '@vigie/config-schema/configuration/configuration'
import { SiteFacts } from '@vigie/config-schema/configuration/site'
import { unitsOf } from '@vigie/config-schema/units-of'
import type { Clock } from '@vigie/contract/clock'
import { isSiteId, isUnitId, type SiteId, type UnitId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { answer, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem, sendSiteUnknown } from '../http/problem.ts'
import type { StoredReport, StoredVersion } from '../store/configurations.ts'
import type { Store } from '../store/store.ts'
import type { Vault } from '../vault.ts'
import { differencesOf } from './difference.ts'
import { shownOf, takeEntered } from './entered.ts'
import { conditionOf, leastOf, reportTold, summaryTold, versionTold } from './told.ts'

export type ConfigurationRouteDeps = {
  store: Pick<Store, 'configuration' | 'fleet'>
  vault: Vault | null
  /** Told of each change; null: the cloud has no key to sign with, so that nothing is published. */
  publisher: { ring(): void } | null
  /** Told of each change: what the public sees may be another. */
  onChange(): void
  clock: Clock
}

/** Masks of 16 views with 32 zones of 64 corners are about 400 kB; what a unit takes is less, and is said then. */
const BODY_MAX_BYTES = 512 * 1024
/** A site has some dozens in its life. */
const LISTED = 200

const Note = Type.Optional(Type.String({ maxLength: 400, description: 'Why, for whoever reads it later.' }))
const AT_SITE = Type.Object({ site: Type.String() })
const Documents = Type.Object(
  Object.fromEntries(CONFIGURATION_DOCUMENTS.map((name) => [name, Type.Unknown()])) as Record<
    (typeof CONFIGURATION_DOCUMENTS)[number],
    ReturnType<typeof Type.Unknown>
  >, // the keys are exactly the documents
  { description: 'As ConfigurationDocuments; a password in clear to set it, true to leave it.' },
)

/** What each site should be: read, compared with what its unit runs, changed, brought back. */
export const configurationRoutes =
  ({ store, vault, publisher, onChange, clock }: ConfigurationRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { configuration, fleet } = store
    const read = { action: 'configuration.read', site: 'site' } as const
    const change = { action: 'configuration.change', site: 'site' } as const

    function changed(): void {
      publisher?.ring()
      onChange()
    }

    /** What the unit runs: a version of ours, or null where only its box knows. */
    async function documentsRun(site: SiteId, reported: StoredReport | undefined) {
      if (reported === undefined || reported.version === 0) return null
      return (await configuration.version(site, reported.version))?.documents ?? null
    }

    /** How far one unit of a site has come with what is desired. */
    async function unitTold({ site, version }: StoredVersion, unit: UnitId) {
      const [reported, told] = await Promise.all([configuration.reported(site, unit), configuration.told(site, unit)])
      const condition = conditionOf({ version, told: told ?? null }, reported, publisher !== null)
      return { unit, condition, reported }
    }

    app.route({
      method: 'GET',
      url: '/sites/:site/configuration',
      config: read,
      schema: {
        operationId: 'readConfiguration',
        summary: 'What a site should be, what its unit runs, and the difference',
        tags: ['operators'],
        params: AT_SITE,
        response: {
          ...answer(200, 'Desired against reported.', 'application/json', Type.Ref('SiteConfiguration')),
          ...problems('site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        if (!isSiteId(site)) return sendSiteUnknown(reply)
        const [document, desired] = await Promise.all([fleet.site(site), configuration.newest(site)])
        if (document === undefined || desired === undefined) return sendSiteUnknown(reply)
        const units = await Promise.all(unitsOf(document).map((unit) => unitTold(desired, unit as UnitId))) // the document's pattern is the contract's
        const reported = units[0]?.reported
        const running = await documentsRun(site, reported)
        const before = await configuration.version(site, desired.version - 1)
        return reply.send({
          ...{ site, name: document.name, unit: document.unit },
          condition: leastOf(units.map(({ condition }) => condition)),
          desired: versionTold(desired, before),
          reported: reported === undefined ? null : reportTold(reported),
          units: units.map((one) => ({
            ...{ unit: one.unit, condition: one.condition },
            runs: one.reported?.version ?? null,
          })),
          differences: running === null ? [] : differencesOf(shownOf(running), shownOf(desired.documents)),
        })
      },
    })

    app.route({
      method: 'GET',
      url: '/sites/:site/configuration/versions',
      config: read,
      schema: {
        operationId: 'listConfigurationVersions',
        summary: 'Every version of what a site should be, the newest first',
        tags: ['operators'],
        params: AT_SITE,
        response: {
          ...answer(
            200,
            `At most ${LISTED}.`,
            'application/json',
            Type.Object({ versions: Type.Array(Type.Ref('ConfigurationVersionSummary')) }),
          ),
          ...problems('site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        const versions = isSiteId(site) ? await configuration.versions(site, LISTED) : []
        return versions.length === 0 ? sendSiteUnknown(reply) : reply.send({ versions: versions.map(summaryTold) })
      },
    })

    app.route({
      method: 'GET',
      url: '/sites/:site/configuration/versions/:version',
      config: read,
      schema: {
        operationId: 'readConfigurationVersion',
        summary: 'One version, and what it changed',
        tags: ['operators'],
        params: Type.Object({ site: Type.String(), version: Type.Integer({ minimum: 1 }) }),
        response: {
          ...answer(200, 'The version.', 'application/json', Type.Ref('ConfigurationVersion')),
          ...problems('parameters-wrong', 'site-unknown', 'version-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site, version } = request.params
        if (!isSiteId(site)) return sendSiteUnknown(reply)
        const [found, before] = await Promise.all([
          configuration.version(site, version),
          configuration.version(site, version - 1),
        ])
        return found === undefined ? sendVersionUnknown(reply) : reply.send(versionTold(found, before))
      },
    })

    app.route({
      method: 'POST',
      url: '/sites/:site/configuration',
      config: change,
      bodyLimit: BODY_MAX_BYTES,
      schema: {
        operationId: 'changeConfiguration',
        summary: 'Makes a new version of what a site should be',
        tags: ['operators'],
        params: AT_SITE,
        body: Type.Object({ basedOn: Type.Integer({ minimum: 1 }), note: Note, documents: Documents }),
        response: {
          ...answer(201, 'The new version.', 'application/json', Type.Ref('ConfigurationVersion')),
          ...problems('parameters-wrong', 'site-unknown', 'configuration-outdated', 'site-taken', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        const { basedOn, note = '', documents } = request.body
        const before = isSiteId(site) ? await configuration.newest(site) : undefined
        if (!isSiteId(site) || before === undefined) return sendSiteUnknown(reply)
        if (before.version !== basedOn) return sendOutdated(reply, before.version)
        const entered = takeEntered(documents, before.documents, site, vault)
        if (!entered.ok) throw new ParametersWrong(entered.problems)
        const who = request.person.name
        const added = await configuration.add({
          site,
          basedOn,
          at: clock.now(),
          who,
          note,
          documents: entered.documents,
        })
        if (added === 'unit-taken') return sendUnitTaken(reply)
        if (added === 'outdated') return sendOutdated(reply, (await configuration.newest(site))?.version ?? basedOn)
        changed()
        return reply.code(201).send(versionTold(added, before))
      },
    })

    app.route({
      method: 'POST',
      url: '/sites/:site/configuration/restoration',
      config: change,
      schema: {
        operationId: 'restoreConfiguration',
        summary: 'Makes a new version with the content of an older one',
        tags: ['operators'],
        params: AT_SITE,
        body: Type.Object({
          version: Type.Integer({ minimum: 1 }),
          basedOn: Type.Optional(Type.Integer({ minimum: 1, description: 'Absent: whatever is the newest.' })),
          note: Note,
        }),
        response: {
          ...answer(201, 'The new version.', 'application/json', Type.Ref('ConfigurationVersion')),
          ...problems(
            'parameters-wrong',
            'site-unknown',
            'version-unknown',
            'configuration-outdated',
            'site-taken',
            'not-ready',
          ),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        if (!isSiteId(site)) return sendSiteUnknown(reply)
        const [wanted, before] = await Promise.all([
          configuration.version(site, request.body.version),
          configuration.newest(site),
        ])
        if (before === undefined) return sendSiteUnknown(reply)
        if (wanted === undefined) return sendVersionUnknown(reply)
        const { basedOn = before.version, note = '' } = request.body
        if (basedOn !== before.version) return sendOutdated(reply, before.version)
        const who = request.person.name
        const restored = { site, basedOn, at: clock.now(), who, note, documents: withLaterMasks(wanted, before) }
        const added = await configuration.add({ ...restored, restores: wanted.version })
        if (added === 'unit-taken') return sendUnitTaken(reply)
        if (added === 'outdated') return sendOutdated(reply, (await configuration.newest(site))?.version ?? basedOn)
        changed()
        return reply.code(201).send(versionTold(added, before))
      },
    })

    app.route({
      method: 'POST',
      url: '/sites/:site/configuration/attempt',
      config: change,
      schema: {
        operationId: 'tryConfigurationAgain',
        summary: 'Asks the unit to try the desired configuration once more',
        tags: ['operators'],
        params: AT_SITE,
        response: {
          ...answer(
            202,
            'It is asked.',
            'application/json',
            Type.Object({ version: Type.Integer(), attempt: Type.Integer() }),
          ),
          ...problems('site-unknown', 'not-published', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { site } = request.params
        const document = isSiteId(site) ? await fleet.site(site) : undefined
        if (!isSiteId(site) || document === undefined) return sendSiteUnknown(reply)
        const isAsked = publisher !== null && (await configuration.askAgain(site, clock.now(), request.person.name))
        const told = isAsked ? await configuration.told(site, document.unit as UnitId) : undefined // the document's pattern is the contract's
        if (told === undefined) {
          return sendProblem(reply, 'not-published', { detail: 'Nothing was published for this site yet.' })
        }
        changed()
        return reply.code(202).send({ version: told.version, attempt: told.attempt })
      },
    })

    app.route({
      method: 'POST',
      url: '/sites',
      config: { action: 'configuration.change', siteInBody: 'id' },
      schema: {
        operationId: 'addSite',
        summary: 'A new site, without cameras yet',
        tags: ['operators'],
        body: Type.Object({
          ...SiteFacts.properties,
          unit: Type.String({ description: 'The box that will stand there.' }),
        }),
        response: {
          ...answer(201, 'Its first version.', 'application/json', Type.Ref('ConfigurationVersion')),
          ...problems('parameters-wrong', 'site-taken', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { unit, ...facts } = request.body
        const site = facts.id
        if (!isSiteId(site)) throw new ParametersWrong([{ place: 'id', message: 'is no id of a site' }])
        if (!isUnitId(unit)) throw new ParametersWrong([{ place: 'unit', message: 'is no id of a unit' }])
        const empty = {
          camera: { cameras: [] },
          lane: { lanes: [] },
          masks: { views: [] },
          schedule: { cameras: [] },
          budget: {},
        }
        const entered = takeEntered({ site: facts, ...empty }, null, site, vault)
        if (!entered.ok) throw new ParametersWrong(entered.problems)
        const first = { site, at: clock.now(), who: request.person.name, note: '', documents: entered.documents }
        const added = await configuration.addSite(first, unit)
        if (added === 'taken') {
          return sendUnitTaken(reply)
        }
        changed()
        return reply.code(201).send(versionTold(added, undefined))
      },
    })
  }

/**
 * Zones that come back keep no number that meanwhile meant others: where they differ from those of today they get the next.
 */
function withLaterMasks(
  { documents }: { documents: Parameters<typeof shownOf>[0] },
  now: { documents: Parameters<typeof shownOf>[0] },
) {
  const views = documents.masks.views.map((view) => {
    const today = now.documents.masks.views.find((one) => one.camera === view.camera && one.preset === view.preset)
    if (today === undefined || JSON.stringify(today.masks) === JSON.stringify(view.masks)) return view
    return { ...view, masks: { ...view.masks, version: Math.max(today.masks.version, view.masks.version) + 1 } }
  })
  return { ...documents, masks: { views } }
}

const sendUnitTaken = (reply: FastifyReply) =>
  sendProblem(reply, 'site-taken', { detail: 'There is such a site, or the unit stands at another one.' })

const sendVersionUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'version-unknown', { detail: 'GET .../configuration/versions lists all of this site.' })

const sendOutdated = (reply: FastifyReply, newest: number) =>
  sendProblem(reply, 'configuration-outdated', {
    detail: `Somebody has made version ${newest} meanwhile: read it, and change that.`,
    members: { newest },
  })
