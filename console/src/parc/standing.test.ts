import { describe, expect, test } from 'vitest'
import { standingOf } from './standing.ts'
import { at, DAY_MS, NO_ALARM, NOW, unitOf } from './unit.fixture.ts'
import { certificateInWords, configurationInWords, presenceInWords } from './words.ts'

const standing = (over: Parameters<typeof unitOf>[1]) => standingOf(unitOf('vg-0001', over), NOW)
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

describe('how a unit stands', () => {
  test('is what somebody has to act on first', () => {
    const offline = { presence: 'offline', reason: 'lost' } as const
    expect(standing({})).toBe('online')
    expect(standing(offline)).toBe('offline')
    expect(standing({ ...offline, certificateEndsAt: at(NOW - 1) })).toBe('expired')
    expect(standing({ ...offline, revokedAt: at(NOW - 1) })).toBe('revoked')
    expect(standing({ presence: 'unknown', since: null, certificateEndsAt: null })).toBe('unheard')
    expect(standing({ ...offline, isPlanned: false })).toBe('away')
  })

  test('is a late renewal only when the time in which a unit renews by itself has passed', () => {
    expect(standing({ certificateEndsAt: at(NOW + 55 * DAY_MS) })).toBe('online')
    expect(standing({ certificateEndsAt: at(NOW + 44 * DAY_MS) })).toBe('renewal-late')
  })

  test('does not pass a unit for expired whose certificate was never seen', () => {
    expect(standing({ certificateEndsAt: null })).toBe('online')
  })
})

describe('the words for it', () => {
  test('count the days when they are few, and name the day when it is far or over', () => {
    const said = (days: number) =>
      plain(certificateInWords(unitOf('vg-0001', { certificateEndsAt: at(NOW + days * DAY_MS) }), NOW))
    expect(said(150)).toBe('jusqu’au 21 avril 2027')
    expect(said(12)).toBe('expire dans 12 j')
    expect(said(-21)).toBe('expiré depuis le 1er novembre 2026')
    expect(certificateInWords(unitOf('vg-0001', { certificateEndsAt: null }), NOW)).toBe('aucun connu')
    expect(plain(certificateInWords(unitOf('vg-0001', { revokedAt: at(NOW) }), NOW))).toBe(
      'révoqué le 22 novembre 2026',
    )
  })

  test('say which configuration runs, and which one should', () => {
    const said = (configuration: ReturnType<typeof unitOf>['configuration']) =>
      configurationInWords(unitOf('vg-0001', { configuration }))
    expect(said({ desired: 3, runs: 3, isRefused: false, ...NO_ALARM })).toBe('version 3')
    expect(said({ desired: 4, runs: 3, isRefused: false, ...NO_ALARM })).toBe('version 3, 4 souhaitée')
    expect(said({ desired: 4, runs: 0, isRefused: true, ...NO_ALARM })).toBe('celle de la pose, 4 refusée')
    expect(said({ desired: 4, runs: null, isRefused: false, ...NO_ALARM })).toBe('version 4 attendue')
  })

  test('say since when, and why', () => {
    const said = (over: Parameters<typeof unitOf>[1]) => plain(presenceInWords(unitOf('vg-0001', over), NOW))
    expect(said({})).toBe('en liaison depuis hier, 14 h 05')
    expect(said({ presence: 'offline', reason: 'lost' })).toBe('hors ligne depuis hier, 14 h 05, liaison perdue')
    expect(said({ presence: 'unknown', since: null })).toBe('jamais entendu')
  })
})
