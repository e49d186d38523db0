import type { SiteId } from '@vigie/contract/ids'
import { type Action, mayDo, NEEDS_SECOND_FACTOR, type Role } from './actions.ts'

/** A role, at all sites or at some. */
export type Grant = { role: Role; sites: 'all' | readonly SiteId[] }

/** Who somebody is to Vigie, as far as rights go. */
export type Person = {
  id: string
  /** Unique and for ever: what the audit trail says. */
  name: string
  displayName: string
  grants: readonly Grant[]
}

/**
 * Whether a person may do this at this site; without a site: at any site, so that what is then shown must be only what
 * `sitesOf` names.
 */
export const may = ({ grants }: Pick<Person, 'grants'>, action: Action, site?: string): boolean =>
  grants.some(({ role, sites }) => mayDo(action, role) && (site === undefined || reaches(sites, site)))

/** Where a person may do this. */
export function sitesOf({ grants }: Pick<Person, 'grants'>, action: Action): 'all' | SiteId[] {
  const reach = grants.filter(({ role }) => mayDo(action, role)).map(({ sites }) => sites)
  if (reach.includes('all')) return 'all'
  return [...new Set(reach.flatMap((sites) => [...sites] as SiteId[]))] // 'all' is not among them
}

/** Whether one of the roles asks for a second factor. */
export const needsSecondFactor = ({ grants }: Pick<Person, 'grants'>): boolean =>
  grants.some(({ role }) => NEEDS_SECOND_FACTOR.includes(role))

const reaches = (sites: Grant['sites'], site: string) => sites === 'all' || sites.some((one) => one === site)

/** The rows of a person's roles, made of grants and back. */
export const rowsOfGrants = (grants: readonly Grant[]): { role: Role; site: SiteId | '' }[] =>
  grants.flatMap(({ role, sites }) => (sites === 'all' ? ['' as const] : sites).map((site) => ({ role, site })))

export function grantsOfRows(rows: readonly { role: Role; site: SiteId | '' }[]): Grant[] {
  const grants: { role: Role; sites: 'all' | SiteId[] }[] = []
  for (const { role, site } of rows) {
    const grant = grants.find((one) => one.role === role)
    if (grant === undefined) grants.push({ role, sites: site === '' ? 'all' : [site] })
    else if (site === '') grant.sites = 'all'
    else if (grant.sites !== 'all') grant.sites.push(site)
  }
  return grants
}
