import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decide } from '@vigie/contract/gate/decide'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { ItemId, LaneId } from '@vigie/contract/ids'
import { createPresent } from '@vigie/contract/present'
import { laneDevices } from '@vigie/edge-agent/lane/devices'
import {
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import Database from 'better-sqlite3'
import { openTerminalPair } from '../fakes/gate/pseudo-terminal.ts'
import { plugInReader } from '../fakes/gate/reader.ts'
import { startTripod } from '../fakes/gate/tripod.ts'
import { openTrialBox } from '../fixtures/museum/trial-box.ts'
import { createTrialSigner, OPEN_AT_MS, SITE } from '../fixtures/museum/trial-catalogue.ts'
import { trialLane } from '../fixtures/trial-lane.ts'
import { until } from '../fixtures/until.ts'
import { printReport, quantile, type Row } from './measure/figures.ts'
import { FULL, fillMuseum, openLedger, redeemed } from './measure/full-museum.ts'

/*
 * From the last byte of a code read to the relay command at the board: a reader and a Modbus slave that nobody here wrote on
 * pseudo-terminals, with 200,000 tickets and 200,000 redemptions under the decision. Beside it the same board without a
 * decision, and what a decision is made of.
 */
const UNIT = 'vg-tripod1'
const VISITORS = Number(process.env['VIGIE_BENCH_VISITORS'] ?? 300)
const PURE = 20_000
/** The clock that the tripod's process tells, too. */
const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6

const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
const began = performance.now()
const now = () => OPEN_AT_MS + Math.round(performance.now() - began)
const fresh = (index: number) => `e${index.toString(16).padStart(15, '0')}` as TicketId
const row = (label: string, values: number[]): Row => ({
  label,
  figures: {
    times: values.length,
    'p50 ms': quantile(values, 0.5),
    'p99 ms': quantile(values, 0.99),
    'max ms': quantile(values, 1),
  },
})

function each(count: number, work: (index: number) => void): number[] {
  return Array.from({ length: count }, (_, index) => {
    const beganMs = performance.now()
    work(index)
    return performance.now() - beganMs
  })
}

async function overTheLine(signer: Awaited<ReturnType<typeof createTrialSigner>>, authority: DevelopmentAuthority) {
  const line = await openTerminalPair()
  const tripod = await startTripod(line.far)
  const reader = await plugInReader(join(folder, 'reader'))
  let readMs = 0
  const box = await openTrialBox({
    ...{ folder, authority, signer, now, unit: UNIT, fill: (own: string) => fillMuseum(own, UNIT, now()) },
    lane: {
      reader: { profile: 'generic-serial', port: reader.port },
      board: { ...trialLane().board, port: line.near },
      timings: { pulseMs: 100 },
    },
    devices: {
      ...laneDevices,
      openLine: (path, settings, onBytes) =>
        laneDevices.openLine(path, settings, (bytes) => {
          readMs = monotonicMs()
          onBytes(bytes)
        }),
    },
  })
  const { museum } = signer.catalogue()
  box.giveCatalogue({ museum: { ...museum, capacity: { ...museum.capacity, refuseAt: null } } })
  await until(() => box.log.some(({ event }) => event === 'reader.working'))
  const orders = () => tripod.news.filter(({ event, pdu }) => event === 'frame' && String(pdu).startsWith('050200'))
  const passed = () => tripod.news.filter(({ event }) => event === 'passed').length

  async function visit(order: () => void, startMs: () => number): Promise<number> {
    const [before, through] = [orders().length, passed()]
    order()
    await until(() => orders().length > before)
    const tookMs = Number(orders().at(-1)?.['ms']) - startMs()
    await until(() => tripod.news.filter(({ event }) => event === 'released').length > through)
    tripod.tell({ do: 'push', takes: 0.15 })
    await until(() => passed() > through)
    await box.isLocked()
    return tookMs
  }

  const whole: number[] = []
  const alone: number[] = []
  for (let visitor = 0; visitor < VISITORS; visitor += 1) {
    whole.push(
      await visit(
        () => reader.show(signer.ticket(fresh(visitor))),
        () => readMs,
      ),
    )
    if (visitor % 3 !== 0) continue
    let orderedMs = 0
    const decision = '01J0000000000000000000000A' as ItemId // of the contract's pattern
    const order = () => {
      orderedMs = monotonicMs()
      box.work().atWork.grant({ decision, direction: 'in', persons: 1, of: 'staff' })
    }
    alone.push(await visit(order, () => orderedMs))
  }
  const own = box.decisions().map(({ tookMs }) => Number(tookMs))
  await box.stop()
  await tripod.stop()
  await reader.unplug()
  await line.unplug()
  return { whole, alone, own, folder: box.folder }
}

function parts(signer: Awaited<ReturnType<typeof createTrialSigner>>, full: string): Row[] {
  const { ledger } = openLedger(full, UNIT, now)
  const catalogue = signer.catalogue()
  const present = createPresent(() => false)
  const codes = Array.from({ length: 2_000 }, (_, index) => signer.ticket(redeemed(index * 97)))
  const presented = codes.map((code) => present(code, catalogue))
  const histories = each(PURE, (index) => void ledger.history(redeemed((index * 7919) % FULL)))
  const known = presented.map((_, index) => ledger.history(redeemed(index * 97)))
  const question = (index: number) => ({
    presented: presented[index % 2_000] ?? ({ medium: 'none', why: 'not-ours' } as const),
    ...{ catalogue, feed: null, occupancy: { inside: 40, isEstimate: false } },
    history: known[index % 2_000] ?? ledger.history(redeemed(0)),
    lane: { id: 'tripod1' as LaneId, bits: 1, isInService: true, openFor: null },
    clock: { nowMs: now(), state: 'synchronised' as const },
    request: { direction: 'in' as const, nonce: `nonce-${index}`, listAge: { feed: 0, seconds: 0 } },
  })
  const questions = Array.from({ length: 2_000 }, (_, index) => question(index))
  const rows = [
    row(
      'the pure decision',
      each(PURE, (index) => void decide(questions[index % 2_000] ?? question(0))),
    ),
    row(
      'reading the code and its seal (Ed25519)',
      each(5_000, (index) => void present(codes[index % 2_000] ?? '', catalogue)),
    ),
    row('what was done with the ticket, from the full ledger', histories),
  ]
  ledger.close()
  const bare = new Database(join(folder, 'bare.sqlite'))
  bare.pragma('journal_mode = WAL')
  bare.pragma('synchronous = FULL')
  bare.exec('CREATE TABLE row (seq INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  const insert = bare.prepare('INSERT INTO row (text) VALUES (?)')
  rows.push(
    row(
      'a bare durable insert',
      each(1_000, () => void insert.run('x'.repeat(600))),
    ),
  )
  bare.close()
  return rows
}

try {
  const units = [{ site: SITE, unit: UNIT }]
  const authority = await createDevelopmentAuthority({ folder, units }, { now: () => Math.min(Date.now(), OPEN_AT_MS) })
  const signer = await createTrialSigner(folder)
  const { whole, alone, own, folder: full } = await overTheLine(signer, authority)
  printReport('From the last byte read to the relay command at the board, over pseudo-terminals', [
    row('an order to the board, without a decision', alone),
    row('a ticket: verified, decided, durable, ordered', whole),
    row('of it, until the order is handed to the board', own),
  ])
  printReport('What a decision is made of', parts(signer, full))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
