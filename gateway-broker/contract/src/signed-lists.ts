import type { X509Certificate } from 'node:crypto'
import { GATE_JWS_MAX_BYTES } from './bounds.ts'
import type { Clock } from './clock.ts'
import { type Catalogue, decodeCatalogue } from './gate/catalogue.ts'
import { continues, decodeFeedPage, type FeedEntry, type FeedPage } from './gate/feed.ts'
import type { TicketRef } from './gate/ticket-code.ts'
import type { SiteId } from './ids.ts'
import { readSignedDocument, type SignedDocument } from './signed-document.ts'

/** Where lists are kept from one start to the next. What it kept is durable when a call returns. */
export type SignedListStore = {
  /** The signed text of the catalogue in force; null while none has come. */
  catalogue(): string | null
  keepCatalogue(signed: string): void
  /** Up to where the feed is known without a gap. */
  mark(): number
  /** When the cloud last said that the feed is known to its end, in milliseconds; null: never. */
  wholeAt(): number | null
  /** Entries, mark and, with the last page, its time in one transaction. */
  keepPage(page: FeedPage): void
  entryOf(ticket: TicketRef): FeedEntry | null
}

/** Why something that came as the cloud's was kept out. */
export type ListRefusal = 'list-untrusted' | 'list-wrong' | 'list-elsewhere' | 'catalogue-older'

export type ListVerdict =
  | { taken: true; isNews: boolean }
  | { taken: false; why: ListRefusal | 'feed-out-of-turn'; detail: string }

/** What the cloud signed for the gates, as far as it has come to a lane or to a museum gateway. */
export type SignedLists = {
  catalogue(): Catalogue | null
  /** As it was signed, for a phone that judges by itself. */
  signedCatalogue(): string | null
  takeCatalogue(bytes: Uint8Array): ListVerdict
  /** A page of the feed. The mark moves with it, or neither. */
  takePage(bytes: Uint8Array): ListVerdict
  /** Whether the feed goes on after our mark, as the last page said. */
  isBehind(): boolean
  /** How long ago the feed was known to be whole, in seconds; null: never, or by a clock that cannot tell. */
  ageS(): number | null
} & Pick<SignedListStore, 'mark' | 'entryOf'>

export type SignedListDeps = {
  site: SiteId
  store: SignedListStore
  /** Whom the unit believes, now. */
  roots: () => readonly X509Certificate[]
  clock: Clock
}

export function createSignedLists({ site, store, roots, clock }: SignedListDeps): SignedLists {
  const refused = (why: ListRefusal | 'feed-out-of-turn', detail: string): ListVerdict => ({
    taken: false,
    why,
    detail,
  })
  const read = (bytes: Uint8Array, nowMs: number): SignedDocument =>
    readSignedDocument(bytes, { name: 'tickets', roots: roots(), nowMs }, GATE_JWS_MAX_BYTES)

  let isBehind = false
  let wholeAtMonoMs: number | null = null
  let current = readKept()

  /** What was taken once stays in force: a certificate that has ended since does not close a museum. */
  function readKept(): Catalogue | null {
    const signed = store.catalogue()
    if (signed === null) return null
    const payload = Buffer.from(signed.split('.')[1] ?? '', 'base64url')
    const decoded = decodeCatalogue(payload)
    return decoded.ok ? decoded.value : null
  }

  function ageS(): number | null {
    if (wholeAtMonoMs !== null) return Math.round((clock.monotonicMs() - wholeAtMonoMs) / 1000)
    // Before this start: by the wall clock, which is behind when it is before what the cloud has signed.
    const agoMs = clock.now() - (store.wholeAt() ?? Number.POSITIVE_INFINITY)
    return agoMs < 0 ? null : Math.round(agoMs / 1000)
  }

  return {
    ...{ mark: store.mark, entryOf: store.entryOf },
    catalogue: () => current,
    signedCatalogue: store.catalogue,
    isBehind: () => isBehind,
    ageS,

    takeCatalogue(bytes) {
      const signed = read(bytes, clock.now())
      if (!signed.ok) return refused('list-untrusted', signed.why)
      const decoded = decodeCatalogue(signed.payload)
      if (!decoded.ok) return refused('list-wrong', decoded.detail)
      const { value: catalogue } = decoded
      if (catalogue.site !== site) return refused('list-elsewhere', catalogue.site)
      if (current !== null && catalogue.version < current.version)
        return refused('catalogue-older', `version ${catalogue.version}, in force is ${current.version}`)
      if (current?.version === catalogue.version) return { taken: true, isNews: false }
      store.keepCatalogue(new TextDecoder().decode(bytes))
      current = catalogue
      return { taken: true, isNews: true }
    },

    takePage(bytes) {
      const signed = read(bytes, clock.now())
      if (!signed.ok) return refused('list-untrusted', signed.why)
      const decoded = decodeFeedPage(signed.payload)
      if (!decoded.ok) return refused('list-wrong', decoded.detail)
      const { value: page } = decoded
      if (page.site !== site) return refused('list-elsewhere', page.site)
      // A page that came twice, or late: what it says is known, or comes again in its turn.
      if (!continues(page, store.mark())) {
        // What the cloud tells everybody is news that we have missed the beginning of.
        if (page.newest > store.mark()) isBehind = true
        return refused('feed-out-of-turn', `after ${page.after}, mark is ${store.mark()}`)
      }
      store.keepPage(page)
      isBehind = page.upTo < page.newest
      if (!isBehind) wholeAtMonoMs = clock.monotonicMs()
      return { taken: true, isNews: page.entries.length > 0 }
    },
  }
}
