import { type KeyObject, sign, type X509Certificate } from 'node:crypto'
import { type TimeStatement, timeStatementText } from '@vigie/contract/time-statement'

/** Says the time to whoever sent the nonce, signed by the key of the first certificate. */
export function stateTime(
  nonce: string,
  signer: { key: KeyObject; certificates: readonly X509Certificate[] },
  now: number,
): TimeStatement {
  const time = new Date(now).toISOString()
  const signature = sign('sha256', timeStatementText({ time, nonce }), { key: signer.key, dsaEncoding: 'ieee-p1363' })
  return {
    time,
    nonce,
    signature: signature.toString('base64url'),
    certificates: signer.certificates.map(({ raw }) => raw.toString('base64')),
  }
}
