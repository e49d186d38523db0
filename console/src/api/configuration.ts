import { createApiClient, sure } from './client.ts'
import type { components } from './generated/openapi.ts'

type Schemas = components['schemas']
export type SiteConfiguration = Schemas['SiteConfiguration']
export type ConfigurationVersion = Schemas['ConfigurationVersion']
export type VersionSummary = Schemas['ConfigurationVersionSummary']
export type Difference = Schemas['ConfigurationDifference']
export type Documents = Schemas['ConfigurationDocuments']
export type PlannedSite = Schemas['PlannedSite']

/** What each site should be. Each call rejects with a Refused. */
export type ConfigurationApi = {
  sites(): Promise<PlannedSite[]>
  read(site: string): Promise<SiteConfiguration>
  versions(site: string): Promise<VersionSummary[]>
  version(site: string, version: number): Promise<ConfigurationVersion>
  change(site: string, change: { basedOn: number; note: string; documents: Documents }): Promise<unknown>
  restore(site: string, restoration: { version: number; basedOn: number; note: string }): Promise<unknown>
  tryAgain(site: string): Promise<unknown>
}

export function createConfigurationApi(origin: string): ConfigurationApi {
  const client = createApiClient(origin)
  const at = (site: string) => ({ params: { path: { site } } })
  return {
    sites: async () => sure(await client.GET('/api/v1/operators/sites')).sites,
    // The client's types forget that a corner has two numbers.
    read: async (site) =>
      sure(await client.GET('/api/v1/sites/{site}/configuration', at(site))) as unknown as SiteConfiguration,
    versions: async (site) => sure(await client.GET('/api/v1/sites/{site}/configuration/versions', at(site))).versions,
    version: async (site, version) => {
      const path = { params: { path: { site, version } } }
      // As above.
      return sure(
        await client.GET('/api/v1/sites/{site}/configuration/versions/{version}', path),
      ) as unknown as ConfigurationVersion
    },
    change: async (site, body) => sure(await client.POST('/api/v1/sites/{site}/configuration', { ...at(site), body })),
    restore: async (site, body) =>
      sure(await client.POST('/api/v1/sites/{site}/configuration/restoration', { ...at(site), body })),
    tryAgain: async (site) => sure(await client.POST('/api/v1/sites/{site}/configuration/attempt', at(site))),
  }
}
