import { isSiteId, type SiteId } from '@vigie/contract/ids'
import type { FastifyReply } from 'fastify'
import { sendProblem } from '../http/problem.ts'
import type { Store } from '../store/store.ts'
import type { OfferedMuseum } from './offer.ts'

/** The museum that an address names; undefined: there is none that sells. */
export const museumAt = async (
  { ticketOffer }: Pick<Store, 'ticketOffer'>,
  site: string,
): Promise<(OfferedMuseum & { site: SiteId }) | undefined> => (isSiteId(site) ? ticketOffer.museum(site) : undefined)

export const sendMuseumUnknown = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, 'museum-unknown', { detail: 'GET /api/v1/museums lists all that sell tickets.' })
