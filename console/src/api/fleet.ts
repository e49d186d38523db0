import { createApiClient, sure } from './client.ts'
import type { FleetUnits } from './schemas.ts'

/** What the page of the fleet asks the cloud. Each call rejects with a Refused. */
export type FleetApi = {
  units(signal: AbortSignal): Promise<FleetUnits>
}

export function createFleetApi(origin: string): FleetApi {
  const client = createApiClient(origin)
  return {
    units: async (signal) => sure(await client.GET('/api/v1/operators/units', { signal })),
  }
}
