import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readFleet } from '@vigie/config-schema/documents'
import { openTrialCloud, siteDocument } from '../http/trial-cloud.fixture.ts'
import type { Role } from '../people/actions.ts'
import { readOffer } from './read-offer.ts'

const root = new URL('../../../firmware-config/', import.meta.url)
export const OFFER = readOffer(readFileSync(new URL('offer.json', root), 'utf8'))
export const SALAGON = '/api/v1/museums/musee-salagon'
export const PREHISTOIRE = '/api/v1/museums/musee-prehistoire'

export type TrialMuseum = Awaited<ReturnType<typeof openTrialMuseum>>

/** Of the second museum alone: of the first, nobody has written down where its gateway is. */
export const GATEWAY_PAGE = 'https://gateway.prehistoire.example:8443'

/** A cloud with both museums, at noon on Sunday 22 November 2026. */
export async function openTrialMuseum(options: { withoutVault?: true; consoleFolder?: string } = {}) {
  const gateway = { url: 'mqtts://gateway.prehistoire.example:8883', page: GATEWAY_PAGE }
  const museums = readFleet(fileURLToPath(new URL('museums', root))).map((museum) =>
    museum.id === 'musee-prehistoire' ? { ...museum, gateway } : museum,
  )
  const vault = options.withoutVault === true ? { vault: null } : {}
  const http = options.consoleFolder === undefined ? {} : { http: { consoleFolder: options.consoleFolder } }
  const cloud = await openTrialCloud({ sites: [siteDocument(), ...museums], ...vault, ...http })
  await cloud.store.ticketOffer.seed(OFFER)
  let nonce = 0
  const ask = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>, payload?: object) => {
    const answer = await cloud.http.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
    const isJson = String(answer.headers['content-type']).includes('json')
    return { status: answer.statusCode, body: isJson ? answer.json() : null, bytes: answer.rawPayload }
  }
  return {
    ...cloud,
    /** Gate staff of one museum, signed in, and what they ask. */
    desk: async (role: Role = 'gate-staff', sites: 'all' | string[] = ['musee-salagon']) => {
      const headers = await cloud.signIn(role, sites)
      return {
        get: (url: string) => ask('GET', url, headers),
        post: (url: string, payload: object) => ask('POST', url, headers, payload),
        /** One full ticket, unless something else is wished. */
        sell: (wish: object = {}, at = SALAGON) => {
          nonce += 1
          const one = { nonce: `sale-${nonce}-of-test`, type: 1, count: 1, payment: 'card' }
          return ask('POST', `${at}/orders`, headers, { ...one, ...wish })
        },
      }
    },
  }
}
