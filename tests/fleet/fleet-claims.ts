import { X509Certificate } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { UnitId } from '@vigie/contract/ids'
import { openIdentityFolder } from '@vigie/edge-agent/identity/identity-folder'
import { askOffice } from '../fixtures/ask-authority.ts'
import { type FleetCertificates, issuedUnder } from './fleet-authority.ts'
import type { FleetPlaces } from './places.ts'

/**
 * Puts a claim, bound to its site, on every box that has no certificate of this authority, as somebody would who prepares
 * them. The agents do the rest: each makes its key, enrols itself and renews what it got.
 */
export async function claimUnits(
  port: number,
  { caFile, cloud }: Pick<FleetCertificates, 'caFile' | 'cloud'>,
  places: FleetPlaces,
  fleet: readonly Pick<SiteDocument, 'id' | 'unit'>[],
): Promise<void> {
  const isOurs = issuedUnder(caFile)
  for (const { id: site, unit } of fleet) {
    const folder = join(places.units, unit, 'identity')
    const held = openIdentityFolder(folder).current()
    if (held !== null && isOurs(new X509Certificate(held.certificates))) continue
    // Of an authority that was thrown away with its folder.
    rmSync(folder, { recursive: true, force: true })
    const wish = { unit, site, expiresInS: 3_600, by: 'fleet' }
    const { value: claim } = await askOffice(port, caFile, cloud, { method: 'POST', path: '/claims', body: wish })
    openIdentityFolder(folder).putClaim({ unit: unit as UnitId, code: claim.code }) // the document's pattern is the contract's
  }
}
