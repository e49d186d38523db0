import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
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
  (deps: CommissioningAreaDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.register(commissioningRoutes(deps))
    app.register(checkRoutes(deps))
    app.register(photoRoutes(deps))
    app.register(reportRoutes(deps))
  }
