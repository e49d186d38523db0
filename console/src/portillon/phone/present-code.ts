import { type Catalogue, keysOf, type TicketKey } from '@vigie/contract/gate/catalogue'
import { type Presented, presentCode } from '@vigie/contract/gate/entitlement'
import { type ForeignHash, foreignText, readTicketCode, signedBytes } from '@vigie/contract/gate/ticket-code'

type Subtle = Pick<SubtleCrypto, 'importKey' | 'verify' | 'digest'>

/**
 * Looks at what somebody holds up, with the browser's own Ed25519. Rejects where the browser has none.
 * @param isKnown whether the feed has an entry for another seller's barcode
 */
export async function presentHere(
  text: string,
  catalogue: Catalogue,
  { subtle, isKnown }: { subtle: Subtle; isKnown: (hash: ForeignHash) => Promise<boolean> },
): Promise<Presented> {
  const code = readTicketCode(text)
  if (!code.ok) {
    if (code.why !== 'not-ours') return { medium: 'none', why: code.why }
    for (const seller of catalogue.sellers) {
      const hash = (await digestOf(foreignText(seller, text), subtle)) as ForeignHash // 32 hexadecimal digits
      if (await isKnown(hash)) return { medium: 'foreign', hash }
    }
    return { medium: 'none', why: 'not-ours' }
  }
  const tried = keysOf(catalogue, code.payload.key)
  const message = signedBytes(code.bytes)
  for (const key of tried) {
    if (await holds(key, message, new Uint8Array(code.signature), subtle)) return presentCode(code, tried, key)
  }
  return presentCode(code, tried, undefined)
}

async function holds(
  { publicKey }: TicketKey,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  subtle: Subtle,
): Promise<boolean> {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey }
  const key = await subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['verify'])
  return subtle.verify({ name: 'Ed25519' }, key, signature, message)
}

/** What stands in a ledger for a code that is not known: the first 16 bytes of its SHA-256. */
export async function digestOf(text: string, subtle: Pick<SubtleCrypto, 'digest'>): Promise<string> {
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return [...digest.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
