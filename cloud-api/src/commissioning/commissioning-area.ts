import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { Store } from '../store/store.ts'
import type { AuthorityOffice } from '../units/authority-office.ts'
import { checkRoutes } from './check-routes.ts'
import type { CheckWatch } from './check-watch.ts'
import { commissioningRoutes } from './commissioning-routes.ts'
import type { ContentFiles } from './content-files.ts'
import { photoRoutes } from './photo-routes.ts'
import { replacementRoutes } from './replacement-routes.ts'
import type { ReportMaker } from './report/make-report.ts'
import { reportRoutes } from './report/report-routes.ts'
import { rescueRoutes } from './rescue/rescue-routes.ts'
import type { RescueDeps } from './rescue/take-rescued.ts'

export type CommissioningAreaDeps = {
  store: Store
  checks: Pick<CheckWatch, 'begin'>
  files: ContentFiles
  reports: ReportMaker
  office: AuthorityOffice
  rescue: Pick<RescueDeps, 'series' | 'pictures' | 'isTimeCertain' | 'onChange'>
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
    app.register(replacementRoutes(deps))
    app.register(rescueRoutes({ ...deps.rescue, store: deps.store, clock: deps.clock }))
  }
