import type { X509Certificate } from 'node:crypto'
import { DESIRED_SET_MAX_BYTES } from '@vigie/contract/bounds'
import { type DesiredSet, decodeDesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { readSignedDocument } from '@vigie/contract/signed-document'
import type { FaultCode } from '../faults.ts'

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
export function readSignedSet(bytes: Uint8Array, { site, unit, roots, nowMs }: SetReader): SetVerdict {
  const trust = { name: 'configuration', roots: roots(), nowMs: nowMs() } as const
  const read = readSignedDocument(bytes, trust, DESIRED_SET_MAX_BYTES)
  if (!read.ok) return { ok: false, reason: 'configuration-untrusted', detail: read.why }
  const decoded = decodeDesiredSet(read.payload)
  if (!decoded.ok) return { ok: false, reason: 'configuration-wrong', detail: decoded.detail }
  const set = decoded.value
  if (set.site !== site || set.unit !== unit) {
    return { ok: false, reason: 'configuration-elsewhere', detail: `${set.site}/${set.unit}` }
  }
  return { ok: true, set }
}
