import { CompactEncrypt, importSPKI } from 'jose'

/** Seals a password to a unit's key, so that it is in the clear nowhere between this process and the unit. */
export async function sealSecret(
  secret: string,
  { key, publicKey }: { key: string; publicKey: string },
): Promise<string> {
  const to = await importSPKI(publicKey, 'ECDH-ES')
  const sealing = new CompactEncrypt(Buffer.from(secret))
  return sealing.setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: key }).encrypt(to)
}
