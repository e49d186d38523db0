import { createGateLedger } from '@vigie/tests/fixtures/gate-ledger'
import fc from 'fast-check'
import { ulid, ulidToUUID } from 'ulid'
import { describe, expect, test } from 'vitest'
import type { RowBody } from './gate/row.ts'
import type { TicketRef } from './gate/ticket-code.ts'
import type { ItemId } from './ids.ts'
import { bytesOfId, comesBack, idOfBytes, partsOf, rowOf } from './row-columns.ts'

const TICKET = 'a1b2c3d4e5f60718' as TicketRef
const decision = (ticket: TicketRef | null, change: Partial<Extract<RowBody, { kind: 'decision' }>> = {}): RowBody => ({
  ...{ kind: 'decision', nonce: 'nonce-12345', direction: 'in', outcome: 'ok', ticket, persons: 1 },
  ...{ right: { entries: 1, persons: 1 }, medium: 'signed', listAge: { feed: 12, seconds: 3 } },
  ...change,
})

describe('a row taken apart', () => {
  const reason = fc.string({ minLength: 1, maxLength: 40 })
  const ticket = fc.constantFrom<TicketRef | null>(TICKET, null)
  const body: fc.Arbitrary<RowBody> = fc.oneof(
    fc.record({ ticket, feed: fc.nat(), persons: fc.nat(255), reason }).map(({ ticket, feed, persons, reason }) =>
      decision(ticket, {
        ...{ persons, listAge: { feed, seconds: feed % 2 ? null : feed }, text: 'f'.repeat(32) },
        forced: { by: 'claire', reason, instead: 'already_redeemed' },
      }),
    ),
    fc.constant<RowBody>({ kind: 'passage', direction: 'out', decision: null, of: 'free' }),
    fc.nat(4).map(
      (n): RowBody => ({
        kind: 'passage',
        direction: 'in',
        decision: `01KAN5Z000F7Q8R9S0T1V2W3X${n}` as ItemId,
        of: 'grant',
      }),
    ),
    fc.nat(9).map((inside): RowBody => ({ kind: 'correction', inside, by: 'claire', reason: 'compté' })),
    fc.constant<RowBody>({ kind: 'everybody-out' }),
    reason.map((reason): RowBody => ({ kind: 'lane', state: 'free', by: 'claire', reason })),
    fc.constant<RowBody>({ kind: 'status', ticket: TICKET, status: 'blocked', by: 'claire' }),
  )

  test('is the same when it is put together again', () => {
    const chain = createGateLedger('vg-0102')
    fc.assert(
      fc.property(body, fc.boolean(), (body, isOwnNonce) => {
        const row = chain.add('2026-08-16T10:00:00.123Z', body)
        const told = isOwnNonce && body.kind === 'decision' ? { ...row, body: { ...body, nonce: row.id } } : row
        const { origin, seq, prev, hash } = told
        expect(rowOf(partsOf(told as typeof row), { origin, seq, prev, hash })).toEqual(told)
      }),
      { numRuns: 300 },
    )
  })
})

test('a row that says more than this version knows of comes back with it, or is known not to', () => {
  const row = createGateLedger('vg-0102').add('2026-08-16T10:00:00.123Z', decision(TICKET))
  const comes = (change: object) => comesBack({ ...row, ...change })
  expect(comes({})).toBe(true)
  expect(comes({ temperature: 4 })).toBe(true)
  expect(comes({ body: { ...row.body, weather: { sky: 'clear' }, mood: 'good' } })).toBe(true)
  expect(comes({ body: { ...row.body, listAge: { feed: 1, seconds: 3, mark: 'a' } } })).toBe(false)
  expect(comes({ at: '2026-02-30T10:00:00.000Z' })).toBe(false)
  expect(comes({ at: '2026-08-99T10:00:00.000Z' })).toBe(false)
})

test('an id is its sixteen bytes, as others write them', () => {
  for (const id of ['0'.repeat(26), `7${'Z'.repeat(25)}`, ...Array.from({ length: 200 }, () => ulid())] as ItemId[]) {
    expect(bytesOfId(id).toString('hex')).toBe(ulidToUUID(id).replaceAll('-', '').toLowerCase())
    expect(idOfBytes(bytesOfId(id))).toBe(id)
  }
  expect(() => bytesOfId('01kan5z000f7q8r9s0t1v2w3x4' as ItemId)).toThrow(RangeError)
})
