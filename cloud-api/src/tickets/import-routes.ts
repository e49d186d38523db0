import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import { Fault } from '../faults.ts'
import { answer, problems } from '../http/answers.ts'
import { ParametersWrong } from '../http/parameters.ts'
import { sendProblem } from '../http/problem.ts'
import type { Store } from '../store/store.ts'
import { importForeign } from './import-foreign.ts'
import { museumAt, sendMuseumUnknown } from './museum-at.ts'
import { readCsv } from './read-csv.ts'
import type { SellerWatch } from './seller-watch.ts'

export type ImportRouteDeps = {
  store: Pick<Store, 'ticketOffer' | 'foreignTickets'>
  sellers: Pick<SellerWatch, 'importNow'>
  /** Told when tickets have changed: gates must know at once. */
  onImported(): void
  clock: Clock
}

/** Of a season with 20,000 tickets; a line is some 80 bytes. */
const CSV_MAX_BYTES = 4 * 1024 * 1024
/** Mistakes that a person can mend; the number says how many there are. */
const MISTAKES_TOLD = 50

const ImportResult = Type.Object(
  {
    added: Type.Integer(),
    changed: Type.Integer(),
    unchanged: Type.Integer(),
    wrong: Type.Integer({ description: 'Lines that could not be taken.' }),
    mistakes: Type.Array(
      Type.Object({
        line: Type.Integer(),
        why: Type.Enum(['no-barcode', 'type-unknown', 'no-date', 'status-unknown']),
      }),
      { description: `The first ${MISTAKES_TOLD} of them.` },
    ),
  },
  { $id: 'ImportResult' },
)

const MuseumSeller = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    hasApi: Type.Boolean({ description: 'Else its tickets come as a file.' }),
    tickets: Type.Integer(),
    entered: Type.Integer(),
    untold: Type.Integer({ description: 'Of those who came in, whom the seller has not heard of.' }),
  },
  { $id: 'MuseumSeller' },
)

export const IMPORT_SCHEMAS = [ImportResult, MuseumSeller]

const SITE = Type.Object({ site: Type.String() })

/** Tickets that somebody else sold for a museum. */
export const importRoutes =
  ({ store, sellers, onImported, clock }: ImportRouteDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    async function sellerAt(site: string, id: string) {
      const museum = await museumAt(store, site)
      const seller = museum?.sellers?.find((one) => one.id === id)
      return museum && seller && { museum, seller }
    }

    app.route({
      method: 'GET',
      url: '/museums/:site/sellers',
      config: { action: 'ticket.read', site: 'site' },
      schema: {
        operationId: 'listSellers',
        summary: 'Who else sells for a museum, and how many of their tickets are known',
        tags: ['tickets'],
        params: SITE,
        response: {
          ...answer(
            200,
            'Every seller.',
            'application/json',
            Type.Object({ sellers: Type.Array(Type.Ref('MuseumSeller')) }),
          ),
          ...problems('museum-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const museum = await museumAt(store, request.params.site)
        if (museum === undefined) return sendMuseumUnknown(reply)
        const counts = await store.foreignTickets.counts(museum.site)
        const told = (museum.sellers ?? []).map(({ id, name, api }): Static<typeof MuseumSeller> => {
          const { tickets = 0, entered = 0, untold = 0 } = counts.find(({ seller }) => seller === id) ?? {}
          return { id, name, hasApi: api !== undefined, tickets, entered, untold }
        })
        return reply.send({ sellers: told })
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/imports',
      config: { action: 'ticket.import', site: 'site' },
      bodyLimit: CSV_MAX_BYTES,
      schema: {
        operationId: 'importTickets',
        summary: 'Takes a file of another seller over',
        description:
          'Lines with the columns barcode, ticket and date, and where there are time, status and reference; of other columns ' +
          'nothing is kept. Imported again, nothing doubles; a refund becomes a revocation.',
        tags: ['tickets'],
        params: SITE,
        body: Type.Object({ seller: Type.String(), csv: Type.String({ minLength: 1 }) }),
        response: {
          ...answer(200, 'What was taken.', 'application/json', Type.Ref('ImportResult')),
          ...problems('parameters-wrong', 'seller-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const at = await sellerAt(request.params.site, request.body.seller)
        if (at === undefined) return sendSellerUnknown(reply)
        const read = readCsv(request.body.csv)
        if (!read.ok)
          throw new ParametersWrong([{ place: 'csv', message: `has no column for ${read.missing.join(', ')}` }])
        const from = { site: at.museum.site, seller: at.seller, types: await store.ticketOffer.types() }
        const by = { who: request.person.name, at: clock.now() }
        const result = await importForeign(store, from, read.sold, by)
        if (result.added + result.changed > 0) onImported()
        const mistakes = [...read.mistakes, ...result.mistakes].sort((one, other) => one.line - other.line)
        return reply.send({ ...result, wrong: mistakes.length, mistakes: mistakes.slice(0, MISTAKES_TOLD) })
      },
    })

    app.route({
      method: 'POST',
      url: '/museums/:site/sellers/:seller/import',
      config: { action: 'ticket.import', site: 'site' },
      schema: {
        operationId: 'askSeller',
        summary: 'Asks another seller for its tickets now; it is asked every ten minutes anyway',
        tags: ['tickets'],
        params: Type.Object({ site: Type.String(), seller: Type.String() }),
        response: {
          ...answer(200, 'What was taken.', 'application/json', Type.Ref('ImportResult')),
          ...problems('seller-unknown', 'seller-unreachable', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const at = await sellerAt(request.params.site, request.params.seller)
        if (at === undefined) return sendSellerUnknown(reply)
        try {
          const result = await sellers.importNow(at.museum, at.seller, request.person.name)
          if (result === null) return sendSellerUnknown(reply)
          const { mistakes } = result
          return reply.send({ ...result, wrong: mistakes.length, mistakes: mistakes.slice(0, MISTAKES_TOLD) })
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'seller-unreachable') throw error
          return sendProblem(reply, 'seller-unreachable', { detail: 'Try again, or import a file.', retryAfterS: 60 })
        }
      },
    })
  }

const sendSellerUnknown = (reply: FastifyReply) =>
  sendProblem(reply, 'seller-unknown', { detail: 'GET …/sellers lists them; one without an API sends files.' })
