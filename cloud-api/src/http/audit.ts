import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { isSiteId } from '@vigie/contract/ids'
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import { asCsv, asJsonLines, rowsInOrder } from '../audit/export.ts'
import { sitesOf } from '../people/person.ts'
import type { AuditRow } from '../store/audit.ts'
import type { Store } from '../store/store.ts'
import { answer, problems } from './answers.ts'
import { Time } from './people-schemas.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const AuditLine = Type.Object(
  {
    seq: Type.Integer(),
    at: Time,
    who: Type.String(),
    action: Type.String({ description: 'Noun and verb: unit.revoked.' }),
    what: Type.String(),
    site: TextOrNull,
    before: Type.Unknown(),
    after: Type.Unknown(),
    reason: TextOrNull,
    hash: Type.String(),
  },
  { $id: 'AuditLine', description: 'One row of the trail. Its hash covers the row before and everything in it.' },
)
type AuditLine = Static<typeof AuditLine>

/** Some screens of them; older ones are asked for with `before`. */
const LISTED = 100

/** The trail of what people changed: read, searched, taken away. Who has the right at some sites sees these alone. */
export const auditRoutes =
  ({ store: { audit } }: { store: Pick<Store, 'audit'> }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/audit',
      config: { action: 'audit.read' },
      schema: {
        operationId: 'searchAudit',
        summary: 'The trail, the newest first',
        tags: ['people'],
        querystring: Type.Object({
          who: Type.Optional(Type.String({ maxLength: 64 })),
          action: Type.Optional(Type.String({ maxLength: 64, description: 'Its beginning: `unit`.' })),
          site: Type.Optional(Type.String({ maxLength: 64 })),
          from: Type.Optional(Time),
          to: Type.Optional(Time),
          before: Type.Optional(Type.Integer({ minimum: 1, description: 'Rows older than this one.' })),
        }),
        response: {
          ...answer(
            200,
            `At most ${LISTED} rows.`,
            'application/json',
            Type.Object({
              rows: Type.Array(Type.Ref('AuditLine')),
              next: Type.Union([Type.Integer(), Type.Null()], {
                description: 'For `before`; null: there are no more.',
              }),
            }),
          ),
          ...problems('parameters-wrong', 'sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { who, action, site, from, to, before } = request.query
        const reach = sitesOf(request.person, 'audit.read')
        const rows = await audit.search({
          ...{ who, action, before, limit: LISTED },
          // What is no id of a site is at no site.
          site: site === undefined || isSiteId(site) ? site : undefined,
          sites: site !== undefined && !isSiteId(site) ? [] : reach === 'all' ? undefined : reach,
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
        })
        return reply.send({ rows: rows.map(lineOf), next: rows.length === LISTED ? (rows.at(-1)?.seq ?? null) : null })
      },
    })

    app.route({
      method: 'GET',
      url: '/audit/export',
      config: { action: 'audit.read' },
      schema: {
        operationId: 'exportAudit',
        summary: 'The whole trail as a file, the oldest first',
        description: '`jsonl` holds the texts as they were hashed: the chain can be checked from it.',
        tags: ['people'],
        querystring: Type.Object({ format: Type.Optional(Type.Enum(['jsonl', 'csv'])) }),
        response: {
          ...answer(200, 'One row a line.', 'application/jsonl', Type.String()),
          ...problems('parameters-wrong', 'sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const rows = rowsInOrder(audit, mayBeSeenBy(request))
        const isCsv = request.query.format === 'csv'
        reply.header('content-disposition', `attachment; filename="journal-vigie.${isCsv ? 'csv' : 'jsonl'}"`)
        reply.type(isCsv ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
        return reply.send(Readable.from(isCsv ? asCsv(rows) : asJsonLines(rows)) as never) // bytes, whatever the schema says
      },
    })
  }

function mayBeSeenBy({ person }: FastifyRequest): (row: AuditRow) => boolean {
  const reach = sitesOf(person, 'audit.read')
  return ({ site }) => reach === 'all' || reach.some((one) => one === site)
}

const lineOf = ({ at, before, after, ...row }: AuditRow): AuditLine => ({
  ...row,
  at: new Date(at).toISOString(),
  before: before === null ? null : JSON.parse(before),
  after: after === null ? null : JSON.parse(after),
})
