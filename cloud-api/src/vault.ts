import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/**
 * Where a secret belongs, a camera's password, what a person's authenticator shares with us, or a private key beside its
 * public one: it opens for nothing else.
 */
export type SecretPlace = { site: string; camera: string; host: string } | { person: string } | { signingKey: string }

/**
 * Keeps what the cloud must be able to say again and nobody may read in the database: cameras' passwords, sealed again to
 * a unit's next key, the secrets that codes of authenticators are computed from, and the keys that sign tickets.
 */
export type Vault = {
  seal(secret: string, place: SecretPlace): string
  /** Null: sealed by another key, for another place, or damaged. */
  open(sealed: string, place: SecretPlace): string | null
}

export const VAULT_KEY_BYTES = 32
const PREFIX = 'vault:'
export const isSealed = (text: string): boolean => text.startsWith(PREFIX)
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM, a nonce for each; the place is authenticated with it. */
export function createVault(key: Uint8Array): Vault {
  const bound = (place: SecretPlace) => Buffer.from(JSON.stringify(partsOf(place)))
  return {
    seal(secret, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(place))
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return PREFIX + sealed.toString('base64url')
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url')
      if (!isSealed(sealed) || bytes.byteLength < NONCE_BYTES + TAG_BYTES) return null
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(bound(place))
        .setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
        return text.toString('utf8')
      } catch {
        return null
      }
    },
  }
}

/** Three words for a camera, two for the others, and the first of them says for what: one is never taken for the other. */
function partsOf(place: SecretPlace): string[] {
  if ('person' in place) return ['person', place.person]
  return 'signingKey' in place ? ['signing-key', place.signingKey] : [place.site, place.camera, place.host]
}

/** Reads the key of a file: 32 bytes in hexadecimal or base64. Throws when it is anything else. */
export function readVaultKey(text: string): Uint8Array {
  const trimmed = text.trim()
  const key = Buffer.from(trimmed, /^[0-9a-f]{64}$/i.test(trimmed) ? 'hex' : 'base64')
  if (key.byteLength !== VAULT_KEY_BYTES) throw new Error(`holds no key of ${VAULT_KEY_BYTES} bytes`)
  return key
}
