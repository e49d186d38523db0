import { createApiClient, done, sure } from './client.ts'
import { Refused } from './refused.ts'
import type { AuditLine, CertifiedUnit, Claim, Command, FleetUnits, RevocationReason, TestTicket } from './schemas.ts'

export type ReplacementWish = { reason: string; oldUnitEnds: 'at-once' | 'when-new-runs' }
/** The code with which the new box enrols; it is told once. */
export type NewBoxClaim = { code: string; words: string; expiresAt: string }

/** What the pages of the fleet ask the cloud. Each call rejects with a Refused. */
export type FleetApi = {
  units(signal: AbortSignal): Promise<FleetUnits>
  /** With all its certificates, the newest first; null: it never enrolled at the authority. */
  certified(unit: string, signal: AbortSignal): Promise<CertifiedUnit | null>
  claims(signal: AbortSignal): Promise<Claim[]>
  withdraw(claim: string): Promise<void>
  revoke(unit: string, reason: RevocationReason): Promise<void>
  /** Null: there is no claim yet, since the authority is away. */
  replace(site: string, wish: ReplacementWish): Promise<NewBoxClaim | null>
  commands(site: string, signal: AbortSignal): Promise<Command[]>
  /** A ticket to try a lane of a museum with; it lets nobody in. */
  makeTestTicket(site: string): Promise<TestTicket>
  /** What the authority refused last, and what of it was seen by somebody; the newest first. */
  refused(signal: AbortSignal): Promise<AuditLine[]>
  /** Says that an alarm was seen, by the number of its newest row. */
  seen(row: number): Promise<void>
}

export function createFleetApi(origin: string): FleetApi {
  const client = createApiClient(origin)
  const ofUnit = (unit: string) => ({ params: { path: { unit } } })
  return {
    units: async (signal) => sure(await client.GET('/api/v1/operators/units', { signal })),
    certified: async (unit, signal) => {
      try {
        return sure(await client.GET('/api/v1/units/{unit}', { ...ofUnit(unit), signal }))
      } catch (problem) {
        if (problem instanceof Refused && problem.status === 404) return null
        throw problem
      }
    },
    claims: async (signal) => sure(await client.GET('/api/v1/claims', { signal })).claims,
    withdraw: async (id) => done(await client.DELETE('/api/v1/claims/{id}', { params: { path: { id } } })),
    revoke: async (unit, reason) =>
      done(await client.POST('/api/v1/units/{unit}/revocation', { ...ofUnit(unit), body: { reason } })),
    replace: async (site, body) =>
      sure(await client.POST('/api/v1/sites/{site}/replacement', { params: { path: { site } }, body })).claim,
    commands: async (site, signal) =>
      sure(await client.GET('/api/v1/sites/{site}/commands', { params: { path: { site } }, signal })).commands,
    makeTestTicket: async (site) =>
      sure(await client.POST('/api/v1/museums/{site}/test-tickets', { params: { path: { site } } })),
    refused: async (signal) =>
      sure(await client.GET('/api/v1/audit', { params: { query: { action: 'unit.refus' } }, signal })).rows,
    seen: async (row) => done(await client.POST('/api/v1/audit/{row}/seen', { params: { path: { row } } })),
  }
}

/** A test ticket on a page; the browser opens it, and prints it. */
export const testPdfOf = (site: string, ticket: string, format: 'a4' | 'phone'): string =>
  `/api/v1/museums/${encodeURIComponent(site)}/test-tickets/${encodeURIComponent(ticket)}/ticket.pdf?format=${format}`
