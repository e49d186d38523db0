import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { type BuiltProgram, buildProgram } from '@vigie/tests/fixtures/built-program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLaneLedger } from './lane-ledger.ts'

const ROUNDS = process.env['VIGIE_SOAK'] === '1' ? 20 : 1
const source = new URL('.', import.meta.url).pathname
const reason = spawnSync('fiu-run', ['-h']).error ? 'fiu-run is not here (Debian: fiu-utils)' : undefined
if (reason !== undefined) console.log(`no write is made to fail: ${reason}`)

/** Lets people in while one write in so many fails; says whom it let in, and how often it was refused. */
const LANE = `
import { writeFileSync } from 'node:fs'
import { monotonicFactory } from 'ulid'
import { openLaneLedger } from '${source}lane-ledger.ts'
const newId = monotonicFactory()
const clock = { now: Date.now, monotonicMs: () => performance.now(), state: () => 'estimated', errorMs: () => null }
function open() {
  for (;;) {
    try {
      return openLaneLedger({ file: process.argv[2], now: Date.now }, { unit: 'vg-0101', boot: newId(), clock, newId })
    } catch (error) {
      if (error.code !== 'disk-failing') throw error
    }
  }
}
const { ledger } = open()
const letIn = []
let refused = 0
for (let turn = 0; turn < 200; turn++) {
  const ticket = turn.toString(16).padStart(16, '0')
  const body = {
    ...{ kind: 'decision', nonce: 'nonce-' + ticket, direction: 'in', outcome: 'ok', ticket, persons: 1 },
    ...{ right: { entries: 1, persons: 1 }, medium: 'signed', listAge: { feed: 0, seconds: null } },
  }
  try {
    ledger.append([{ body, lane: 'tripod1' }])
    letIn.push(ticket)
  } catch (error) {
    if (error.code !== 'disk-failing') throw error
    refused++
  }
}
for (let isSaid = false; !isSaid; ) {
  try {
    writeFileSync(process.argv[2] + '.json', JSON.stringify({ letIn, refused }))
    isSaid = true
  } catch {
    // This write may be the one that fails.
  }
}
process.kill(process.pid, 'SIGKILL')
`

let folder: string
let program: BuiltProgram
beforeAll(async () => {
  if (reason !== undefined) return
  folder = mkdtempSync(join(tmpdir(), 'vigie-ledger-io-'))
  program = await buildProgram(new URL('../../../dist/ledger-io', import.meta.url).pathname, LANE, [
    'better-sqlite3',
    'ulid',
  ])
})
afterAll(() => {
  if (reason !== undefined) return
  rmSync(folder, { recursive: true })
  program.remove()
})

test.skipIf(reason !== undefined).each([
  ['writing', ['posix/io/rw/pwrite'], 0.1],
  ['syncing', ['posix/io/sync/fsync', 'posix/io/sync/fdatasync'], 0.2],
])(
  'survives errors of %s, says them, and forgets nobody whom it said to be let in',
  async (_name, points, probability) => {
    for (let round = 0; round < ROUNDS; round++) {
      const file = join(folder, `${points.join().replaceAll('/', '-')}-${round}`)
      const faults = points.flatMap((name) => ['-c', `enable_random name=${name},probability=${probability}`])
      await promisify(execFile)('fiu-run', ['-x', ...faults, process.execPath, program.file, file]).catch(
        ({ signal, stderr }: { signal?: string; stderr?: string }) => expect(signal ?? stderr).toBe('SIGKILL'),
      )
      const said: { letIn: TicketRef[]; refused: number } = JSON.parse(readFileSync(`${file}.json`, 'utf8'))
      console.log(`${points}: ${said.letIn.length} let in, ${said.refused} times refused`)
      expect(said.refused).toBeGreaterThan(0)
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
      expect(said.letIn.filter((ticket) => ledger.history(ticket).entries.length !== 1)).toEqual([])
      ledger.close()
    }
  },
  120_000,
)
