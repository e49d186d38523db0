import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FeedEntry, FeedPage } from '@vigie/contract/gate/feed'
import type { ForeignHash, TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import { tearPage } from '@vigie/tests/fixtures/torn-page'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openListStore } from './list-store.ts'

let folder: string
const file = () => join(folder, 'lists.sqlite')
const open = () => openListStore(file(), (path) => rmSync(path, { force: true }))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lists-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ticket = '00c0ffee0000d00d' as TicketId
const hash = '00c0ffee0000d00d00c0ffee0000d00d' as ForeignHash
const at = '2026-08-15T10:00:00.000Z'
const own: FeedEntry = { n: 3, ticket, hash: null, status: 'revoked', at, serial: 4711 }
const foreign: FeedEntry = {
  ...{ n: 4, ticket: null, hash, seller: 'billetweb', status: 'valid', type: 1, firstDay: 2418, days: 1 },
  ...{ slotStart: 600, toleranceMin: 15, entries: 1, persons: 2, flags: 0 },
}
/** What a box had before cards were counted over both museums. */
const FORM_OF_2026_11 = `CREATE TABLE catalogue (only INTEGER PRIMARY KEY CHECK (only = 1), signed TEXT NOT NULL) STRICT;
   CREATE TABLE shape (key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE feed (
     ticket BLOB PRIMARY KEY, n INTEGER NOT NULL, shape INTEGER NOT NULL, at INTEGER, serial INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE mark (only INTEGER PRIMARY KEY CHECK (only = 1), n INTEGER NOT NULL) STRICT;
   INSERT INTO mark VALUES (1, 0);`
const page = (entries: FeedEntry[], upTo: number): FeedPage => ({
  ...{ v: 1, kind: 'feed-page', site: 'musee-salagon' as SiteId, after: 0, upTo, newest: upTo, at, entries },
})

test('gives each ticket as it was told, and the mark with it, also after a new start', () => {
  const first = open()
  first.keepPage(page([own, foreign], 7))
  first.keepCatalogue('a.b.c')
  first.close()
  const store = open()
  expect([store.entryOf(ticket), store.entryOf(hash)]).toEqual([own, foreign])
  expect([store.mark(), store.catalogue()]).toEqual([7, 'a.b.c'])
  store.keepPage(page([{ ...own, n: 8, status: 'valid' }], 8))
  expect(store.entryOf(ticket)).toEqual({ ...own, n: 8, status: 'valid' })
  store.close()
})

test('P12: keeps what was used of a card at the other museum until a later word of it, in a file made before there was any', () => {
  const used = { museum: 2, entries: 1, persons: 1, uses: [{ at, persons: 1 }] }
  const before = new Database(file())
  before.exec(FORM_OF_2026_11)
  before.pragma('user_version = 1')
  before.close()
  const store = open()
  store.keepPage(page([{ ...own, elsewhere: [used] }, foreign], 7))
  expect([store.entryOf(ticket)?.elsewhere, store.entryOf(hash)]).toEqual([[used], foreign])
  store.keepPage(page([{ ...own, n: 8 }], 8))
  expect(store.entryOf(ticket)).toEqual({ ...own, n: 8 })
  store.close()
})

test('a page that cannot be stored whole leaves entries and mark as they were', () => {
  const store = open()
  const broken = { ...foreign, n: 'four' } as unknown as FeedEntry // what no decoder lets through
  expect(() => store.keepPage(page([own, broken], 4))).toThrow()
  expect([store.entryOf(ticket), store.mark()]).toEqual([null, 0])
  store.close()
})

test('a damaged file is made anew, and asks the cloud from the start', () => {
  open().close()
  writeFileSync(file(), 'x'.repeat(readFileSync(file()).byteLength))
  const store = open()
  expect(store.mark()).toBe(0)
  store.close()
  expect(existsSync(file())).toBe(true)
})

test('a disk that does not give the file, and a file that another agent holds, are named for what they are', () => {
  mkdirSync(file())
  expect(open).toThrow(expect.objectContaining({ name: 'AgentFault', code: 'disk-failing' }))
  rmSync(file(), { recursive: true })
  const store = open()
  expect(open).toThrow(expect.objectContaining({ name: 'AgentFault', code: 'data-folder-in-use' }))
  store.close()
})

test('K04: a file with a torn page is made anew of what can be read, so that a lane without the cloud goes on by it', () => {
  const entries = Array.from({ length: 2_000 }, (_, index) => ({
    ...own,
    ...{ n: index + 1, ticket: (index * 1_000_003).toString(16).padStart(16, '0') as TicketId },
  }))
  const first = open()
  first.keepPage(page(entries, 2_000))
  first.keepCatalogue('a.b.c')
  first.close()
  tearPage(file(), pageOf('feed'))
  const store = open()
  expect([store.mark(), store.wholeAt(), store.catalogue()]).toEqual([0, null, 'a.b.c'])
  const known = entries.filter((entry) => store.entryOf(entry.ticket) !== null)
  // A page holds some 200.
  expect(known.length).toBeGreaterThan(1_500)
  expect(known.length).toBeLessThan(2_000)
  expect(known.map((entry) => store.entryOf(entry.ticket))).toEqual(known)
  store.keepPage(page(entries, 2_000))
  expect(entries.map((entry) => store.entryOf(entry.ticket))).toEqual(entries)
  store.close()
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([])
})

/** A leaf in the middle of a table. */
function pageOf(table: string): number {
  const found = new Database(file(), { readonly: true })
  const leaves = found.prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
  const pages = leaves.pluck().all(table) as number[] // a column of integers
  found.close()
  return pages[Math.floor(pages.length / 2)] ?? 1
}
