import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { answer, answerBytes, problems } from '../../http/answers.ts'
import { sendProblem, sendSiteUnknown } from '../../http/problem.ts'
import type { Store } from '../../store/store.ts'
import { COMMISSIONING_PATH, sendUnknown } from '../commissioning-routes.ts'
import type { ContentFiles } from '../content-files.ts'
import { reportTold } from '../told.ts'
import { atItsSite } from '../whose.ts'
import type { ReportMaker } from './make-report.ts'

type Deps = { store: Pick<Store, 'commissionings' | 'audit'>; files: ContentFiles; reports: ReportMaker }

/** The report: made, which ends the commissioning, and read as PDF. */
export const reportRoutes =
  ({ store: { commissionings, audit }, files, reports }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'POST',
      url: '/commissionings/:commissioning/report',
      config: atItsSite(commissionings),
      schema: {
        operationId: 'makeReport',
        summary: 'Makes the signed report, and ends the commissioning',
        description:
          'What has not passed stands in it as a reserve. While a check runs, none is made. Asked for again, the ' +
          'report that stands is the answer.',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        response: {
          ...answer(200, 'It stood already.', 'application/json', Type.Ref('CommissioningReport')),
          ...answer(201, 'Made.', 'application/json', Type.Ref('CommissioningReport')),
          ...problems('commissioning-unknown', 'site-unknown', 'checks-run', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id } = request.params
        const commissioning = await commissionings.of(id)
        if (commissioning === undefined) return sendUnknown(reply)
        const last = (await commissionings.reports(id)).at(-1)
        if (last !== undefined && commissioning.finishedAt !== null) return reply.send(reportTold(last))
        const running = (await commissionings.checks(id)).filter(({ state }) => state === 'running')
        if (running.length > 0) {
          const checks = running.map(({ name }) => name)
          return sendProblem(reply, 'checks-run', { detail: 'Wait for the checks that run.', members: { checks } })
        }
        const report = await reports.make(commissioning, request.person)
        if (report === null) return sendSiteUnknown(reply)
        const { site, madeAt: at, madeBy: who, sha256 } = report
        await audit.append({ at, who, action: 'commissioning.reported', what: id, site, after: { sha256 } })
        return reply.code(201).send(reportTold(report))
      },
    })

    app.route({
      method: 'GET',
      url: '/commissionings/:commissioning/report.pdf',
      config: atItsSite(commissionings),
      schema: {
        operationId: 'readReport',
        summary: 'A report as PDF; the newest, unless a number says which',
        tags: ['operators'],
        params: COMMISSIONING_PATH,
        querystring: Type.Object({ number: Type.Optional(Type.Integer({ minimum: 1 })) }),
        response: {
          ...answerBytes(200, 'The report.', 'application/pdf'),
          ...problems('parameters-wrong', 'commissioning-unknown', 'report-unknown', 'not-ready'),
        },
      },
      handler: async (request, reply) => {
        const { commissioning: id } = request.params
        const commissioning = await commissionings.of(id)
        if (commissioning === undefined) return sendUnknown(reply)
        const all = await commissionings.reports(id)
        const { number } = request.query
        const report = number === undefined ? all.at(-1) : all.find((one) => one.number === number)
        const pdf = report === undefined ? null : await files.read(report.sha256, 'pdf')
        if (report === undefined || pdf === null) {
          return sendProblem(reply, 'report-unknown', { detail: 'POST to …/report makes one.' })
        }
        const name = `vigie-${commissioning.site}-pv-${report.number}.pdf`
        return reply.type('application/pdf').header('content-disposition', `inline; filename="${name}"`).send(pdf)
      },
    })
  }
