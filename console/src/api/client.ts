import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './generated/openapi.ts'

export type ApiClient = Client<paths>

/** The cloud answered, and not with what was asked for. */
export class Refused extends Error {
  readonly status: number
  /** The name of the problem, as in `urn:vigie:problem:<name>`; empty when it was none of the cloud's own. */
  readonly problem: string
  readonly retryAfterS: number | null
  /** What the problem says beyond its name. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(response: Response, error: unknown) {
    const members = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {} // any JSON object
    const { detail, type } = members
    super(typeof detail === 'string' ? detail : `status ${response.status}`)
    this.name = 'Refused'
    this.status = response.status
    this.problem = typeof type === 'string' ? type.replace('urn:vigie:problem:', '') : ''
    this.retryAfterS = Number(response.headers.get('retry-after')) || null
    this.members = members
  }
}

/** The client of the API. The header is what the cloud asks of everything that changes something: a form has none. */
export const createApiClient = (origin: string): ApiClient =>
  createClient<paths>({ baseUrl: origin, headers: { 'x-vigie-client': 'console' } })

type Answer<Data> = { data?: Data; error?: unknown; response: Response }

/** What was asked for, or a Refused. */
export function sure<Data>({ data, error, response }: Answer<Data>): Data {
  if (data === undefined) throw new Refused(response, error)
  return data
}

/** For answers without a body. */
export function done({ error, response }: Answer<unknown>): void {
  if (!response.ok) throw new Refused(response, error)
}
