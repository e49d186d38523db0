import { describe, expect, test } from 'vitest'
import type { AuditLine } from '../api/schemas.ts'
import { at, DAY_MS, NO_ALARM, NOW, unitOf } from '../parc/unit.fixture.ts'
import { inOrder } from './alarm.ts'
import { configurationAlarmsIn } from './configuration-alarms.ts'
import { gateAlarmsIn } from './gate-alarms.ts'
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

describe('alarms of museum boxes', () => {
  const HOUR_MS = 3_600_000
  const museum = { site: 'musee-salagon', siteName: 'Musée de Salagon', isAtMuseum: true }
  const said = (cause: string, about: string, agoMs: number, lateMs = 1_000) => ({
    ...{ cause, about, at: at(NOW - agoMs), heardAt: at(NOW - agoMs + lateMs) },
  })
  const boxOf = (name: string, ...gateAlarms: ReturnType<typeof said>[]) => unitOf(name, { ...museum, gateAlarms })
  const shown = (...units: ReturnType<typeof unitOf>[]) => gateAlarmsIn(units, NOW)

  test('say what happens at which museum, who heals it and how, and when they end', () => {
    const [alarm] = shown(boxOf('vm-1000', said('certificate-ending', 'doors: 2026-12-20', HOUR_MS)), unitOf('vg-0001'))
    expect(alarm).toMatchObject({ what: 'vm-1000', site: 'musee-salagon', at: NOW - HOUR_MS })
    expect(alarm?.title).toMatch(
      /^Un certificat de la passerelle .* \(page du personnel et passages, le dimanche 20.décembre 2026\)$/,
    )
    expect(alarm?.advice).toMatch(/Un technicien .* se ferme d’elle-même un jour après la fin/)
  })

  test('are one for each museum and cause, however many of its boxes say it', () => {
    const old = (agoMs: number) => said('lists-old', '25 h', agoMs)
    const boxes = ['vm-1000', 'vm-1001', 'vm-1002'].map((name, index) => boxOf(name, old((index + 1) * HOUR_MS)))
    const other = unitOf('vm-2000', { ...museum, site: 'musee-prehistoire', gateAlarms: [old(HOUR_MS)] })
    expect(shown(...boxes, other).map(({ what, site, at }) => [what, site, at])).toEqual([
      ['3 boîtiers', 'musee-salagon', NOW - HOUR_MS],
      ['vm-2000', 'musee-prehistoire', NOW - HOUR_MS],
    ])
  })

  test('end when what is said each day is not said any more, and stand for the week that the cloud tells when it happened once', () => {
    const [lists, disk] = [said('lists-old', '25 h', 27 * HOUR_MS), said('ledger-damaged', 'ledger', 6 * DAY_MS)]
    expect(shown(boxOf('vm-1000', lists, disk)).map(({ title }) => title.slice(0, 11))).toEqual(['Le registre'])
  })

  test('are none of lists that were old until the link was back: with it they came', () => {
    expect(shown(boxOf('vm-1001', said('lists-old', '25 h', 3 * HOUR_MS, 2 * HOUR_MS)))).toEqual([])
  })

  test('are shown with their cause where this page has no words for it', () => {
    expect(shown(boxOf('vm-1000', said('of-tomorrow', '', HOUR_MS)))[0]?.title).toBe('Panne «\u202fof-tomorrow\u202f»')
  })
})
