import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { Store } from '../store/store.ts'
import type { AuthorityOffice } from './authority-office.ts'
import type { AuthorityWatch } from './authority-watch.ts'
import { claimRoutes } from './claim-routes.ts'
import { unitRoutes } from './unit-routes.ts'

export type UnitsAreaDeps = {
  office: AuthorityOffice
  /** What is taken in from the authority. */
  watch: Pick<AuthorityWatch, 'takeNews'>
  store: Pick<Store, 'unitCertificates'>
  clock: Clock
}

/** Everything about the certificates of units and the claims for them, under /api/v1. */
export const unitsArea =
  (deps: UnitsAreaDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.register(claimRoutes(deps))
    app.register(unitRoutes(deps))
  }
