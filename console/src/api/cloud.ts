import createClient from 'openapi-fetch'
import type { paths } from './generated/openapi.ts'
import type { PastFrame, Series, Wall } from './schemas.ts'

/** What the watch room asks the cloud. Each call rejects with a Refused when the cloud says no, or when it is not there. */
export type Cloud = {
  wall(signal: AbortSignal): Promise<Wall>
  /** The pictures of one view that are public now, in order of capture: at most a day. */
  lastDay(webcam: string, preset: string, signal: AbortSignal): Promise<PastFrame[]>
  series(site: string, signal: AbortSignal): Promise<Series>
}

/** The cloud answered, and not with what was asked for. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, detail?: string) {
    super(detail ?? `status ${status}`)
    this.name = 'Refused'
    this.status = status
  }
}

export function createCloud(origin: string): Cloud {
  const client = createClient<paths>({ baseUrl: origin })
  return {
    wall: async (signal) => sure(await client.GET('/api/v1/operators/wall', { signal })),
    lastDay: async (webcam, preset, signal) => {
      const options = { params: { path: { webcam }, query: { preset } }, signal }
      return sure(await client.GET('/api/v1/webcams/{webcam}/history', options)).frames
    },
    series: async (site, signal) =>
      sure(await client.GET('/api/v1/operators/sites/{site}/series', { params: { path: { site } }, signal })),
  }
}

type Answer<Data> = { data?: Data; error?: unknown; response: Response }

function sure<Data>({ data, error, response }: Answer<Data>): Data {
  if (data === undefined) throw new Refused(response.status, detailOf(error))
  return data
}

const detailOf = (error: unknown) =>
  typeof error === 'object' && error !== null && 'detail' in error ? String(error.detail) : undefined
