import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RowBody } from '@vigie/contract/gate/row'
import type { TicketId } from '@vigie/contract/gate/ticket-code'
import type { LaneId } from '@vigie/contract/ids'
import Database from 'better-sqlite3'
import { megabytes, printReport, quantile, type Row, times } from './measure/figures.ts'
import { fillGateway, startGateway } from './measure/full-gateway.ts'
import { A_DAY, FULL, fillMuseum, memoryBytes, openLedger, openLists, redeemed } from './measure/full-museum.ts'

/*
 * What the ledger of a lane's box costs: rows a second, each durable before the next; bytes a row; memory and disk with
 * 200,000 tickets and 200,000 redemptions; and how long it takes to read what was done with one ticket. And what the ledger
 * of the museum gateway costs with as many redemptions of its two lanes: bytes a row, a start, memory.
 */
const UNIT = 'vm-1001'
const ROUNDS = 1_500
/** So many that the garbage of looking them up, which is the engine's to keep or give back, outweighs what is kept. */
const MANY = 5_000
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'vigie-bench-'))
const lane = 'tripod1' as LaneId

function decisionOf(ticket: TicketId, nonce: string): RowBody {
  const [right, listAge] = [
    { entries: 1, persons: 1 },
    { feed: 1, seconds: 3 },
  ]
  const of = { kind: 'decision', nonce, direction: 'in', outcome: 'ok', ticket, persons: 1 } as const
  return { ...of, right, medium: 'signed', listAge }
}

const diskBytes = (path: string) =>
  readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).blocks * 512, 0)

function each(count: number, work: (index: number) => void): number[] {
  return Array.from({ length: count }, (_, index) => {
    const beganMs = performance.now()
    work(index)
    return performance.now() - beganMs
  })
}
const figures = (values: number[]) => ({
  'a second': 1000 / (values.reduce((sum, value) => sum + value, 0) / values.length),
  'p50 ms': quantile(values, 0.5),
  'p99 ms': quantile(values, 0.99),
  'max ms': quantile(values, 1),
})

/** The whole row as JSON in a table with one index, and nothing else: what any program on SQLite has to do. */
function bareInserts(): number[] {
  const database = new Database(join(folder, 'bare.sqlite'))
  database.pragma('locking_mode = EXCLUSIVE')
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('CREATE TABLE row (seq INTEGER PRIMARY KEY, ticket TEXT, text TEXT NOT NULL)')
  database.exec('CREATE INDEX row_by_ticket ON row (ticket)')
  const insert = database.prepare('INSERT INTO row (ticket, text) VALUES (?, ?)')
  const found = each(ROUNDS, (index) => {
    const ticket = redeemed(FULL + index)
    insert.run(ticket, JSON.stringify(decisionOf(ticket, `nonce-${index}-of-bare`)).padEnd(620))
  })
  database.close()
  return found
}

try {
  const full = join(folder, 'full')
  mkdirSync(full)
  const nowMs = Date.now()
  fillMuseum(full, UNIT, nowMs)
  const disk = { ledger: statSync(join(full, 'ledger.sqlite')).size, lists: statSync(join(full, 'lists.sqlite')).size }

  const [grownBy, grownByMany] = [memoryBytes(full, UNIT, A_DAY), memoryBytes(full, UNIT, MANY)]
  const beganMs = performance.now()
  const { ledger, newId } = openLedger(full, UNIT, Date.now)
  const openMs = performance.now() - beganMs
  const lists = openLists(full)
  const histories = each(20_000, (index) => void ledger.history(redeemed((index * 7919) % FULL)))
  const entries = each(20_000, (index) => void lists.entryOf(redeemed((index * 7919) % FULL)))
  const appends = each(ROUNDS, (index) => {
    const id = newId()
    ledger.append([{ id, lane, body: decisionOf(redeemed(FULL + index), id) }])
  })
  const bare = bareInserts()
  const took = performance.now()
  const problem = ledger.verify()
  const verifiedS = (performance.now() - took) / 1000
  ledger.close()
  lists.close()

  const row = (label: string, values: number[]): Row => ({ label, figures: figures(values) })
  printReport('Rows a second, each durable (FULL) before the next, with the full ledger under them', [
    row('a bare insert of the row as JSON, in an empty table', bare),
    row('a row of the ledger', appends),
    {
      label: 'of the bare insert',
      figures: { 'p50 ms': times(quantile(appends, 0.5), quantile(bare, 0.5)) },
    },
    row('history of one ticket of 200,000', histories),
    row('entry of one ticket of 200,000', entries),
  ])
  printReport(`${FULL} tickets in the feed, ${FULL} redemptions: decision and passage each`, [
    {
      label: 'ledger and lists',
      figures: {
        rows: FULL * 2,
        'bytes a row': disk.ledger / (FULL * 2),
        'ledger on the disk': megabytes(disk.ledger),
        'looked through at the start in ms': openMs,
        'lists on the disk': megabytes(disk.lists),
        'all on the disk': megabytes(diskBytes(full)),
        [`memory grew by, ${A_DAY} looked up`]: megabytes(grownBy),
        [`${MANY} without a pause`]: megabytes(grownByMany),
        'whole chain reckoned anew in s': problem === null ? verifiedS : 'NOT WHOLE',
      },
    },
  ])

  fillGateway(folder)
  // The first start after that looks through all rows for conflicts, as after a salvage.
  const starts = [startGateway(folder), startGateway(folder)]
  const gatewayBytes = statSync(join(folder, 'gateway.sqlite')).size
  printReport(
    `A start of the museum gateway with ${FULL} redemptions of two lanes, 660 a day, until it decides`,
    starts.map(({ ms, openMs, bytes, conflicts, rows }, index) => ({
      label: index === 0 ? 'after a salvage' : 'as always',
      figures: {
        rows,
        conflicts,
        'bytes a row': gatewayBytes / rows,
        'on the disk': megabytes(gatewayBytes),
        [`${FULL} rows of it`]: megabytes((gatewayBytes / rows) * FULL),
        'file looked through in ms': openMs,
        'start in ms': ms,
        'memory grew by': megabytes(bytes),
      },
    })),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
