import { expect, test } from 'vitest'
import { FEED_PAGE_MAX_ENTRIES, GATE_DOCUMENT_MAX_BYTES, GATE_JWS_MAX_BYTES } from '../bounds.ts'
import type { SiteId } from '../ids.ts'
import { continues, decodeFeedPage, type FeedEntry, type FeedPage } from './feed.ts'
import type { ForeignHash } from './ticket-code.ts'

const longest: FeedEntry = {
  n: Number.MAX_SAFE_INTEGER,
  ticket: null,
  hash: 'f'.repeat(32) as ForeignHash, // 32 hexadecimal digits
  seller: 's'.repeat(40),
  status: 'unapproved',
  at: '2026-08-15T10:00:00.000Z',
  type: 65_535,
  museums: 3,
  lanes: 7,
  firstDay: 65_535,
  days: 255,
  slotStart: 1439,
  toleranceMin: 255,
  entries: 255,
  persons: 255,
  flags: 31,
  serial: 4_294_967_295,
}
const page = (change: Partial<FeedPage> = {}): FeedPage => ({
  v: 1,
  kind: 'feed-page',
  site: 'musee-salagon' as SiteId, // a site id by its pattern
  after: 40,
  upTo: 42,
  newest: 42,
  at: '2026-08-15T10:00:00.000Z',
  entries: [
    { ...longest, n: 41 },
    { ...longest, n: 42 },
  ],
  ...change,
})

test('a full page of the longest entries is taken, and signed it is forwarded by a broker', () => {
  const bytes = Buffer.from(JSON.stringify(page({ entries: Array(FEED_PAGE_MAX_ENTRIES).fill(longest) })))
  expect(decodeFeedPage(bytes)).toMatchObject({ ok: true })
  expect(bytes.byteLength).toBeLessThan(GATE_DOCUMENT_MAX_BYTES)
  const certificates = 6 * 1024
  expect((GATE_DOCUMENT_MAX_BYTES * 4) / 3 + certificates).toBeLessThan(GATE_JWS_MAX_BYTES)
})

test('Y03: a page is taken at its mark alone: not an old one, not one with a gap before it, not one in disorder', () => {
  expect(continues(page(), 40)).toBe(true)
  expect(continues(page({ entries: [] }), 40)).toBe(true)
  expect(continues(page(), 39)).toBe(false)
  expect(continues(page(), 42)).toBe(false)
  expect(continues(page({ entries: page().entries.toReversed() }), 40)).toBe(false)
  expect(continues(page({ upTo: 41 }), 40)).toBe(false)
  expect(continues(page({ newest: 41 }), 40)).toBe(false)
  expect(continues(page({ after: 41 }), 41)).toBe(false)
})
