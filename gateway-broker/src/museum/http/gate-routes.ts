import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { CommandBody } from '@vigie/contract/command'
import { UtcTime } from '@vigie/contract/envelope'
import { Direction } from '@vigie/contract/gate/outcome'
import { Reason } from '@vigie/contract/gate/row'
import Type from 'typebox'
import type { GateStateReader } from '../gate-state.ts'
import type { LaneCommands } from '../lan/lane-commands.ts'
import type { LaneNow, Lanes } from '../lan/lanes.ts'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import { answer, nothing, problems } from './answers.ts'
import { PASS_COOKIE } from './guard.ts'
import type { PassVerdict } from './pass.ts'
import { Refusal } from './problem.ts'
import type { StateStream } from './state-stream.ts'

type Deps = {
  state: GateStateReader
  stream: StateStream
  readPass: (text: string) => Promise<PassVerdict>
  lanes: Lanes
  commands: LaneCommands
  ledger: Pick<MuseumLedger, 'append'>
  now: () => number
}

/** Free rotation ends by itself: a door that stands open for longer than a day was forgotten. */
const FREE_AT_MOST_MS = 24 * 3_600_000

export const gateRoutes =
  ({ state, stream, readPass, lanes, commands, ledger, now }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const lane = Type.Object({ lane: Type.String({ maxLength: 16 }) })
    const refusals = problems('lane-unknown', 'lane-refused', 'lane-silent')

    /** Asks the box of a lane; its own word on it is what stands in the ledger, with the name of who asked. */
    async function ask(name: string, by: string, bodyFor: (lane: LaneNow['lane']) => CommandBody): Promise<void> {
      const found = lanes.of(name)
      if (found === null) throw new Refusal('lane-unknown', 'GET /api/v1/state lists the lanes.')
      if (!found.isHere) throw new Refusal('lane-silent', 'The lane is not linked: go there.')
      const last = await commands.ask(found.unit, bodyFor(found.lane), by)
      if (last.step === 'silent')
        throw new Refusal('lane-silent', 'It did not answer: look at it before you ask again.')
      if (last.step !== 'done') throw new Refusal('lane-refused', last.reason, { reason: last.reason })
    }

    app.route({
      method: 'GET',
      url: '/state',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'readState',
        summary: 'Lanes, last decisions, who is inside',
        tags: ['gates'],
        response: { ...answer(200, 'As it is now.', 'GateState'), ...problems() },
      },
      handler: (_request, reply) => reply.send(state.read()),
    })

    app.route({
      method: 'GET',
      url: '/events',
      config: { access: 'gate-staff' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'listenToState',
        summary: 'Server-sent events: the state each time that it changes',
        description: 'An event `state` at once and after each change, at most ten a second. Who does not read is cut.',
        tags: ['gates'],
        response: {
          200: {
            description: 'A stream of events that does not end.',
            content: { 'text/event-stream': { schema: Type.Ref('GateState') } },
          },
          ...problems('too-many-listeners'),
        },
      },
      handler: (request, reply) => {
        if (!stream.hasRoom()) throw new Refusal('too-many-listeners', 'Close the page on another device.')
        reply.hijack()
        const shown = request.cookies[PASS_COOKIE] ?? ''
        stream.add(reply.raw, async () => (await readPass(shown)).ok)
        return reply
      },
    })

    app.route({
      method: 'POST',
      url: '/lanes/:lane/open',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'openLane',
        summary: 'Opens a lane for one person',
        tags: ['gates'],
        params: lane,
        body: Type.Object({ reason: Reason, direction: Type.Optional(Direction) }),
        response: { ...nothing('It is open.'), ...refusals },
      },
      handler: async ({ params, body, pass }, reply) => {
        const { reason, direction = 'in' } = body
        await ask(params.lane, pass.staff, (one) => ({ name: 'open-lane', lane: one, direction, reason }))
        return reply.code(204).send()
      },
    })

    app.route({
      method: 'PUT',
      url: '/lanes/:lane/free-rotation',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'setFreeRotation',
        summary: 'Lets a lane turn freely until a time, or ends that',
        tags: ['gates'],
        params: lane,
        body: Type.Union([
          Type.Object({ on: Type.Literal(true), reason: Reason, until: UtcTime }),
          Type.Object({ on: Type.Literal(false), reason: Type.Optional(Reason) }),
        ]),
        response: { ...nothing('Done.'), ...refusals },
      },
      handler: async ({ params, body, pass }, reply) => {
        if (body.on) {
          const forMs = Date.parse(body.until) - now()
          if (forMs <= 0 || forMs > FREE_AT_MOST_MS)
            throw new Refusal('parameters-wrong', 'until must be within the next 24 hours.')
        }
        await ask(params.lane, pass.staff, (one) => ({ name: 'free-rotation', lane: one, ...body }))
        return reply.code(204).send()
      },
    })

    app.route({
      method: 'PUT',
      url: '/lanes/:lane/out-of-service',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'setOutOfService',
        summary: 'Takes a lane out of service, or back into it',
        tags: ['gates'],
        params: lane,
        body: Type.Object({ on: Type.Boolean(), reason: Reason }),
        response: { ...nothing('Done.'), ...refusals },
      },
      handler: async ({ params, body, pass }, reply) => {
        await ask(params.lane, pass.staff, (one) => ({ name: 'out-of-service', lane: one, ...body }))
        return reply.code(204).send()
      },
    })

    app.route({
      method: 'POST',
      url: '/inside',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'correctInside',
        summary: 'Says how many are inside, as somebody counted',
        tags: ['day'],
        body: Type.Object({ inside: Type.Integer({ minimum: 0, maximum: 100_000 }), reason: Reason }),
        response: { ...nothing('Written down.'), ...problems('ledger-failing') },
      },
      handler: ({ body, pass }, reply) => {
        ledger.append([{ body: { kind: 'correction', inside: body.inside, by: pass.staff, reason: body.reason } }])
        return reply.code(204).send()
      },
    })
  }
