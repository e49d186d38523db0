import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeedEntry, FeedPage } from '@vigie/contract/gate/feed'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import { orderDigest } from '@vigie/contract/order-digest'
import { issuedTicket, SITE } from '@vigie/tests/fixtures/museum/trial-catalogue'
import { expect, test } from 'vitest'
import { openListStore } from './list-store.ts'

test('lists with a torn page are made anew, so that they come again from the cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-lists-'))
  const file = join(folder, 'lists.sqlite')
  const open = () => openListStore(file, (path) => rmSync(path, { force: true }))
  const entries = Array.from(
    { length: 400 },
    (_, index): FeedEntry => ({
      ...{ n: index + 1, ticket: index.toString(16).padStart(16, '0') as TicketId, hash: null, status: 'revoked' }, // of an id's pattern
    }),
  )
  const page: FeedPage = {
    ...{ v: 1, kind: 'feed-page', site: 'musee-salagon' as SiteId, at: '2026-08-12T09:00:00.000Z' },
    ...{ after: 0, upTo: 400, newest: 400, entries },
  }
  const store = open()
  store.keepPage(page)
  store.close()
  const torn = openSync(file, 'r+')
  writeSync(torn, Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor(statSync(file).size / 2 / 4096) * 4096)
  closeSync(torn)
  const again = open()
  expect([again.mark(), again.entriesAfter(0, 9)]).toEqual([0, []])
  again.keepPage(page)
  expect(again.mark()).toBe(400)
  again.close()
  rmSync(folder, { recursive: true })
})

test('of issued tickets the oldest go where there are more than half a million, and the mark stays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-lists-'))
  const store = openListStore(join(folder, 'lists.sqlite'), () => undefined)
  store.keepIssued({ entries: [1, 2].map((n) => issuedTicket(n, 'K7QX2M9A')), upTo: 2 })
  store.keepIssued({ entries: [issuedTicket(500_001, 'K7QX2M9A')], upTo: 500_001 })
  const found = store.issuedOfOrder(orderDigest(SITE, 'K7QX2M9A'))
  expect(found).toEqual([issuedTicket(2, 'K7QX2M9A'), issuedTicket(500_001, 'K7QX2M9A')])
  expect([store.issuedMark(), store.mark()]).toEqual([500_001, 0])
  store.close()
  rmSync(folder, { recursive: true })
})
