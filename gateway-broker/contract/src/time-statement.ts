import Type from 'typebox'
import { jsonDecoder } from './decode.ts'
import { UtcTime } from './envelope.ts'

/** 16 to 64 random bytes in base64url, made for one question: an answer that was kept cannot be told again. */
export const TimeNonce = Type.String({ pattern: '^[A-Za-z0-9_-]{22,86}$' })

/**
 * The time, said and signed by the authority, for a box whose clock it must not trust. The signature is ECDSA (P-256,
 * SHA-256, r and s of 32 bytes each) over `timeStatementText`, by the key of the first certificate: CN=authority, for
 * servers. The box checks the chain to a root that it knows, at the stated time, before it takes the time.
 */
export const TimeStatement = Type.Object({
  time: UtcTime,
  nonce: TimeNonce,
  /** base64url */
  signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
  /** DER in base64: the signer's, then what leads to a root. */
  certificates: Type.Array(Type.String({ pattern: '^[A-Za-z0-9+/]{100,4000}={0,2}$' }), { minItems: 1, maxItems: 6 }),
})
export type TimeStatement = Type.Static<typeof TimeStatement>
export const decodeTimeStatement = jsonDecoder(TimeStatement)

/** The bytes that are signed; their first line keeps the signature from meaning anything else. */
export const timeStatementText = ({ time, nonce }: Pick<TimeStatement, 'time' | 'nonce'>): Uint8Array =>
  new TextEncoder().encode(`vigie time 1\n${time}\n${nonce}`)
