import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { isUnitId } from '@vigie/contract/ids'
import { RevocationReason } from '@vigie/contract/office'
import Type, { type Static } from 'typebox'
import { answer, problems } from '../http/answers.ts'
import { sendProblem } from '../http/problem.ts'
import { may } from '../people/person.ts'
import type { Store } from '../store/store.ts'
import type { UnitCertificateTable } from '../store/unit-certificates.ts'
import type { AuthorityOffice } from './authority-office.ts'
import type { AuthorityWatch } from './authority-watch.ts'
import type { CertifiedUnit, CertifiedUnits } from './unit-schemas.ts'

type Deps = {
  office: AuthorityOffice
  watch: Pick<AuthorityWatch, 'takeNews'>
  store: Pick<Store, 'unitCertificates'>
  clock: Clock
}

/** Units as the authority knows them, and the way to shut one out. */
export const unitRoutes =
  ({ office, watch, store, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { unitCertificates } = store
    /** Where a unit works, or worked last; undefined: no unit of that name has ever enrolled. */
    const siteOf = async (unit: string) => (isUnitId(unit) ? (await unitCertificates.ofUnit(unit))[0]?.site : undefined)
    const findSite = ({ params }: { params: unknown }) => siteOf((params as { unit: string }).unit) // the addresses have it

    app.route({
      method: 'GET',
      url: '/units',
      config: { action: 'unit.read' },
      schema: {
        operationId: 'listUnits',
        summary: 'Every unit that ever enrolled, with its newest certificate',
        tags: ['units'],
        response: {
          ...answer(200, 'The units of your sites, by name.', 'application/json', Type.Ref('CertifiedUnits')),
          ...problems('sign-in-needed', 'not-allowed', 'not-ready'),
        },
      },
      handler: async ({ person }, reply) => {
        const rows = (await unitCertificates.newestOfEach()).filter(({ site }) => may(person, 'unit.read', site))
        const units = rows.map((row) => unitOf([row], clock.now())).toSorted((a, b) => a.unit.localeCompare(b.unit))
        return reply.send({ units } satisfies Static<typeof CertifiedUnits>)
      },
    })

    app.route({
      method: 'GET',
      url: '/units/:unit',
      config: { action: 'unit.read', findSite },
      schema: {
        operationId: 'readUnit',
        summary: 'One unit with all its certificates',
        tags: ['units'],
        params: Type.Object({ unit: Type.String() }),
        response: {
          ...answer(200, 'The newest certificate first.', 'application/json', Type.Ref('CertifiedUnit')),
          ...problems('sign-in-needed', 'not-allowed', 'out-of-scope', 'unit-unknown', 'not-ready'),
        },
      },
      handler: async ({ params: { unit } }, reply) => {
        const rows = isUnitId(unit) ? await unitCertificates.ofUnit(unit) : []
        return rows.length === 0 ? sendUnknown(reply) : reply.send(unitOf(rows, clock.now()))
      },
    })

    app.route({
      method: 'POST',
      url: '/units/:unit/revocation',
      config: { action: 'unit.revoke', findSite },
      schema: {
        operationId: 'revokeUnit',
        summary: 'Shut a unit out: all its certificates and claims are good no longer',
        description:
          'When this is answered the revocation stands in the list; the broker cuts the unit off within 10 s.',
        tags: ['units'],
        params: Type.Object({ unit: Type.String() }),
        body: Type.Object({ reason: RevocationReason }),
        response: {
          ...answer(200, 'The unit, shut out.', 'application/json', Type.Ref('CertifiedUnit')),
          ...problems('parameters-wrong', 'sign-in-needed', 'not-allowed', 'out-of-scope', 'unit-unknown', 'not-ready'),
        },
      },
      handler: async ({ params: { unit }, body, person }, reply) => {
        if (!isUnitId(unit) || (await siteOf(unit)) === undefined) return sendUnknown(reply)
        await office.revoke({ unit, reason: body.reason, by: person.name })
        // At once: whoever asked sees it, and the intake refuses the unit from now on.
        await watch.takeNews()
        return reply.send(unitOf(await unitCertificates.ofUnit(unit), clock.now()))
      },
    })
  }

const sendUnknown = (reply: Parameters<typeof sendProblem>[0]) =>
  sendProblem(reply, 'unit-unknown', { detail: 'GET /api/v1/units lists all that ever enrolled.' })

const utc = (time: number) => new Date(time).toISOString()

/** @param rows at least one, the newest first */
function unitOf(rows: readonly UnitCertificateTable[], now: number): CertifiedUnit {
  const [newest] = rows
  if (newest === undefined) throw new Error('a unit without a certificate')
  const isLive = rows.some(({ revokedAt, endsAt }) => revokedAt === null && endsAt > now)
  const state = isLive ? 'certified' : rows.every(({ revokedAt }) => revokedAt !== null) ? 'revoked' : 'expired'
  return {
    ...{ unit: newest.unit, site: newest.site, state },
    certificates: rows.map(({ serial, key, issuedAt, startsAt, endsAt, revokedAt, reason }) => ({
      ...{ serial, key, reason, issuedAt: utc(issuedAt), startsAt: utc(startsAt), endsAt: utc(endsAt) },
      revokedAt: revokedAt === null ? null : utc(revokedAt),
    })),
  }
}
