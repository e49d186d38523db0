import { createGateLedger, sha256Hex } from '@vigie/tests/fixtures/gate-ledger'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ItemId, UnitId } from '../ids.ts'
import { canonicalJson, chainStart, followChain, hashedText } from './chain.ts'
import type { Row } from './row.ts'
import type { TicketId } from './ticket-code.ts'

const ticket = '00c0ffee0000d00d' as TicketId // 16 hexadecimal digits
const lane = 'vg-0101' as UnitId

function fiveRows(): Row[] {
  const ledger = createGateLedger('vg-0101')
  for (let minute = 0; minute < 5; minute += 1) ledger.decide(`2026-08-15T10:0${minute}:00.000Z`, ticket)
  return ledger.rows
}
const follow = (rows: readonly Row[], end = chainStart) => followChain(rows, lane, end, sha256Hex)

describe('the chain of a ledger', () => {
  test('is followed from its start, or on from where it was left', () => {
    const rows = fiveRows()
    const whole = follow(rows)
    expect(whole).toMatchObject({ taken: 5, problem: null, end: { seq: 5, hash: rows[4]?.hash } })
    expect(follow(rows.slice(3), follow(rows.slice(0, 3)).end)).toEqual({ ...whole, taken: 2 })
  })

  test('takes what is whole before a row that was changed, left out or written anew, and says which', () => {
    const [first, second, third, ...others] = fiveRows()
    if (first === undefined || second === undefined || third === undefined) throw new Error('five rows')
    const changed = { ...third, at: '2026-08-15T09:00:00.000Z' }
    expect(follow([first, second, changed, ...others])).toMatchObject({
      taken: 2,
      problem: { at: 3, why: 'hash-wrong' },
    })
    expect(follow([first, second, ...others])).toMatchObject({ taken: 2, problem: { at: 4, why: 'gap' } })
    const rehashed = { ...changed, hash: sha256Hex(hashedText(changed)) }
    expect(follow([first, second, rehashed, ...others])).toMatchObject({
      taken: 3,
      problem: { at: 4, why: 'prev-wrong' },
    })
    expect(follow([{ ...first, origin: 'vg-0102' as UnitId }])).toMatchObject({ problem: { why: 'origin-wrong' } })
    expect(follow([first, second, second])).toMatchObject({ taken: 2, problem: { why: 'known-otherwise' } })
  })

  test('notices any one field that was changed', () => {
    const [row] = fiveRows()
    if (row === undefined) throw new Error('a row')
    const changes: Partial<Row>[] = [
      { id: '01KAN5Z3W0F7Q8R9S0T1V2W3X4' as ItemId },
      { mono: 1 },
      { clock: 'unknown' },
      { clockErrorMs: null },
      { lane: null },
      { body: { kind: 'everybody-out' } },
    ]
    for (const change of changes) {
      expect(follow([{ ...row, ...change }])).toMatchObject({ taken: 0, problem: { why: 'hash-wrong' } })
    }
  })

  test('hashes the same text whichever way the fields of a row are laid out', () => {
    const shuffled = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, part]) => [key, shuffled(part)]),
          )
        : value
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'small' })), (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    expect(canonicalJson({ b: [1, null, { d: undefined, c: 'é' }], a: true })).toBe('{"a":true,"b":[1,null,{"c":"é"}]}')
  })

  test('is the SHA-256 of the hash before it and of the row without its own', () => {
    const [row] = fiveRows()
    if (row === undefined) throw new Error('a row')
    const { hash, ...rest } = row
    expect(hash).toBe(sha256Hex('0'.repeat(64) + canonicalJson(rest)))
  })
})
