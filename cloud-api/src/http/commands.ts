import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitOfLane, unitsOf } from '@vigie/config-schema/units-of'
import type { Clock } from '@vigie/contract/clock'
import type { CommandBody } from '@vigie/contract/command'
import { type ItemId, isItemId, isSiteId, isUnitId, type SiteId, type UnitId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import Type from 'typebox'
import { actionOf, isDangerous, needsSecondPerson } from '../commands/command-rights.ts'
import { CommandWish, toldCommand } from '../commands/command-told.ts'
import { queueCommand } from '../commands/queue-command.ts'
import { sealSecret } from '../commands/seal-secret.ts'
import { may } from '../people/person.ts'
import type { StoredCommand } from '../store/commands.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'
import { ParametersWrong } from './parameters.ts'
import { sendProblem, sendSiteUnknown } from './problem.ts'

export type CommandRouteDeps = {
  store: Pick<Store, 'fleet' | 'commands' | 'unitKeys'>
  clock: Clock
  /** Makes a ULID, each time another. */
  newId: () => ItemId
}

/** A wish with an address, a sealed password and a reason is 3 kB. */
const WISH_MAX_BYTES = 8 * 1024
/** A person waits for it: what the unit cannot take in two minutes is asked again. */
const WITHIN_S = 120
/** A second person has to be found first. */
const APPROVED_WITHIN_S = 900
/** Nobody asks more often by hand; a page that renews a look does so twice a minute. */
const ASKED_A_MINUTE = 30
/** Of one site: more than a whole acceptance test begins at once. */
const OPEN_AT_ONCE = 24
const LISTED = 20
/** A follower's question is kept open for so long. */
const WAIT_MS = 10_000
const LOOK_EVERY_MS = 250

const SITE = Type.Object({ site: Type.String() })
const COMMAND = Type.Object({ site: Type.String(), command: Type.String() })

type Wish = {
  unit: UnitId
  body: CommandBody
  reason: string | undefined
  withinS: number | undefined
  by: string
  now: number
}

/** What people ask of units: asked, approved, followed. */
export const commandRoutes =
  ({ store, clock, newId }: CommandRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const siteOf = async (site: string) => (isSiteId(site) ? store.fleet.site(site) : undefined)
    const commandOf = async ({ site, command }: { site: string; command: string }) =>
      isSiteId(site) && isItemId(command) ? store.commands.of(site, command) : undefined

    /** Seals the password of a camera into the command; null: nobody knows a key of the unit yet. */
    async function withSecret(
      body: CommandBody,
      password: string | undefined,
      unit: UnitId,
    ): Promise<CommandBody | null> {
      if (password === undefined) return body
      if (body.name !== 'look' || body.access === undefined) {
        throw new ParametersWrong([{ place: 'password', message: 'is only for a look at an address' }])
      }
      const key = await store.unitKeys.newestOf(unit)
      return key === undefined
        ? null
        : { ...body, access: { ...body.access, password: await sealSecret(password, key) } }
    }

    app.route({
      method: 'POST',
      url: '/sites/:site/commands',
      bodyLimit: WISH_MAX_BYTES,
      // Everybody who may ask anything at all; what exactly is asked is judged below.
      config: { action: 'command.read', site: 'site' },
      schema: {
        operationId: 'askCommand',
        summary: "Asks something of a site's unit",
        tags: ['operators'],
        params: SITE,
        body: CommandWish,
        response: {
          ...answer(201, 'Queued; follow it by its address.', 'application/json', Type.Ref('Command')),
          ...problems(
            'parameters-wrong',
            'not-allowed',
            'site-unknown',
            'unit-key-unknown',
            'too-many-commands',
            'not-ready',
          ),
        },
      },
      handler: async (request, reply) => {
        const { reason, withinS, password, unit: named } = request.body
        const site = await siteOf(request.params.site)
        if (site === undefined) return sendSiteUnknown(reply)
        const { person } = request
        const asked = request.body.body
        const action = actionOf(asked)
        if (!may(person, action, site.id)) {
          return sendProblem(reply, 'not-allowed', { detail: `None of your roles allows ${action} at this site.` })
        }
        if (isDangerous(asked) && reason === undefined) {
          throw new ParametersWrong([{ place: 'reason', message: 'is missing: it lets people in or keeps them out' }])
        }
        const unit = unitFor(asked, site, named)
        if (unit === null) throw new ParametersWrong([{ place: 'unit', message: 'is no unit of this site' }])
        const now = clock.now()
        const crowd = await store.commands.load({ askedBy: person.name, since: now - 60_000, site: site.id as SiteId }) // the document's pattern is the contract's
        if (crowd.asked >= ASKED_A_MINUTE || crowd.open >= OPEN_AT_ONCE) {
          return sendProblem(reply, 'too-many-commands', { detail: 'Wait until some have ended.', retryAfterS: 30 })
        }
        const body = await withSecret(asked, password, unit)
        if (body === null)
          return sendProblem(reply, 'unit-key-unknown', { detail: 'The unit has not announced itself yet.' })
        const command = await ask(site, { unit, body, reason, withinS, by: person.name, now })
        return reply.code(201).send(toldCommand(command))
      },
    })

    function ask(site: SiteDocument, wish: Wish): Promise<StoredCommand> {
      const { unit, body, reason, by, now } = wish
      const needsTwo = needsSecondPerson(body, site)
      const withinS = wish.withinS ?? (needsTwo ? APPROVED_WITHIN_S : WITHIN_S)
      const where = { site: site.id as SiteId, unit } // the document's pattern is the contract's
      return queueCommand({ commands: store.commands, newId }, { ...where, body, reason, by, withinS, needsTwo }, now)
    }

    app.route({
      method: 'GET',
      url: '/sites/:site/commands',
      config: { action: 'command.read', site: 'site' },
      schema: {
        operationId: 'listCommands',
        summary: "What was asked of a site's unit; the newest first",
        tags: ['operators'],
        params: SITE,
        querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: LISTED })) }),
        response: {
          ...answer(200, 'The newest.', 'application/json', Type.Object({ commands: Type.Array(Type.Ref('Command')) })),
          ...problems('parameters-wrong', 'site-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const site = await siteOf(request.params.site)
        if (site === undefined) return sendSiteUnknown(reply)
        const commands = await store.commands.newest(site.id as SiteId, request.query.limit ?? LISTED) // the document's pattern is the contract's
        return reply.send({ commands: commands.map(toldCommand) })
      },
    })

    app.route({
      method: 'GET',
      url: '/sites/:site/commands/:command',
      config: { action: 'command.read', site: 'site' },
      schema: {
        operationId: 'followCommand',
        summary: 'How far a command came',
        description: 'With `after`, the answer waits up to 10 s for a version that is newer.',
        tags: ['operators'],
        params: COMMAND,
        querystring: Type.Object({ after: Type.Optional(Type.Integer({ minimum: 0 })) }),
        response: {
          ...answer(200, 'The command.', 'application/json', Type.Ref('Command')),
          ...problems('parameters-wrong', 'command-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { after } = request.query
        const endMs = clock.monotonicMs() + WAIT_MS
        for (;;) {
          const command = await commandOf(request.params)
          if (command === undefined) return sendCommandUnknown(reply)
          const isNews = after === undefined || command.version > after
          if (isNews || clock.monotonicMs() >= endMs || request.raw.destroyed) return reply.send(toldCommand(command))
          await pause(LOOK_EVERY_MS)
        }
      },
    })

    app.route({
      method: 'POST',
      url: '/sites/:site/commands/:command/approval',
      config: { action: 'command.danger', site: 'site' },
      schema: {
        operationId: 'approveCommand',
        summary: 'Lets a command go that needs a second person',
        tags: ['operators'],
        params: COMMAND,
        response: {
          ...answer(200, 'It is on its way.', 'application/json', Type.Ref('Command')),
          ...problems('command-unknown', 'same-person', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const command = await commandOf(request.params)
        if (command === undefined) return sendCommandUnknown(reply)
        const { name } = request.person
        if (command.askedBy === name) {
          return sendProblem(reply, 'same-person', { detail: 'Somebody else has to approve what you asked for.' })
        }
        const at = clock.now()
        const { id: what, site, unit } = command
        const after = { unit, body: toldCommand(command).body }
        const entry = { at, who: name, action: 'command.approved', what, site, after }
        const approved = await store.commands.approve(command.site, command.id, { name, at }, entry)
        return reply.send(toldCommand(approved ?? (await commandOf(request.params)) ?? command))
      },
    })
  }

/** Which box of a site a command is for. Null: the site has no such box, or no such lane. */
function unitFor(body: CommandBody, site: SiteDocument, named: string | undefined): UnitId | null {
  // A lane that the document has not may be one of the configuration that still runs: the unit says so itself.
  const own = 'lane' in body ? (unitOfLane(site, body.lane) ?? site.unit) : site.unit
  const unit = named ?? own
  return unitsOf(site).includes(unit) && isUnitId(unit) ? unit : null
}

const sendCommandUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'command-unknown', { detail: 'GET /api/v1/sites/{site}/commands lists those of a site.' })
