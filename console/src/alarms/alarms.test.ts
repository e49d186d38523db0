import { describe, expect, test } from 'vitest'
import type { AuditLine } from '../api/schemas.ts'
import { at, DAY_MS, NO_ALARM, NOW, unitOf } from '../parc/unit.fixture.ts'
import { inOrder } from './alarm.ts'
import { configurationAlarmsIn } from './configuration-alarms.ts'
import { identityAlarmsIn } from './identity-alarms.ts'

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
    expect(identityAlarmsIn(rows, NOW)).toMatchObject([
      {
        what: 'vg-0002',
        site: 'bayons',
        title: expect.stringContaining('deuxième fois'),
        address: '10.0.0.3',
        times: 1,
      },
    ])
  })

  test('are told once for a box that knocks again and again, by its newest knock', () => {
    const rows = [line(3), line(2, { reason: 'site-differs' }), line(1)]
    expect(identityAlarmsIn(rows, NOW).map(({ at, times }) => [NOW - at, times])).toEqual([
      [7 * 60_000, 2],
      [8 * 60_000, 1],
    ])
  })

  test('are gone for all once somebody has seen them, and come back with the next knock', () => {
    const seen = line(3, { action: 'unit.refusal-seen', who: 'marie.blanc', after: { row: 2 } })
    expect(identityAlarmsIn([seen, line(2), line(1)], NOW)).toEqual([])
    const other = line(1, { reason: 'site-differs' })
    expect(identityAlarmsIn([line(4), seen, line(2), other], NOW)).toMatchObject([
      { times: 1, row: 4 },
      { times: 1, row: 1 },
    ])
    // Came between what she had before her and her word.
    const late = [line(4, { action: 'unit.refusal-seen', after: { row: 2 } }), line(3), line(2)]
    expect(identityAlarmsIn(late, NOW)).toMatchObject([{ times: 1, row: 3 }])
  })

  test('go after a week, and do not break on a row that says nothing', () => {
    expect(identityAlarmsIn([line(1, { at: at(NOW - 8 * DAY_MS) })], NOW)).toEqual([])
    expect(identityAlarmsIn([line(1, { after: null }), line(2, { after: 'isAlarm' })], NOW)).toEqual([])
  })
})

describe('alarms of configuration', () => {
  const standing = { desired: 4, runs: 3, isRefused: true }
  const refused = { version: 4, at: at(NOW - 60_000), reason: 'camera-unreachable', about: 'cam1' }
  const turnedAway = { at: at(NOW - 30_000), reason: 'configuration-untrusted' }

  test('are a version that a unit went back from, and one that is not its fleet\u2019s word, each with what to do', () => {
    const unit = unitOf('vg-0001', { configuration: { ...standing, refused, turnedAway } })
    const [first, second] = inOrder(configurationAlarmsIn([unit, unitOf('vg-0002')]))
    expect(first).toMatchObject({ what: 'vg-0001', at: NOW - 30_000, title: 'Réglages d’origine douteuse, refusés' })
    expect(second?.title).toBe('Version 4 des réglages abandonnée\u202f: caméra injoignable (cam1)')
    expect(second?.advice).toMatch(/Vérifier l’alimentation.*garde ses réglages.*se ferme d’elle-même/)
  })

  test('end by themselves when a later version is confirmed, and are none of a box that is no site\u2019s', () => {
    const confirmed = unitOf('vg-0001', { configuration: { desired: 5, runs: 5, isRefused: false, ...NO_ALARM } })
    expect(configurationAlarmsIn([confirmed, unitOf('vg-0009', { configuration: null })])).toEqual([])
  })
})
