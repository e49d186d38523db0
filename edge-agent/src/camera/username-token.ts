import { createHash } from 'node:crypto'
import { escapeXml } from './device-text.ts'
import type { Login } from './http-digest.ts'

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss'

/**
 * The WS-Security header of one request: user name and Base64(SHA-1(nonce + created + password)), so that the password
 * itself is not sent (OASIS Web Services Security UsernameToken Profile 1.0, §3.1).
 * @param createdMs the camera's own wall time: most refuse what is more than seconds away from it
 * @param nonce 16 unguessable bytes, used once
 */
export function usernameToken({ user, password }: Login, createdMs: number, nonce: Uint8Array): string {
  const created = new Date(createdMs).toISOString()
  const digest = passwordDigest(nonce, created, password)
  return (
    `<Security s:mustUnderstand="1" xmlns="${WSS}-wssecurity-secext-1.0.xsd"><UsernameToken>` +
    `<Username>${escapeXml(user)}</Username>` +
    `<Password Type="${WSS}-username-token-profile-1.0#PasswordDigest">${digest}</Password>` +
    `<Nonce EncodingType="${WSS}-soap-message-security-1.0#Base64Binary">${Buffer.from(nonce).toString('base64')}</Nonce>` +
    `<Created xmlns="${WSS}-wssecurity-utility-1.0.xsd">${created}</Created>` +
    '</UsernameToken></Security>'
  )
}

/** @returns Base64 */
export function passwordDigest(nonce: Uint8Array, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(created).update(password, 'utf8').digest('base64')
}
