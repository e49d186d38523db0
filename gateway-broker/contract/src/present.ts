import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { type Catalogue, keysOf, type TicketKey } from './gate/catalogue.ts'
import { type Presented, presentCode } from './gate/entitlement.ts'
import { type ForeignHash, foreignText, readTicketCode, signedBytes } from './gate/ticket-code.ts'

/** Looks at what somebody holds up: whose code it is, and whether its seal holds. */
export type Present = (text: string, catalogue: Catalogue) => Presented

/** @param isKnown whether the feed has an entry for another seller's barcode */
export function createPresent(isKnown: (hash: ForeignHash) => boolean): Present {
  const keys = new Map<string, KeyObject>()
  function keyOf({ publicKey }: TicketKey): KeyObject {
    const key =
      keys.get(publicKey) ?? createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    keys.set(publicKey, key)
    return key
  }
  function holds(key: TicketKey, message: Uint8Array, signature: Uint8Array): boolean {
    try {
      return verify(null, message, keyOf(key), signature)
    } catch {
      return false // a key of the catalogue that is no point of the curve
    }
  }
  return (text, catalogue) => {
    const code = readTicketCode(text)
    if (!code.ok) {
      if (code.why !== 'not-ours') return { medium: 'none', why: code.why }
      const hash = catalogue.sellers.map((seller) => foreignHash(seller, text)).find(isKnown)
      return hash === undefined ? { medium: 'none', why: 'not-ours' } : { medium: 'foreign', hash }
    }
    const tried = keysOf(catalogue, code.payload.key)
    const message = signedBytes(code.bytes)
    return presentCode(
      code,
      tried,
      tried.find((key) => holds(key, message, code.signature)),
    )
  }
}

export const foreignHash = (seller: string, barcode: string): ForeignHash =>
  digestOf(foreignText(seller, barcode)) as ForeignHash // 32 hexadecimal digits

/** What stands in the ledger for a code that is not known: the first 16 bytes of its SHA-256. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)
