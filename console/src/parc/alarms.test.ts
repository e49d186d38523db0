import { describe, expect, test } from 'vitest'
import type { AuditLine } from '../api/schemas.ts'
import { alarmsIn } from './alarms.ts'
import { at, DAY_MS, NOW } from './unit.fixture.ts'

const line = (seq: number, over: Partial<AuditLine> = {}): AuditLine => ({
  seq,
  at: at(NOW - 60_000 * (10 - seq)),
  who: 'vg-0002',
  action: 'unit.refused',
  what: 'vg-0002',
  site: 'bayons',
  before: null,
  after: { isAlarm: true, address: '10.0.0.3' },
  reason: 'second-use',
  hash: '',
  ...over,
})

describe('alarms of identity', () => {
  test('are what the authority calls one, not every refusal', () => {
    const rows = [line(2, { reason: 'claim-expired', after: { address: '10.0.0.3' } }), line(1)]
    expect(alarmsIn(rows, NOW)).toMatchObject([
      { what: 'vg-0002', site: 'bayons', reason: 'second-use', address: '10.0.0.3', times: 1 },
    ])
  })

  test('are told once for a box that knocks again and again, by its newest knock', () => {
    const rows = [line(3), line(2, { reason: 'site-differs' }), line(1)]
    expect(alarmsIn(rows, NOW).map(({ seq, times }) => [seq, times])).toEqual([
      [3, 2],
      [2, 1],
    ])
  })

  test('go after a week, and do not break on a row that says nothing', () => {
    expect(alarmsIn([line(1, { at: at(NOW - 8 * DAY_MS) })], NOW)).toEqual([])
    expect(alarmsIn([line(1, { after: null }), line(2, { after: 'isAlarm' })], NOW)).toEqual([])
  })
})
