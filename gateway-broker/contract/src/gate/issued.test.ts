import { trialFlags, trialPayload } from '@vigie/tests/fixtures/trial-tickets'
import { expect, test } from 'vitest'
import { GATE_DOCUMENT_MAX_BYTES, ISSUED_PAGE_MAX_ENTRIES } from '../bounds.ts'
import type { SiteId } from '../ids.ts'
import { orderDigest } from '../order-digest.ts'
import { continues } from './feed.ts'
import { decodeIssuedPage, type IssuedEntry, type IssuedPage, issuedFacts, rightsOf } from './issued.ts'
import { bitsOfFlags, encodeTicketPayload, type TicketId } from './ticket-code.ts'

const salagon = 'musee-salagon' as SiteId // site ids by their pattern
const prehistoire = 'musee-prehistoire' as SiteId
const longest: IssuedEntry = {
  ...{ n: Number.MAX_SAFE_INTEGER, ticket: 'f'.repeat(16) as TicketId, number: `S${'9'.repeat(10)}`, type: 65_535 }, // 16 digits
  ...{ firstDay: 65_535, days: 255, slotStart: 1439, order: 'f'.repeat(8), rights: '0307ffffff1f' },
}
const page = (change: Partial<IssuedPage> = {}): IssuedPage => ({
  ...{ v: 1, kind: 'issued-page', site: salagon, after: 40, upTo: 41, newest: 41, at: '2026-08-15T10:00:00.000Z' },
  entries: [{ ...longest, n: 41 }],
  ...change,
})

test('a full page of the longest entries is taken, and a longer one is not', () => {
  const of = (count: number) => Buffer.from(JSON.stringify(page({ entries: Array(count).fill(longest) })))
  expect(decodeIssuedPage(of(ISSUED_PAGE_MAX_ENTRIES))).toMatchObject({ ok: true })
  expect(of(ISSUED_PAGE_MAX_ENTRIES).byteLength).toBeLessThan(GATE_DOCUMENT_MAX_BYTES)
  expect(decodeIssuedPage(of(ISSUED_PAGE_MAX_ENTRIES + 1))).toMatchObject({ ok: false })
})

test('what a ticket is good for is told as its own code says it, and what no code may say is not taken', () => {
  const { flags, ...payload } = trialPayload({
    slotStart: 840,
    entries: 0,
    persons: 255,
    toleranceMin: 20,
    flags: trialFlags({ companion: true }),
  })
  const hex = Buffer.from(encodeTicketPayload({ ...payload, flags })).toString('hex')
  const { type, firstDay, days, museums, lanes, toleranceMin, entries, persons } = payload
  const entry = { ...longest, type, firstDay, days, slotStart: 840, rights: rightsOf(hex) }
  expect(issuedFacts(entry)).toEqual({
    ...{
      type,
      firstDay,
      days,
      slotStart: 840,
      museums,
      lanes,
      toleranceMin,
      entries,
      persons,
      flags: bitsOfFlags(flags),
    },
  })
  for (const rights of ['000700010110', '010800010110', '010700010010', '010700010120', '0107000101'])
    expect([
      rights,
      decodeIssuedPage(Buffer.from(JSON.stringify(page({ entries: [{ ...longest, n: 41, rights }] })))),
    ]).toMatchObject([rights, { ok: false }])
})

test('Y03: a page of issued tickets is taken at its own mark alone', () => {
  expect(continues(page(), 40)).toBe(true)
  expect(continues(page(), 39)).toBe(false)
  expect(continues(page({ upTo: 40 }), 40)).toBe(false)
})

test('an order has one digest however its reference is typed, another at the other museum, and too short a one to go back', () => {
  const digest = orderDigest(salagon, 'K7QX2M9A')
  expect(digest).toBe('dabb3194')
  for (const typed of [' k7qx 2m9a ', 'K7QX-2M9A', 'k7qx2m9a', 'K7QX\u00a02M9A'])
    expect(orderDigest(salagon, typed)).toBe(digest)
  expect(orderDigest(prehistoire, 'K7QX2M9A')).not.toBe(digest)
  expect(orderDigest(salagon, 'K7QX2M9B')).not.toBe(digest)
})
