import type { X509Certificate } from 'node:crypto'
import { DESIRED_SET_MAX_BYTES } from '@vigie/contract/bounds'
import { type DesiredSet, decodeDesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { compactVerify, decodeProtectedHeader } from 'jose'
import type { FaultCode } from '../faults.ts'
import { judgeSigner } from './signer-chain.ts'

export type SetVerdict = { ok: true; set: DesiredSet } | { ok: false; reason: FaultCode; detail: string }

export type SetReader = {
  site: SiteId
  unit: UnitId
  /** Whom the unit believes, now. */
  roots(): readonly X509Certificate[]
  /** Honest time. */
  nowMs(): number
}

/** Verifies what came on `desired/set`: signature, chain, purpose, dates, then for whom it is. Never throws for what is in it. */
export async function readSignedSet(bytes: Uint8Array, { site, unit, roots, nowMs }: SetReader): Promise<SetVerdict> {
  const untrusted = (detail: string): SetVerdict => ({ ok: false, reason: 'configuration-untrusted', detail })
  if (bytes.byteLength > DESIRED_SET_MAX_BYTES) return untrusted(`${bytes.byteLength} bytes`)
  let payload: Uint8Array
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const { x5c = [] } = decodeProtectedHeader(text)
    if (!Array.isArray(x5c) || x5c.some((one) => typeof one !== 'string')) return untrusted('no chain')
    const signer = judgeSigner(
      x5c.map((one) => Buffer.from(one, 'base64')),
      roots(),
      nowMs(),
    )
    if (!signer.ok) return untrusted(signer.why)
    payload = (await compactVerify(text, signer.signer.publicKey, { algorithms: ['ES256'] })).payload
  } catch {
    return untrusted('no signature that holds')
  }
  const decoded = decodeDesiredSet(payload)
  if (!decoded.ok) return { ok: false, reason: 'configuration-wrong', detail: decoded.detail }
  const set = decoded.value
  if (set.site !== site || set.unit !== unit) {
    return { ok: false, reason: 'configuration-elsewhere', detail: `${set.site}/${set.unit}` }
  }
  return { ok: true, set }
}
