import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { pino } from 'pino'
import { ulid } from 'ulid'
import { expect, test } from 'vitest'
import { createAlarms } from './alarms.ts'
import { createGatewayClock } from './gateway-clock.ts'
import { openLedgerFile } from './ledger/ledger-file.ts'
import { createMuseumLedger } from './ledger/museum-ledger.ts'

const NOW = Date.parse('2026-08-12T09:00:00.000Z')

test('an alarm that cannot be written when it is raised is written later, at its own time and once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-alarms-'))
  let passedMs = 0
  const clock = createGatewayClock({ now: () => NOW + passedMs, monotonicMs: () => passedMs })
  const ledger = createMuseumLedger(openLedgerFile(join(folder, 'ledger.sqlite'), clock), {
    ...{ unit: 'vg-salagon' as UnitId, boot: ulid() as BootId, clock, newId: () => ulid() as ItemId },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    takeBackWithinMs: 60_000,
  })
  const alarms = createAlarms({ ledger, log: pino({ enabled: false }), ...clock })
  const rows = () => ledger.after(0, null, 10).map(({ row: { at, body } }) => ({ at, body }))
  alarms.raise('ledger-damaged', 'ledger.sqlite.damaged')
  alarms.look()
  expect(rows()).toEqual([])
  passedMs = 61_000
  alarms.look()
  alarms.look()
  expect(rows()).toMatchObject([{ at: '2026-08-12T09:00:00.000Z', body: { cause: 'ledger-damaged' } }])
  ledger.close()
  rmSync(folder, { recursive: true })
})
