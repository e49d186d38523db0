import { verify } from 'node:crypto'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { judgeSigner, type SignerTrust } from './signer-chain.ts'

/** The bytes that were signed, or why they are not believed. */
export type SignedDocument = { ok: true; payload: Uint8Array } | { ok: false; why: string }

/** RFC 7515: a compact JWS in base64url. */
const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/

/** Of its header nothing else may change what is verified: `crit` and `b64` (RFC 7797) would. */
const isHeader = Compile(
  Type.Object({
    alg: Type.Literal('ES256'),
    x5c: Type.Array(Type.String()),
    crit: Type.Optional(Type.Never()),
    b64: Type.Optional(Type.Never()),
  }),
)

/**
 * Reads what the cloud signed for units: a compact JWS, ES256, whose `x5c` leads from the signer to one of our roots.
 * Never throws for what is in it.
 * @param maxBytes longer ones are not looked at
 */
export function readSignedDocument(bytes: Uint8Array, trust: SignerTrust, maxBytes: number): SignedDocument {
  const unbelieved = (why: string): SignedDocument => ({ ok: false, why })
  if (bytes.byteLength > maxBytes) return unbelieved(`${bytes.byteLength} bytes`)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const [, header = '', payload = '', signature = ''] = COMPACT.exec(text) ?? []
    const claims: unknown = JSON.parse(fromBase64Url(header).toString('utf8'))
    if (!isHeader.Check(claims)) return unbelieved('no header that is taken')
    const chain = claims.x5c.map((one) => Buffer.from(one, 'base64'))
    const verdict = judgeSigner(chain, trust)
    if (!verdict.ok) return unbelieved(verdict.why)
    const key = { key: verdict.signer.publicKey, dsaEncoding: 'ieee-p1363' as const }
    const holds = verify('sha256', Buffer.from(`${header}.${payload}`), key, fromBase64Url(signature))
    return holds ? { ok: true, payload: fromBase64Url(payload) } : unbelieved('no signature that holds')
  } catch {
    return unbelieved('no signature that holds')
  }
}

const isOfAKind = Compile(Type.Object({ kind: Type.String() }))

/** What a signed document says it is, before anybody has looked at its signature: good for handing it on to who looks. */
export function claimedKind(bytes: Uint8Array): string | null {
  try {
    const payload: unknown = JSON.parse(fromBase64Url(new TextDecoder().decode(bytes).split('.')[1] ?? '').toString())
    return isOfAKind.Check(payload) ? payload.kind : null
  } catch {
    return null
  }
}

const fromBase64Url = (text: string) => Buffer.from(text, 'base64url')
