import { X509Certificate } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import { type ListRefusal, nameText, type RevocationList, readRevocationLists, serialOf } from './revocation-list.ts'

/** By what a certificate is found in a list: its issuer, as `nameText` writes it, and its serial number. */
export type CertificateName = { issuer: string; serialNumber: string }

/** Of a certificate as a TLS socket gives it. Asking for it as X509Certificate costs three times as much. */
export const nameOfCertificate = ({ issuer, serialNumber }: PeerCertificate): CertificateName => ({
  issuer: nameText(issuer),
  serialNumber,
})

export type ListRefused = ListRefusal | 'older-than-known'

export type Taken = { ok: true; isNews: boolean; revoked: number; dueMs: number } | { ok: false; reason: ListRefused }

/** What is revoked, by the newest list of each authority. A list that fails leaves those before it in force. */
export type Revocations = {
  isRevoked(certificate: CertificateName): boolean
  /** Takes the lists that stand in `bytes`, all or none. `isNews`: somebody may be revoked who was not. */
  take(bytes: Uint8Array): Promise<Taken>
  /** From now on these authorities sign the lists, in PEM. What was revoked stays so. */
  changeAuthorities(ca: string): void
}

export function createRevocations(ca: string): Revocations {
  let authorities = certificatesIn(ca)
  const known = new Map<string, RevocationList>()

  return {
    isRevoked({ issuer, serialNumber }) {
      if (known.size === 0) return false
      const serial = serialOf(serialNumber)
      return [...known.values()].some((list) => list.issuer === issuer && list.serials.has(serial))
    },

    async take(bytes) {
      const judged = await readRevocationLists(bytes, authorities)
      if (!judged.ok) return judged
      const before = (list: RevocationList) => known.get(list.authority)
      // Who stands between us and the authority may have kept one from before a unit was stolen.
      if (judged.lists.some((list) => list.number < (before(list)?.number ?? -1n))) {
        return { ok: false, reason: 'older-than-known' }
      }
      const isNews = judged.lists.some((list) => list.number !== before(list)?.number)
      for (const list of judged.lists) known.set(list.authority, list)
      const all = [...known.values()]
      const revoked = all.reduce((sum, { serials }) => sum + serials.size, 0)
      return { ok: true, isNews, revoked, dueMs: Math.min(...all.map(({ dueMs }) => dueMs)) }
    },

    changeAuthorities(pem) {
      authorities = certificatesIn(pem)
    },
  }
}

function certificatesIn(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  return found.map((one) => new X509Certificate(one))
}
