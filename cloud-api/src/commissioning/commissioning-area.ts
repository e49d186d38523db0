import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import { mayPass, type OperatorsFrom } from '../http/operators-door.ts'
import { sendProblem } from '../http/problem.ts'
import { OPERATORS } from '../http/security.ts'
import type { Store } from '../store/store.ts'
import { checkRoutes } from './check-routes.ts'
import type { CheckWatch } from './check-watch.ts'
import { commissioningRoutes } from './commissioning-routes.ts'
import type { ContentFiles } from './content-files.ts'
import { photoRoutes } from './photo-routes.ts'
import type { ReportMaker } from './report/make-report.ts'
import { reportRoutes } from './report/report-routes.ts'

export type CommissioningAreaDeps = {
  store: Pick<Store, 'fleet' | 'commissionings'>
  checks: Pick<CheckWatch, 'begin'>
  files: ContentFiles
  reports: ReportMaker
  clock: Clock
  newName: () => string
}

/** Everything about putting a site into service, under /api/v1. */
export const commissioningArea =
  (deps: CommissioningAreaDeps, { operatorsFrom }: { operatorsFrom: OperatorsFrom }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(OPERATORS)
      if (!mayPass(request, operatorsFrom)) {
        return sendProblem(reply, 'operators-only', { detail: 'Ask from the server itself.' })
      }
    })
    app.register(commissioningRoutes(deps))
    app.register(checkRoutes(deps))
    app.register(photoRoutes(deps))
    app.register(reportRoutes(deps))
  }
