import {
  createCipheriv,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Fault } from '../faults.ts'
import { writeWhole } from './atomic-file.ts'
import { integer, nothing, objectId, octets, sequence } from './der.ts'

/**
 * Rounds of PBKDF2: what OWASP asked for with HMAC-SHA-256 in 2023, about 0.2 s of one core for each guess at a
 * passphrase. Node's own export would take OpenSSL's default of 2,048, a three-hundredth of the work for a thief.
 */
export const SEALING_ROUNDS = 600_000

export const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** Writes a private key to its file, mode 0600, whole or not at all; as encrypted PKCS#8 that openssl reads too. */
export function writeSealedKey(file: string, key: KeyObject, passphrase: string, rounds = SEALING_ROUNDS): void {
  writeWhole(file, sealKey(key, passphrase, rounds), 0o600)
}

/** Throws a Fault `passphrase-wrong` when the passphrase does not open it, or the file is damaged. */
export function readSealedKey(file: string, passphrase: string): KeyObject {
  const pem = readFileSync(file, 'utf8')
  try {
    return createPrivateKey({ key: pem, passphrase })
  } catch (cause) {
    throw new Fault('passphrase-wrong', file, { cause })
  }
}

/** EncryptedPrivateKeyInfo (RFC 5958) by PBES2 (RFC 8018): PBKDF2 with HMAC-SHA-256, then AES-256 in CBC. */
function sealKey(key: KeyObject, passphrase: string, rounds: number): string {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(passphrase, salt, rounds, 32, 'sha256'), iv)
  const sealed = Buffer.concat([cipher.update(key.export({ type: 'pkcs8', format: 'der' })), cipher.final()])
  const derivation = sequence(
    objectId('1.2.840.113549.1.5.12'),
    sequence(octets(salt), integer(rounds), sequence(objectId('1.2.840.113549.2.9'), nothing())),
  )
  const encryption = sequence(objectId('2.16.840.1.101.3.4.1.42'), octets(iv))
  const algorithm = sequence(objectId('1.2.840.113549.1.5.13'), sequence(derivation, encryption))
  return pemOf('ENCRYPTED PRIVATE KEY', sequence(algorithm, octets(sealed)))
}

export const pemOf = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`
