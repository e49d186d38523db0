import { createApiClient, sure } from './client.ts'
import type { components } from './generated/openapi.ts'

export type AuditLine = components['schemas']['AuditLine']
export type AuditSearch = { who?: string; action?: string; site?: string; from?: string; to?: string; before?: number }
export type AuditPage = { rows: AuditLine[]; next: number | null }

/** The trail of what people changed. */
export type AuditApi = { search(query: AuditSearch): Promise<AuditPage> }

export function createAuditApi(origin: string): AuditApi {
  const client = createApiClient(origin)
  return { search: async (query) => sure(await client.GET('/api/v1/audit', { params: { query } })) }
}
