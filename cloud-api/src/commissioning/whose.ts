import type { FastifyRequest } from 'fastify'
import type { Store } from '../store/store.ts'

/** What a route does that names a commissioning in its path: the right to it is that at its site. */
export const atItsSite = (commissionings: Pick<Store['commissionings'], 'of'>) => ({
  action: 'site.commission' as const,
  findSite: async ({ params }: FastifyRequest) =>
    (await commissionings.of((params as { commissioning: string }).commissioning))?.site, // the path's only name of one
})
