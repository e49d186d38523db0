import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FeedEntry } from '@vigie/contract/gate/feed'
import type { ForeignHash, TicketId } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { openLaneLedger } from '@vigie/edge-agent/lane/ledger/lane-ledger'
import { openListStore } from '@vigie/edge-agent/lane/store/list-store'
import { monotonicFactory } from 'ulid'
import { SITE } from '../../fixtures/museum/trial-catalogue.ts'

/** What a museum has after two seasons: single tickets of other sellers in the feed, and as many that were let in. */
export const FULL = 200_000
const AT_ONCE = 4_000
/** As the services of firmware-config/system start a box's Node. */
export const AS_ON_A_BOX = ['--max-semi-space-size=4']
/** 11 persons a minute at two lanes, for half an hour: what `rush` lets in. */
export const A_DAY = 660
const SEASON_MS = 200 * 86_400_000

/** Ids stand in no order, as real ones do: what is kept by them is less dense than what is kept in a row. */
const scattered = (index: number, digits: number): string =>
  createHash('sha256').update(`${digits} ${index}`).digest('hex').slice(0, digits)

export const redeemed = (index: number): TicketId => scattered(index, 16) as TicketId
const foreign = (index: number): ForeignHash => scattered(index, 32) as ForeignHash

/** Opens the ledger of a box as its agent does, with a clock of which everything is known. */
export function openLedger(folder: string, unit: string, now: () => number) {
  const newUlid = monotonicFactory()
  const newId = () => newUlid() as ItemId // it makes ULIDs
  const clock = { now, monotonicMs: () => performance.now(), state: () => 'synchronised' as const, errorMs: () => 100 }
  const boot = newId() as string as BootId
  const place = { file: join(folder, 'ledger.sqlite'), now }
  return { ledger: openLaneLedger(place, { unit: unit as UnitId, boot, clock, newId }).ledger, newId }
}
export const openLists = (folder: string) =>
  openListStore(join(folder, 'lists.sqlite'), (path) => rmSync(path, { force: true }))

/** Fills the folder of a box in a process of its own, whose memory is gone afterwards. */
export function fillMuseum(folder: string, unit: string, nowMs: number): void {
  const ended = spawnSync(process.execPath, [fileURLToPath(import.meta.url), folder, unit, String(nowMs)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (ended.status !== 0) throw new Error('the museum was not filled')
}

function fill(folder: string, unit: string, nowMs: number): void {
  const { ledger, newId } = openLedger(folder, unit, () => nowMs)
  const lane = 'tripod1' as LaneId
  for (let from = 0; from < FULL; from += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, index) => from + index).flatMap((index) => {
      const id = newId()
      const atMs = Math.round(nowMs - SEASON_MS + (index / FULL) * (SEASON_MS - 86_400_000))
      const listAge = { feed: index, seconds: index % 300 }
      const right = { entries: 1, persons: 1 }
      const body = {
        kind: 'decision',
        nonce: id,
        direction: 'in',
        outcome: 'ok',
        ticket: redeemed(index),
      } as const
      return [
        { id, lane, atMs, body: { ...body, persons: 1, right, medium: 'signed' as const, listAge } },
        { lane, atMs: atMs + 2_000, body: { kind: 'passage', direction: 'in', decision: id, of: 'grant' } as const },
      ]
    })
    ledger.append(rows)
  }
  const end = ledger.ends()[0]?.seq ?? 0
  ledger.setMark('cloud', end)
  ledger.setMark('lan', end)
  ledger.close()

  const lists = openLists(folder)
  const at = new Date(nowMs).toISOString()
  for (let from = 0; from < FULL; from += AT_ONCE) {
    const entries = Array.from({ length: AT_ONCE }, (_, index): FeedEntry => {
      const n = from + index + 1
      const of = {
        seller: 'billetweb',
        status: 'valid',
        type: 1 + (n % 2),
        firstDay: 2400 + (n % 200),
        days: 1,
      } as const
      return { n, ticket: null, hash: foreign(n), ...of, slotStart: 600 + (n % 8) * 60, entries: 1, persons: 1, at }
    })
    const page = { v: 1, kind: 'feed-page', site: SITE, after: from, upTo: from + AT_ONCE, newest: FULL } as const
    lists.keepPage({ ...page, at, entries })
  }
  lists.close()
}

/** Bytes by which a process grows that opens both and looks so many tickets up without a pause, its garbage collected. */
export function memoryBytes(folder: string, unit: string, looks: number): number {
  const file = fileURLToPath(import.meta.url)
  const args = [...AS_ON_A_BOX, '--expose-gc', file, folder, unit, 'memory', String(looks)]
  const ended = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return Number(ended.stdout)
}

function printMemory(folder: string, unit: string, looks: number): void {
  // What is looked up is worked out before: hashing leaves more behind than looking up.
  const looked = Array.from({ length: looks }, (_, index) => (index * 7919) % FULL)
  const [tickets, hashes] = [looked.map(redeemed), looked.map(foreign)]
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  const { ledger } = openLedger(folder, unit, Date.now)
  const lists = openLists(folder)
  for (const ticket of tickets) ledger.history(ticket)
  for (const hash of hashes) lists.entryOf(hash)
  globalThis.gc?.()
  console.log(process.memoryUsage.rss() - before)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', unit = '', what = '', looks = ''] = process.argv.slice(2)
  if (what === 'memory') printMemory(folder, unit, Number(looks))
  else fill(folder, unit, Number(what))
}
