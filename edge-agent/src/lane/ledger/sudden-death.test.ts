import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLaneLedger } from './lane-ledger.ts'

const KILLS = process.env['VIGIE_SOAK'] === '1' ? 200 : 20
const source = new URL('.', import.meta.url).pathname
const built = new URL('../../../dist/ledger-death', import.meta.url).pathname
let folder: string
let program: BuiltProgram

/** Lets people in without a pause, and says "open" of a ticket, as the arm would be released, when its row is written. */
const LANE = `
import { monotonicFactory } from 'ulid'
import { openLaneLedger } from '${source}lane-ledger.ts'
const newId = monotonicFactory()
const boot = newId()
const clock = { now: Date.now, monotonicMs: () => performance.now(), state: () => 'estimated', errorMs: () => null }
const { ledger } = openLaneLedger({ file: process.argv[2], now: Date.now }, { unit: 'vg-0101', boot, clock, newId })
const write = (body) => ledger.append([{ body, lane: 'tripod1' }])[0]
console.log('began')
for (let turn = 0; ; turn++) {
  const ticket = process.argv[3].padStart(8, '0') + turn.toString(16).padStart(8, '0')
  const { id } = write({
    ...{ kind: 'decision', nonce: 'nonce-' + ticket, direction: 'in', outcome: 'ok', ticket, persons: 1 },
    ...{ right: { entries: 1, persons: 1 }, medium: 'signed', listAge: { feed: 0, seconds: null } },
  })
  console.log('open ' + ticket)
  write({ kind: 'passage', direction: 'in', decision: id, of: 'grant' })
  console.log('through ' + ticket)
}
`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-ledger-death-'))
  program = await buildProgram(built, LANE, ['better-sqlite3', 'ulid'])
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  program.remove()
})

/** Reads what the lane says until it has said so many lines, then kills it in the middle of whatever it does. */
async function linesUntilKilled(lane: ChildProcess, count: number): Promise<string[]> {
  if (!lane.stdout) throw new Error('no output')
  const exited = once(lane, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: lane.stdout })) {
    lines.push(line)
    if (lines.length === count) lane.kill('SIGKILL')
  }
  await exited
  return lines
}

test(`has after each of ${KILLS} deaths by kill -9 every entry for which the arm was released, and no half row`, async () => {
  const file = join(folder, 'ledger.sqlite')
  const expected: string[] = []
  for (let kill = 0; kill < KILLS; kill++) {
    const lane = spawn(process.execPath, [program.file, file, kill.toString(16)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Another number each time, so that death comes at another place.
    const lines = await linesUntilKilled(lane, 3 + ((kill * 7) % 37))
    expect(lines[0]).toBe('began')
    expected.push(...lines.slice(1))
    const { ledger, rebuilt } = openLaneLedger(
      { file, now: () => 0 },
      {
        ...{ unit: 'vg-0101' as UnitId, boot: '01KAN5Z000F7Q8R9S0T1V2W3X4' as BootId },
        newId: () => '01KAN5Z000F7Q8R9S0T1V2W3X4' as ItemId,
        clock: { now: () => 0, monotonicMs: () => 0, state: () => 'unknown', errorMs: () => null },
      },
    )
    expect(rebuilt).toBeNull()
    expect(ledger.verify()).toBeNull()
    for (const [word, ticket] of expected.map((line) => line.split(' '))) {
      const history = ledger.history(ticket as TicketRef) // as the lane said it
      expect(history.entries).toHaveLength(1)
      if (word === 'through') expect(history.inside).toBe(1)
    }
    ledger.close()
  }
  expect(expected.length).toBeGreaterThan(KILLS)
}, 900_000)
