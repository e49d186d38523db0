import type { Claim, FleetUnit } from '../../api/schemas.ts'

/** The claims made for a unit by its name, and those of its site that wait for any. */
export const claimsOf = (claims: readonly Claim[], { unit, site }: Pick<FleetUnit, 'unit' | 'site'>): Claim[] =>
  claims.filter(
    (claim) => claim.unit === unit || (claim.unit === null && claim.site === site && claim.state === 'bound'),
  )
