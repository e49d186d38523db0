import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './generated/openapi.ts'
import { Refused } from './refused.ts'

export type ApiClient = Client<paths>

/** The client of the API. The header is what the cloud asks of everything that changes something: a form has none. */
export const createApiClient = (origin: string): ApiClient =>
  createClient<paths>({ baseUrl: origin, headers: { 'x-vigie-client': 'console' } })

type Answer<Data> = { data?: Data; error?: unknown; response: Response }

/** What was asked for, or a Refused. */
export function sure<Data>({ data, error, response }: Answer<Data>): Data {
  if (data === undefined) throw refusedBy(response, error)
  return data
}

/** For answers without a body. */
export function done({ error, response }: Answer<unknown>): void {
  if (!response.ok) throw refusedBy(response, error)
}

function refusedBy(response: Response, error: unknown): Refused {
  const members = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {} // any JSON object
  const { detail } = members
  const retryAfterS = Number(response.headers.get('retry-after')) || null
  return new Refused(response.status, typeof detail === 'string' ? detail : undefined, { ...members, retryAfterS })
}
