import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { FEED_PAGE_MAX_ENTRIES } from '@vigie/contract/bounds'
import { FeedEntry } from '@vigie/contract/gate/feed'
import { Row } from '@vigie/contract/gate/row'
import Type from 'typebox'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { Lists } from '../lists.ts'
import { problems } from './answers.ts'
import { Refusal } from './problem.ts'

type Deps = { ledger: Pick<MuseumLedger, 'after' | 'lastPosition'>; lists: Lists }

/** Some 300 kB of rows: a second on the WLAN of a museum. */
const ROWS_MAX = 500

const json = (description: string, schema: Type.TSchema) => ({
  200: { description, content: { 'application/json': { schema } } },
})
const after = Type.Object({
  after: Type.Integer({ minimum: 0, default: 0, description: 'What the phone has already.' }),
})

/** What a phone keeps to decide by itself when the gateway is out of its reach. Signed things stay signed. */
export const listRoutes =
  ({ ledger, lists }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/catalogue',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'readCatalogue',
        summary: 'The catalogue, as the cloud signed it',
        tags: ['list'],
        response: {
          ...json('A compact JWS.', Type.Object({ version: Type.Integer(), jws: Type.String() })),
          ...problems('no-catalogue'),
        },
      },
      handler: (_request, reply) => {
        const [catalogue, jws] = [lists.catalogue(), lists.signedCatalogue()]
        if (catalogue === null || jws === null) throw new Refusal('no-catalogue', 'It comes with the first connection.')
        return reply.send({ version: catalogue.version, jws })
      },
    })

    app.route({
      method: 'GET',
      url: '/feed',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'readFeed',
        summary: 'How single tickets stand, after a number',
        description: `At most ${FEED_PAGE_MAX_ENTRIES} entries; \`upTo\` is what to ask after next, until it is \`newest\`.`,
        tags: ['list'],
        querystring: after,
        response: {
          ...json(
            'Entries in the order of their numbers.',
            Type.Object({ upTo: Type.Integer(), newest: Type.Integer(), entries: Type.Array(FeedEntry) }),
          ),
          ...problems(),
        },
      },
      handler: ({ query }, reply) => {
        const entries = lists.entriesAfter(query.after, FEED_PAGE_MAX_ENTRIES)
        const newest = lists.mark()
        const upTo = entries.length < FEED_PAGE_MAX_ENTRIES ? newest : (entries.at(-1)?.n ?? newest)
        return reply.send({ upTo, newest, entries })
      },
    })

    app.route({
      method: 'GET',
      url: '/rows',
      config: { access: 'gate-staff' },
      schema: {
        operationId: 'readRows',
        summary: 'Rows of the ledger, after a position',
        description: `At most ${ROWS_MAX}, in the order in which they came here; \`position\` is what to ask after next.`,
        tags: ['list'],
        querystring: after,
        response: {
          ...json('Rows of all lanes and phones.', Type.Object({ position: Type.Integer(), rows: Type.Array(Row) })),
          ...problems(),
        },
      },
      handler: ({ query }, reply) => {
        // Who knows of more than there is knew another ledger, which was lost: it is told all of this one.
        const from = query.after > ledger.lastPosition() ? 0 : query.after
        const rows = ledger.after(from, null, ROWS_MAX)
        return reply.send({ position: rows.at(-1)?.position ?? from, rows: rows.map(({ row }) => row) })
      },
    })
  }
