import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import { expect, test } from 'vitest'
import { LEDGER_MESSAGE_MAX_BYTES, LEDGER_MESSAGE_MAX_ROWS } from '../bounds.ts'
import { decodeShared } from './ledger-message.ts'
import type { TicketRef } from './ticket-code.ts'

test('as many rows as a message may hold are taken, also where each is as long as it may be', () => {
  const ledger = createGateLedger(`v${'g'.repeat(23)}`, `l${'a'.repeat(15)}`)
  // A control character is the longest in JSON: six bytes.
  const [by, reason, longest] = ['p'.repeat(64), '\u0001'.repeat(200), Number.MAX_SAFE_INTEGER]
  for (let row = 0; row < LEDGER_MESSAGE_MAX_ROWS; row += 1) {
    ledger.decide('2026-08-15T10:00:00.000Z', 'f'.repeat(32) as TicketRef, {
      nonce: 'n'.repeat(64),
      detail: 'rule-not-met',
      persons: 255,
      right: { entries: 255, persons: 255, perDay: true, reentry: true },
      forced: { by, reason, instead: 'already_redeemed' },
      medium: 'foreign',
      by,
      listAge: { feed: longest, seconds: longest },
      onList: 'phone',
      text: 'f'.repeat(32),
    })
  }
  const rows = ledger.rows.map((row) => ({ ...row, mono: longest, clockErrorMs: longest }))
  const bytes = Buffer.from(JSON.stringify({ v: 1, kind: 'shared', rows }))
  expect(bytes.byteLength).toBeLessThan(LEDGER_MESSAGE_MAX_BYTES)
  expect(decodeShared(bytes)).toMatchObject({ ok: true })
  const more = Buffer.from(JSON.stringify({ v: 1, kind: 'shared', rows: [...rows, rows[0]] }))
  expect(decodeShared(more)).toMatchObject({ ok: false, reason: 'shape-wrong' })
})
