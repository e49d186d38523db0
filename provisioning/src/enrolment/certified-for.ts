// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import type { X509Certificate as NodeCertificate } from 'node:crypto'
import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509'
import type { Leaf } from '../authority/certificate.ts'

/** What a certificate is good for, and by which names: what its successor is good for too, and nothing else. */
export type CertifiedFor = { purpose: 'client' | 'server' } & Required<Pick<Leaf, 'dnsNames' | 'addresses'>>

const SERVER = '1.3.6.1.5.5.7.3.1'

/** Reads it from a certificate of a unit, or of a gateway's doors. */
export function certifiedFor({ keyUsage, raw }: Pick<NodeCertificate, 'keyUsage' | 'raw'>): CertifiedFor {
  const names =
    new X509Certificate(Uint8Array.from(raw)).getExtension(SubjectAlternativeNameExtension)?.names.items ?? []
  const of = (wanted: string) => names.filter(({ type }) => type === wanted).map(({ value }) => value)
  return {
    purpose: keyUsage.includes(SERVER) ? 'server' : 'client',
    dnsNames: of('dns'),
    addresses: of('ip'),
  }
}
