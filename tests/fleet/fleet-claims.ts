import { X509Certificate } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { UnitId } from '@vigie/contract/ids'
import { openIdentityFolder } from '@vigie/edge-agent/identity/identity-folder'
import { askOffice } from '../fixtures/ask-authority.ts'
import type { FleetCertificates } from './fleet-authority.ts'
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
  const issuers = readFileSync(caFile, 'utf8').match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const isOurs = (pem: string) =>
    issuers.some((issuer) => new X509Certificate(pem).verify(new X509Certificate(issuer).publicKey))
  for (const { id: site, unit } of fleet) {
    const folder = join(places.units, unit, 'identity')
    const held = openIdentityFolder(folder).current()
    if (held !== null && isOurs(held.certificates)) continue
    // Of an authority that was thrown away with its folder.
    rmSync(folder, { recursive: true, force: true })
    const wish = { unit, site, expiresInS: 3_600, by: 'fleet' }
    const { value: claim } = await askOffice(port, caFile, cloud, { method: 'POST', path: '/claims', body: wish })
    openIdentityFolder(folder).putClaim({ unit: unit as UnitId, code: claim.code }) // the document's pattern is the contract's
  }
}
