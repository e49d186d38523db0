// First: @peculiar/x509 wires itself with decorators, which need this at import.
import 'reflect-metadata'
import type { X509Certificate } from 'node:crypto'
import { cryptoProvider, PublicKey, X509Crl } from '@peculiar/x509'

cryptoProvider.set(crypto)

/** What one authority has taken back, as it signed it. */
export type RevocationList = {
  /** The subject of the authority, as `nameText` writes it: the issuer of what it revokes. */
  issuer: string
  /** Fingerprint of the authority's certificate: two may have one name, one after the other. */
  authority: string
  /** Grows with every list of this authority (RFC 5280 §5.2.3). */
  number: bigint
  madeMs: number
  /** When the next one is due at the latest. */
  dueMs: number
  serials: ReadonlySet<string>
}

export type ListRefusal = 'not-a-list' | 'not-signed-by-authority' | 'not-a-whole-list'

export type ListJudgement = { ok: true; lists: RevocationList[] } | { ok: false; reason: ListRefusal }

const CRL_NUMBER = '2.5.29.20'
const NO_LIST: ListJudgement = { ok: false, reason: 'not-a-list' }

/** A name as Node takes it apart, in one text. Two names that differ only in the order of like parts count as one. */
export const nameText = (name: object): string => JSON.stringify(name)

/** As Node and the lists both can write it: upper case, no zeros in front. */
export const serialOf = (serial: string): string => serial.toUpperCase().replace(/^0+(?=.)/, '')

/**
 * Reads the revocation lists in `bytes`: DER, one after the other, or PEM (`X509 CRL`). Every one must be signed by one of
 * the authorities and be whole, else none is taken.
 */
export async function readRevocationLists(
  bytes: Uint8Array,
  authorities: readonly X509Certificate[],
): Promise<ListJudgement> {
  const ders = derListsIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (ders.length === 0) return NO_LIST
  const lists: RevocationList[] = []
  for (const der of ders) {
    const judged = await judgeList(der, authorities)
    if (!judged.ok) return judged
    lists.push(...judged.lists)
  }
  return { ok: true, lists }
}

async function judgeList(der: Buffer, authorities: readonly X509Certificate[]): Promise<ListJudgement> {
  let crl: X509Crl
  try {
    crl = new X509Crl(Uint8Array.from(der))
  } catch {
    return NO_LIST
  }
  for (const authority of authorities.filter(({ ca }) => ca)) {
    const key = new PublicKey(authority.publicKey.export({ type: 'spki', format: 'der' }))
    if (!(await isSignedBy(crl, key))) continue
    // A number and an end keep an old list from being passed off as the newest; by a critical extension a list says that it
    // holds only a part (RFC 5280 §5.2.4, §5.2.5).
    const number = numberOf(crl)
    if (number === null || crl.nextUpdate === undefined || crl.extensions.some(({ critical }) => critical)) {
      return { ok: false, reason: 'not-a-whole-list' }
    }
    const serials = new Set(crl.entries.map(({ serialNumber }) => serialOf(serialNumber)))
    const [madeMs, dueMs] = [crl.thisUpdate.getTime(), crl.nextUpdate.getTime()]
    const signer = { issuer: nameText(authority.toLegacyObject().subject), authority: authority.fingerprint256 }
    return { ok: true, lists: [{ ...signer, number, madeMs, dueMs, serials }] }
  }
  return { ok: false, reason: 'not-signed-by-authority' }
}

/** Another kind of key, or a signature that is none, is one that does not fit. */
async function isSignedBy(crl: X509Crl, publicKey: PublicKey): Promise<boolean> {
  try {
    return await crl.verify({ publicKey })
  } catch {
    return false
  }
}

function numberOf(crl: X509Crl): bigint | null {
  const extension = crl.getExtension(CRL_NUMBER)
  if (extension === null) return null
  // An INTEGER of at most 20 bytes, so that its length is one byte.
  const value = Buffer.from(extension.value)
  return value.length >= 3 && value[0] === 2 && value[1] === value.length - 2
    ? BigInt(`0x${value.subarray(2).toString('hex')}`)
    : null
}

function derListsIn(bytes: Buffer): Buffer[] {
  if (bytes.subarray(0, 11).toString('latin1') !== '-----BEGIN ') return derValuesIn(bytes)
  const blocks = [
    ...bytes.toString('latin1').matchAll(/-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/g),
  ]
  return blocks.map(([, base64 = '']) => Buffer.from(base64, 'base64'))
}

/** DER values follow each other without a mark between: each says its own length. None when the last one is cut short. */
function derValuesIn(bytes: Buffer): Buffer[] {
  const values: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = endOfSequence(bytes, at)
    if (end === null || end > bytes.length) return []
    values.push(bytes.subarray(at, end))
    at = end
  }
  return values
}

const SEQUENCE = 0x30
function endOfSequence(bytes: Buffer, at: number): number | null {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag !== SEQUENCE || first === undefined) return null
  if (first < 0x80) return at + 2 + first
  const width = first & 0x7f
  if (width === 0 || width > 4 || at + 2 + width > bytes.length) return null
  return at + 2 + width + bytes.readUIntBE(at + 2, width)
}
