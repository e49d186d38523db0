import type { X509Certificate } from 'node:crypto'
import { GATE_JWS_MAX_BYTES } from '@vigie/contract/bounds'
import { continues } from '@vigie/contract/gate/feed'
import { decodeIssuedPage } from '@vigie/contract/gate/issued'
import type { SiteId } from '@vigie/contract/ids'
import { readSignedDocument } from '@vigie/contract/signed-document'
import type { ListRefusal, ListVerdict } from '@vigie/contract/signed-lists'
import type { IssuedTable } from './store/issued-table.ts'

/** The cloud's log of issued tickets, as far as it has come here: followed like the feed, with a mark of its own. */
export type IssuedList = Pick<IssuedTable, 'issuedMark' | 'issuedOf' | 'issuedBySerial' | 'issuedOfOrder'> & {
  /** A page, of which no signature has been looked at. */
  takeIssued(bytes: Uint8Array): ListVerdict
  /** Whether the log goes on after our mark, as the last page said. */
  isIssuedBehind(): boolean
}

type Deps = {
  site: SiteId
  store: IssuedTable
  roots: () => readonly X509Certificate[]
  clock: { now(): number }
}

export function createIssuedList({ site, store, roots, clock }: Deps): IssuedList {
  const { issuedMark, issuedOf, issuedBySerial, issuedOfOrder } = store
  const refused = (why: ListRefusal | 'feed-out-of-turn', detail: string) => ({ taken: false, why, detail }) as const
  let isBehind = false
  return {
    ...{ issuedMark, issuedOf, issuedBySerial, issuedOfOrder },
    isIssuedBehind: () => isBehind,
    takeIssued(bytes) {
      const trust = { name: 'tickets' as const, roots: roots(), nowMs: clock.now() }
      const signed = readSignedDocument(bytes, trust, GATE_JWS_MAX_BYTES)
      if (!signed.ok) return refused('list-untrusted', signed.why)
      const decoded = decodeIssuedPage(signed.payload)
      if (!decoded.ok) return refused('list-wrong', decoded.detail)
      const { value: page } = decoded
      if (page.site !== site) return refused('list-elsewhere', page.site)
      const mark = issuedMark()
      if (!continues(page, mark)) {
        if (page.newest > mark) isBehind = true
        return refused('feed-out-of-turn', `issued after ${page.after}, mark is ${mark}`)
      }
      store.keepIssued(page)
      isBehind = page.upTo < page.newest
      return { taken: true, isNews: page.entries.length > 0 }
    },
  }
}
