// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import { createPublicKey, type KeyObject } from 'node:crypto'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { keyIdOf } from '@vigie/contract/frame'
import type { AuthorityRefusal } from '@vigie/contract/office'

/** What a unit asks to have certified. A name that stands twice is in neither field's single value. */
export type SigningRequest = { publicKey: KeyObject; key: string; units: string[]; sites: string[] }

export type ReadRequest = { ok: true; value: SigningRequest } | { ok: false; refusal: AuthorityRefusal }

/** A P-256 request is about 400 bytes of base64; attributes of odd clients make it 2 KiB. */
export const REQUEST_MAX_BYTES = 8 * 1024

/**
 * Reads the body of an enrolment (RFC 7030 §4.2.1): a PKCS#10 request in base64, with or without line breaks or the
 * lines of PEM. Whoever sends it must hold the key: its own signature says so.
 */
export async function readSigningRequest(body: string): Promise<ReadRequest> {
  const text = body.replaceAll(/-----(BEGIN|END) (NEW )?CERTIFICATE REQUEST-----/g, '').replaceAll(/\s/g, '')
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return refused('request-not-readable')
  let request: Pkcs10CertificateRequest
  let publicKey: KeyObject
  try {
    request = new Pkcs10CertificateRequest(Buffer.from(text, 'base64'))
    publicKey = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
  } catch {
    return refused('request-not-readable')
  }
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return refused('key-not-usable')
  if (!(await isSigned(request))) return refused('request-not-signed')
  const key = keyIdOf(publicKey.export({ type: 'spki', format: 'der' }))
  const { subjectName } = request
  return { ok: true, value: { publicKey, key, units: subjectName.getField('CN'), sites: subjectName.getField('OU') } }
}

async function isSigned(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify()
  } catch {
    return false // an algorithm that is none, a signature that is no pair of numbers
  }
}

const refused = (refusal: AuthorityRefusal): ReadRequest => ({ ok: false, refusal })
