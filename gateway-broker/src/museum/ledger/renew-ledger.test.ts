import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import Database from 'better-sqlite3'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createGatewayClock } from '../gateway-clock.ts'
import { writeLedgerBefore } from './ledger-before.fixture.ts'
import { openLedgerFile } from './ledger-file.ts'
import { createMuseumLedger } from './museum-ledger.ts'
import { sha256 } from './sha256.ts'

const KILLS = process.env['VIGIE_SOAK'] === '1' ? 100 : 3
const ROWS = 500
const NOON_MS = Date.parse('2026-08-12T10:00:00.000Z')
const GATEWAY = 'vg-salagon'
const source = new URL('.', import.meta.url).pathname
const OPENING = `
import { openLedgerFile } from '${source}ledger-file.ts'
console.log('began')
openLedgerFile(process.argv[2], { now: Date.now }).database.close()
`

let folder: string
let program: BuiltProgram
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-renewed-'))
  const built = new URL('../../../dist/renew-ledger', import.meta.url).pathname
  program = await buildProgram(built, OPENING, ['better-sqlite3'])
})
afterAll(() => {
  program.remove()
  rmSync(folder, { recursive: true })
})

const ticket = (index: number) => index.toString(16).padStart(16, '0') as TicketRef
const time = (index: number) => new Date(NOON_MS + index * 1000).toISOString()

/** A lane's rows and, one in ten, the gateway's own, in the order in which they came. */
function lived(count: number): Row[] {
  const [lane, staff] = [createGateLedger('vg-tripod1'), createGateLedger(GATEWAY, null)]
  return Array.from({ length: count }, (_, index) => {
    if (index % 10 === 9) return staff.decide(time(index), ticket(index), { nonce: `nonce-of-${index}`, by: 'p-1' })
    const [before] = lane.rows.slice(-1)
    if (index % 2 === 0 || before === undefined) return lane.decide(time(index), ticket(index))
    return lane.add(time(index), { kind: 'passage', direction: 'in', decision: before.id, of: 'grant' })
  })
}

function open(file: string) {
  const opened = openLedgerFile(file, { now: () => NOON_MS })
  const clock = createGatewayClock({ now: () => NOON_MS, monotonicMs: () => 1 })
  const of = { unit: GATEWAY as UnitId, boot: ulid() as BootId, newId: () => ulid() as ItemId }
  return { setAside: opened.setAside, ledger: createMuseumLedger(opened, { ...of, clock, sha256 }) }
}
const rowsIn = (ledger: ReturnType<typeof open>['ledger']) => ledger.after(0, null, 1_000_000)

test('a ledger of the form before is made anew in half its size at most, with each row as it was and where it was', () => {
  const file = join(folder, 'before.sqlite')
  const rows = lived(1_000)
  const own = rows.filter(({ origin }) => origin === GATEWAY)
  writeLedgerBefore(
    file,
    rows,
    `INSERT INTO handed_over VALUES (10, 'stored', NULL), (20, 'refused', 'row-forged'), (40, 'stored', NULL);
     INSERT INTO acknowledged VALUES ('${rows[0]?.id}', 7, 'p-1', 'vu');
     INSERT INTO number VALUES ('session', 41), ('conflicts', 1000);
     INSERT INTO in_conflict VALUES ('${ticket(4)}');`,
  )
  const bytes = statSync(file).size
  const { ledger, setAside } = open(file)
  expect(setAside).toBeNull()
  expect(rowsIn(ledger)).toEqual(rows.map((row, index) => ({ position: index + 1, row })))
  expect(ledger.byNonce('nonce-of-19')?.id).toBe(rows[19]?.id)
  expect(ledger.handover.waiting(0, 3)).toEqual([own[2], own[4], own[5]])
  expect([ledger.handover.countWaiting(), ledger.handover.countRefused()]).toEqual([own.length - 3, 1])
  expect(ledger.acknowledgements.of(rows[0]?.id ?? '')).toEqual({ at: 7, by: 'p-1', note: 'vu' })
  expect([ledger.conflicted.upTo(), ledger.conflicted.tickets()]).toEqual([1_000, [ticket(4)]])
  expect(ledger.numbers.next('session')).toBe(42)
  const [next] = ledger.append([{ body: { kind: 'correction', inside: 1, by: 'p-1', reason: 'compté' } }])
  expect([next?.seq, next?.prev]).toEqual([own.length + 1, own.at(-1)?.hash])
  ledger.close()
  expect(statSync(file).size).toBeLessThan(bytes / 2)
  expect(existsSync(`${file}.new`)).toBe(false)
})

test('of a ledger of the form before with a row that is not what it was, what is before it in its chain is taken over', () => {
  const file = join(folder, 'changed.sqlite')
  const rows = lived(100)
  writeLedgerBefore(file, rows, `UPDATE row SET text = replace(text, '"persons":1', '"persons":2') WHERE position = 51`)
  const { ledger, setAside } = open(file)
  expect(setAside).not.toBeNull()
  const kept = rows.filter(({ origin }, index) => origin === GATEWAY || index < 50)
  expect(rowsIn(ledger).map(({ row }) => row)).toEqual(kept)
  ledger.close()
})

test(`a ledger of the form before is there whole, in that form or in the new one, after each of ${KILLS} deaths in the middle`, async () => {
  const random = seededRandom(seedOfRun())
  const rows = lived(ROWS)
  let file = ''
  for (let kill = 0; kill < KILLS; kill += 1) {
    file = join(folder, `killed-${kill}.sqlite`)
    writeLedgerBefore(file, rows)
    const opening = spawn(process.execPath, [program.file, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(opening, 'exit')
    await once(opening.stdout, 'data')
    // Anywhere in what takes some hundred milliseconds; one that comes too late is no harm.
    await pause(random() * 600)
    opening.kill('SIGKILL')
    await exited
    const found = new Database(file)
    const whole = found.prepare('SELECT count(*) FROM row').pluck().get()
    const [form, check] = ['user_version', 'quick_check(1)'].map((name) => found.pragma(name, { simple: true }))
    found.close()
    console.log(`dead in the form ${form}`)
    expect([whole, check]).toEqual([ROWS, 'ok'])
    const { ledger, setAside } = open(file)
    expect([setAside, rowsIn(ledger).map(({ row }) => row)]).toEqual([null, rows])
    ledger.close()
  }
}, 900_000)
