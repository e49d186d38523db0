import { createHash, type X509Certificate } from 'node:crypto'
import { DESIRED_SET_MAX_BYTES } from '@vigie/contract/bounds'
import { type DesiredSet, decodeDesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { readSignedDocument } from '@vigie/contract/signed-document'
import type { ReportedConfiguration } from '@vigie/contract/state'
import type { DesiredPart } from '@vigie/contract/topics'
import { type LaneDocument, readLaneDocument } from '../lan/lane-labels.ts'
import type { ListStore } from '../store/list-store.ts'

/** What the gateway takes of its desired configuration: the lanes, by which it names them. */
export type LanePlan = {
  lanes(): LaneDocument
  /** Takes what came on a topic of the desired configuration. True: the lanes may be others now. */
  take(part: DesiredPart, bytes: Uint8Array): boolean
  /** Which version is in force here. */
  reported(): ReportedConfiguration | null
}

type PlanDeps = {
  site: SiteId
  unit: UnitId
  store: Pick<ListStore, 'laneDocument' | 'keepLaneDocument'>
  roots: () => readonly X509Certificate[]
  now: () => number
}

/** The document is believed by its digest in the signed set, in whichever order the two come. */
export function createLanePlan({ site, unit, store, roots, now }: PlanDeps): LanePlan {
  const kept = store.laneDocument()
  let lanes = kept === null ? [] : (readLaneDocument(kept) ?? [])
  let set: DesiredSet | null = null
  let heard: Uint8Array | null = kept
  let since = new Date(now()).toISOString()
  let isInForce = false

  function adopt(): boolean {
    if (set === null || heard === null || digestOf(heard) !== set.documents.lane) return false
    const found = readLaneDocument(heard)
    if (found === null) return false
    store.keepLaneDocument(heard)
    lanes = found
    isInForce = true
    return true
  }

  return {
    lanes: () => lanes,
    reported: () => (set === null || !isInForce ? null : { version: set.version, attempt: set.attempt, since }),
    take(part, bytes) {
      if (part === 'lane') heard = Uint8Array.from(bytes)
      if (part === 'lane') return adopt()
      if (part !== 'set') return false
      const trust = { name: 'configuration', roots: roots(), nowMs: now() } as const
      const signed = readSignedDocument(bytes, trust, DESIRED_SET_MAX_BYTES)
      if (!signed.ok) return false
      const decoded = decodeDesiredSet(signed.payload)
      if (!decoded.ok || decoded.value.site !== site || decoded.value.unit !== unit) return false
      const { version, attempt } = decoded.value
      if (set !== null && (version < set.version || (version === set.version && attempt <= set.attempt))) return false
      set = decoded.value
      since = new Date(now()).toISOString()
      isInForce = false
      return adopt()
    },
  }
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
