import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ChainEnd, chainStart, withHash } from '@vigie/contract/gate/chain'
import type { Row, RowBody } from '@vigie/contract/gate/row'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { createConflicts } from '@vigie/gateway-broker/museum/conflicts'
import { createGatewayClock } from '@vigie/gateway-broker/museum/gateway-clock'
import { createJauge } from '@vigie/gateway-broker/museum/jauge'
import { createLanes } from '@vigie/gateway-broker/museum/lan/lanes'
import { openLedgerFile } from '@vigie/gateway-broker/museum/ledger/ledger-file'
import { createMuseumLedger } from '@vigie/gateway-broker/museum/ledger/museum-ledger'
import { createRecentRows } from '@vigie/gateway-broker/museum/recent-rows'
import { ulid } from 'ulid'
import { AS_ON_A_BOX, FULL, redeemed } from './full-museum.ts'

/** An August Sunday at Salagon; every day of the season is taken as one. */
const A_DAY = 660
/** One visitor in so many shows the ticket again on the way out, or is refused a second time. */
const SHOWN_AGAIN_EACH = 4
/** One in so many comes in at two lanes that did not hear of one another. */
const CONFLICT_EACH = 5_000
const AT_ONCE = 1_000
const DAY_MS = 86_400_000
const LANES = ['vm-1001', 'vm-1002'] as UnitId[]

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const newId = (atMs?: number) => ulid(atMs) as ItemId // it makes ULIDs

function openGateway(folder: string) {
  const clock = createGatewayClock({ now: Date.now, monotonicMs: () => performance.now() })
  const boot = newId() as string as BootId
  const file = openLedgerFile(join(folder, 'gateway.sqlite'), clock)
  return {
    clock,
    ledger: createMuseumLedger(file, {
      unit: 'vm-1000' as UnitId,
      boot,
      clock,
      newId: () => newId(),
      sha256,
      takeBackWithinMs: 0,
    }),
  }
}

/** Fills the ledger of a museum gateway in a process of its own: two lanes, 200,000 redemptions over a long season. */
export function fillGateway(folder: string): void {
  const ended = run([folder, 'fill'])
  if (ended.status !== 0) throw new Error('the gateway was not filled')
}

function fill(folder: string): void {
  const { ledger } = openGateway(folder)
  const nowMs = Date.now()
  const boot = newId() as string as BootId
  const ends = new Map<UnitId, ChainEnd>()
  const waiting = new Map<UnitId, Row[]>(LANES.map((unit) => [unit, []]))
  function write(lane: number, atMs: number, body: RowBody, id = newId(atMs)): Row {
    const unit = LANES[lane % LANES.length] ?? ('' as UnitId)
    const { seq, hash } = ends.get(unit) ?? chainStart
    const of = {
      v: 1,
      id,
      origin: unit,
      seq: seq + 1,
      boot,
      mono: seq,
      lane: `tripod${lane + 1}` as LaneId,
    } as const
    const at = new Date(atMs).toISOString()
    const row = withHash({ ...of, at, clock: 'synchronised', clockErrorMs: 100, prev: hash, body }, sha256)
    ends.set(unit, row)
    waiting.get(unit)?.push(row)
    return row
  }
  const flush = (above: number) => {
    for (const [unit, rows] of waiting) if (rows.length > above) ledger.take(unit, rows.splice(0))
  }
  for (let index = 0; index < FULL; index += 1) {
    const day = Math.floor((FULL - 1 - index) / A_DAY)
    const atMs = Math.round(nowMs - day * DAY_MS - 8 * 3_600_000 + ((index % A_DAY) / A_DAY) * 7.9 * 3_600_000)
    const lane = index % 2
    letIn(write, { ticket: redeemed(index), lane, atMs, direction: 'in' })
    if (index % SHOWN_AGAIN_EACH === 0)
      letIn(write, { ticket: redeemed(index), lane, atMs: atMs + 60_000, direction: 'out' })
    if (index % CONFLICT_EACH === 0)
      letIn(write, { ticket: redeemed(index), lane: 1 - lane, atMs: atMs + 1_000, direction: 'in' })
    flush(AT_ONCE)
  }
  flush(0)
  ledger.close()
}

function letIn(
  write: (lane: number, atMs: number, body: RowBody, id?: ItemId) => Row,
  { ticket, lane, atMs, direction }: { ticket: TicketId; lane: number; atMs: number; direction: 'in' | 'out' },
): void {
  const nonce = newId(atMs)
  const body = { kind: 'decision', nonce, direction, outcome: 'ok', ticket, persons: 1 } as const
  const right = { entries: 1, persons: 1, reentry: true } as const
  const row = write(lane, atMs, { ...body, right, medium: 'signed', listAge: { feed: 1, seconds: 3 } }, nonce)
  write(lane, atMs + 2_000, { kind: 'passage', direction, decision: row.id, of: 'grant' })
}

/** How long a start takes until the gateway answers, the memory it then holds, and what it found. */
export type GatewayStart = { ms: number; openMs: number; bytes: number; conflicts: number; rows: number }
export function startGateway(folder: string): GatewayStart {
  const ended = run([folder, 'start'])
  if (ended.status !== 0) throw new Error('the gateway did not start')
  return JSON.parse(ended.stdout) as GatewayStart
}

function start(folder: string): GatewayStart {
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  const beganMs = performance.now()
  const { ledger, clock } = openGateway(folder)
  const openMs = performance.now() - beganMs
  const recent = createRecentRows(ledger, clock)
  const lanes = createLanes({ ledger, planned: () => [], onChange: () => undefined })
  const conflicts = createConflicts(ledger, clock)
  const jauge = createJauge({
    ...{ ledger, recent, terms: () => null, areExitsCounted: () => true, areAllHere: lanes.areAllHere, now: clock.now },
  })
  jauge.inside()
  const ms = performance.now() - beganMs
  globalThis.gc?.()
  const bytes = process.memoryUsage.rss() - before
  const found = { ms, openMs, bytes, conflicts: conflicts.all().length, rows: ledger.lastPosition() }
  ledger.close()
  return found
}

const run = (words: string[]) =>
  spawnSync(process.execPath, [...AS_ON_A_BOX, '--expose-gc', fileURLToPath(import.meta.url), ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', what = ''] = process.argv.slice(2)
  if (what === 'fill') fill(folder)
  else console.log(JSON.stringify(start(folder)))
}
