import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { createTrialLane } from '@vigie/tests/fixtures/museum/trial-lane'
import { ulid } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConflicts } from './conflicts.ts'
import { createGatewayClock } from './gateway-clock.ts'
import { openLedgerFile } from './ledger/ledger-file.ts'
import { createMuseumLedger } from './ledger/museum-ledger.ts'

const NOW = Date.parse('2026-08-12T09:00:00.000Z')
const now = () => NOW
const ticket = (index: number) => index.toString(16).padStart(16, '0') as TicketRef

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-conflicts-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A gateway's ledger that counts how many tickets were looked at. */
function open() {
  const clock = createGatewayClock({ now, monotonicMs: () => 1 })
  const ledger = createMuseumLedger(openLedgerFile(join(folder, 'ledger.sqlite'), { now }), {
    ...{ unit: 'vg-salagon' as UnitId, boot: ulid() as BootId, clock, newId: () => ulid() as ItemId },
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  })
  const looked: TicketRef[] = []
  const history = (about: TicketRef) => {
    looked.push(about)
    return ledger.history(about)
  }
  return { ledger, looked, conflicts: createConflicts({ ...ledger, history }, { now }) }
}

test('a start looks at the tickets of the last rows and at those in conflict, not at a season of them', async () => {
  const [one, other] = ['vg-tripod1', 'vg-tripod2'].map((unit) => createTrialLane(unit, { now }))
  if (one === undefined || other === undefined) throw new Error('no lanes')
  const first = open()
  const told = () => {
    for (const { unit, own } of [one, other]) first.ledger.take(unit as UnitId, own)
  }
  await one.admit(ticket(1))
  await other.admit(ticket(1))
  // Everybody shows the ticket a second time, and is refused: two decisions, and no conflict.
  for (let index = 2; index < 300; index += 1) {
    const [decision] = await one.admit(ticket(index))
    if (decision?.body.kind !== 'decision') throw new Error('no decision')
    const { right: _, ...body } = decision.body
    one.write({ ...body, nonce: ulid(), outcome: 'already_redeemed', persons: 0 })
  }
  told()
  const found = first.conflicts.all()
  expect(found).toMatchObject([{ ticket: ticket(1), persons: 1 }])
  first.ledger.close()

  // The first start after these rows looks at all of them once.
  const second = open()
  expect(second.conflicts.all()).toEqual(found)
  await one.admit(ticket(2_000))
  await other.admit(ticket(2_000))
  for (const { unit, own } of [one, other]) second.ledger.take(unit as UnitId, own)
  const both = second.conflicts.all()
  expect(both).toHaveLength(2)
  second.ledger.close()

  const third = open()
  expect(third.conflicts.all()).toEqual(both)
  expect(new Set(third.looked)).toEqual(new Set([ticket(1), ticket(2_000)]))
  third.ledger.close()
})
