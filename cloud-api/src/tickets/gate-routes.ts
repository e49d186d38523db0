import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { civilDayOf, dateOfCivilDay } from '@vigie/contract/gate/civil-time'
import type { GateRole } from '@vigie/contract/gate/device-pass'
import { isForeignHash, isTicketId } from '@vigie/contract/gate/ticket-code'
import Type from 'typebox'
import { answer, nothing, problems, sendNothing } from '../http/answers.ts'
import { sendProblem } from '../http/problem.ts'
import type { StoredPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import { dayReport } from './day-report.ts'
import { type DevicePasses, PASS_MAX_HOURS } from './device-pass.ts'
import { gateNow } from './gate-now.ts'
import { conflictTold } from './gate-told.ts'
import { museumAt, sendMuseumUnknown } from './museum-at.ts'
import { Day } from './told.ts'

export type GateRouteDeps = {
  store: Pick<Store, 'fleet' | 'ticketOffer' | 'ticketSales' | 'gateLedger' | 'audit' | 'presence'>
  passes: DevicePasses
  /** Told when a pass may have been signed with a new key: gates must know it. */
  onPass(): void
  clock: Clock
}

const SITE = Type.Object({ site: Type.String() })
const LISTED = 100
/** A working day, from before the opening until after the closing report. */
const PASS_HOURS = 12

/** What the gates of a museum did, as far as it has come here, and who may stand at them with a phone. */
export const gateRoutes =
  ({ store, passes, onPass, clock }: GateRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/museums/:site/gate',
      config: { action: 'gate.read', site: 'site' },
      schema: {
        operationId: 'readGate',
        summary: 'Who is inside, the newest decisions, and how whole the ledgers are',
        tags: ['tickets'],
        params: SITE,
        response: {
          ...answer(200, 'As the cloud knows it.', 'application/json', Type.Ref('GateNow')),
          ...problems('museum-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        return museum === undefined ? sendMuseumUnknown(reply) : reply.send(await gateNow(store, museum, clock.now()))
      },
    })

    app.route({
      method: 'GET',
      url: '/museums/:site/days/:day',
      config: { action: 'gate.read', site: 'site' },
      schema: {
        operationId: 'readDayReport',
        summary: 'What was sold on a day, and who came in',
        tags: ['tickets'],
        params: Type.Object({ site: Type.String(), day: Type.Union([Day, Type.Literal('today')]) }),
        response: {
          ...answer(200, 'The report.', 'application/json', Type.Ref('DayReport')),
          ...problems('parameters-wrong', 'museum-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const { day } = request.params
        const date = day === 'today' ? dateOfCivilDay(civilDayOf(clock.now())) : day
        return reply.send(await dayReport(store, museum, date))
      },
    })

    app.route({
      method: 'GET',
      url: '/museums/:site/conflicts',
      config: { action: 'gate.read', site: 'site' },
      schema: {
        operationId: 'listConflicts',
        summary: 'Tickets that let in more than they give a right to, at gates that did not know of one another',
        tags: ['tickets'],
        params: SITE,
        response: {
          ...answer(
            200,
            'Those that nobody has looked at first.',
            'application/json',
            Type.Object({ conflicts: Type.Array(Type.Ref('GateConflict')) }),
          ),
          ...problems('museum-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const [conflicts, site] = await Promise.all([
          store.gateLedger.conflicts(museum.site, LISTED),
          store.fleet.site(museum.site),
        ])
        const told = conflicts.map(async (one) => {
          const ticket = isTicketId(one.ticket) ? await store.ticketSales.ticket(museum.site, one.ticket) : undefined
          return conflictTold(one, { site, museum, serial: ticket?.serial ?? null })
        })
        return reply.send({ conflicts: await Promise.all(told) })
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/conflicts/:ticket/acknowledgement',
      config: { action: 'gate.resolve', site: 'site' },
      schema: {
        operationId: 'acknowledgeConflict',
        summary: 'Says that somebody has looked at a conflict',
        tags: ['tickets'],
        params: Type.Object({ site: Type.String(), ticket: Type.String() }),
        body: Type.Object({ note: Type.String({ maxLength: 200 }) }),
        response: {
          ...nothing('It is noted.'),
          ...problems('parameters-wrong', 'museum-unknown', 'ticket-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const { ticket } = request.params
        const by = { who: request.person.name, note: request.body.note, at: clock.now() }
        const isDone =
          (isTicketId(ticket) || isForeignHash(ticket)) && (await store.gateLedger.acknowledge(museum.site, ticket, by))
        return isDone
          ? sendNothing(reply)
          : sendProblem(reply, 'ticket-unknown', { detail: 'No conflict about this ticket waits to be looked at.' })
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/passes',
      config: { action: 'gate.pass', site: 'site' },
      schema: {
        operationId: 'makeDevicePass',
        summary: 'A pass for your own phone at the gates of a museum',
        description:
          'The gateway of the museum believes it without a network, until it ends. `path` holds it after `#`: a browser ' +
          'sends nothing of that to any server before the page asks the gateway.',
        tags: ['tickets'],
        params: SITE,
        body: Type.Object({
          hours: Type.Optional(Type.Integer({ minimum: 1, maximum: PASS_MAX_HOURS, default: PASS_HOURS })),
        }),
        response: {
          ...answer(
            201,
            'The pass; it is told this once.',
            'application/json',
            Type.Object({
              pass: Type.String(),
              until: Type.String({ format: 'date-time' }),
              path: Type.String({ description: 'Of the page at the museum gateway.' }),
            }),
          ),
          ...problems('parameters-wrong', 'museum-unknown', 'tickets-not-ready', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const { person } = request
        const { hours = PASS_HOURS } = request.body
        const made = await passes.make({
          site: museum.site,
          staff: person.id,
          role: roleAt(person, museum.site),
          hours,
        })
        if (made === null)
          return sendProblem(reply, 'tickets-not-ready', { detail: 'The cloud has no vault for the key of passes.' })
        onPass()
        const until = new Date(made.until).toISOString()
        const entry = { at: clock.now(), who: person.name, action: 'gate.pass-given', what: museum.name }
        await store.audit.append({ ...entry, site: museum.site, after: { until } })
        return reply
          .code(201)
          .send({ pass: made.pass, until, path: `/portillon.html#${new URLSearchParams({ p: made.pass })}` })
      },
    })
  }

/** The highest of the roles that a person has at a museum, and that a gate knows. */
function roleAt({ grants }: StoredPerson, site: string): GateRole {
  const roles = grants.flatMap(({ role, sites }) =>
    sites === 'all' || sites.some((one) => one === site) ? [role] : [],
  )
  return (['administrator', 'supervisor'] as const).find((role) => roles.includes(role)) ?? 'gate-staff'
}
