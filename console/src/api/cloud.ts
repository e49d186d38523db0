import { createApiClient, sure } from './client.ts'
import type { Command, CommandWish, PastFrame, Series, Wall } from './schemas.ts'

/** What the watch room asks the cloud. Each call rejects with a Refused when the cloud says no, or when it is not there. */
export type Cloud = {
  wall(signal: AbortSignal): Promise<Wall>
  /** The pictures of one view that are public now, in order of capture: at most a day. */
  lastDay(webcam: string, preset: string, signal: AbortSignal): Promise<PastFrame[]>
  series(site: string, signal: AbortSignal): Promise<Series>
  /** What was asked of a site's unit; the newest first. */
  commands(site: string, signal: AbortSignal): Promise<Command[]>
  askCommand(site: string, wish: CommandWish): Promise<Command>
  approveCommand(site: string, command: string): Promise<Command>
}

export function createCloud(origin: string): Cloud {
  const client = createApiClient(origin)
  return {
    wall: async (signal) => sure(await client.GET('/api/v1/operators/wall', { signal })),
    lastDay: async (webcam, preset, signal) => {
      const options = { params: { path: { webcam }, query: { preset } }, signal }
      return sure(await client.GET('/api/v1/webcams/{webcam}/history', options)).frames
    },
    series: async (site, signal) =>
      sure(await client.GET('/api/v1/operators/sites/{site}/series', { params: { path: { site } }, signal })),
    commands: async (site, signal) =>
      sure(await client.GET('/api/v1/sites/{site}/commands', { params: { path: { site } }, signal })).commands,
    askCommand: async (site, body) =>
      sure(await client.POST('/api/v1/sites/{site}/commands', { params: { path: { site } }, body })),
    approveCommand: async (site, command) => {
      const params = { path: { site, command } }
      return sure(await client.POST('/api/v1/sites/{site}/commands/{command}/approval', { params }))
    },
  }
}
