import { TRIAL_DAY } from '@vigie/tests/fixtures/trial-tickets'
import { describe, expect, test } from 'vitest'
import type { Fix } from './decision.ts'
import { DETAILS, OUTCOMES } from './outcome.ts'
import { APPEARANCES, answerIn, fixIn, OUTCOME_WORDS } from './words.ts'

const fixes: [Fix, string, string][] = [
  [{ kind: 'from', day: TRIAL_DAY, minutes: 840, isToday: true }, 'valable à 14 h', 'valid at 14:00'],
  [
    { kind: 'from', day: TRIAL_DAY, minutes: 570, isToday: false },
    'valable le 15 août à 9 h 30',
    'valid on 15 August at 9:30',
  ],
  [{ kind: 'from', day: TRIAL_DAY, minutes: null, isToday: false }, 'valable le 15 août', 'valid on 15 August'],
  [{ kind: 'ended', day: TRIAL_DAY }, 'valable jusqu’au 15 août', 'valid until 15 August'],
  [{ kind: 'ended', day: TRIAL_DAY - 14 }, 'valable jusqu’au 1er août', 'valid until 1 August'],
  [
    { kind: 'museum', name: 'Musée de Préhistoire' },
    'valable à l’autre musée, Musée de Préhistoire',
    'valid at the other museum, Musée de Préhistoire',
  ],
  [{ kind: 'lane', bits: 2 }, 'passez par le grand passage', 'please use the wide gate'],
  [{ kind: 'opens', day: TRIAL_DAY, minutes: 600, isToday: true }, 'ouverture à 10 h', 'opens at 10:00'],
  [
    { kind: 'opens', day: TRIAL_DAY, minutes: 600, isToday: false },
    'ouverture le 15 août à 10 h',
    'opens on 15 August at 10:00',
  ],
  [{ kind: 'entered', at: '2026-08-15T09:05:00.000Z', lane: null }, 'entrée à 11 h 05', 'entered at 11:05'],
  [
    { kind: 'entered-elsewhere', at: '2026-08-15T09:05:00.000Z', museum: 'Musée de Préhistoire', day: null },
    'entrée à l’autre musée, Musée de Préhistoire, à 11 h 05',
    'entered at the other museum, Musée de Préhistoire, at 11:05',
  ],
  [
    { kind: 'entered-elsewhere', at: '2026-08-14T09:05:00.000Z', museum: 'Musée de Préhistoire', day: TRIAL_DAY - 1 },
    'entrée à l’autre musée, Musée de Préhistoire, le 14 août à 11 h 05',
    'entered at the other museum, Musée de Préhistoire, on 14 August at 11:05',
  ],
  [{ kind: 'desk' }, 'adressez-vous à l’accueil', 'please ask at the desk'],
]

describe('what a gate says', () => {
  test.each(fixes)('%j is « %s », "%s"', (fix, french, english) => {
    expect(fixIn('fr', fix).replaceAll('\u00a0', ' ')).toBe(french)
    expect(fixIn('en', fix)).toBe(english)
  })

  test('G23: go, attention, wait and stop differ in colour, sign and tone, each for itself', () => {
    const looks = Object.values(APPEARANCES)
    for (const part of ['colour', 'pictogram', 'tone'] as const) {
      expect(new Set(looks.map((look) => look[part])).size).toBe(looks.length)
    }
  })

  test('G23: every outcome has a word of its own in both languages, short enough for two metres', () => {
    for (const language of ['fr', 'en'] as const) {
      const words = OUTCOMES.map((outcome) => OUTCOME_WORDS[outcome][language])
      expect(new Set(words).size).toBe(OUTCOMES.length)
      for (const word of words) expect(word.length).toBeLessThanOrEqual(14)
    }
  })

  test('a refusal says what is wrong and what helps, an entry the one word', () => {
    const refused = {
      outcome: 'invalid_time',
      detail: 'other-slot',
      attention: [],
      fix: fixes[0]?.[0] ?? null,
    } as const
    const answer = answerIn('fr', refused)
    expect(answer).toMatchObject({ look: 'wait', colour: 'blue', word: 'Pas maintenant' })
    expect(answer.sentence).toBe('Autre horaire\u202f: valable à 14\u00a0h')
    expect(answerIn('en', refused).sentence).toBe('Another time slot: valid at 14:00')
    expect(answerIn('fr', { outcome: 'ok', detail: null, attention: [], fix: null })).toMatchObject({
      look: 'go',
      sentence: '',
    })
  })

  test('an entry that the staff should look at does not look like one that needs nobody', () => {
    expect(answerIn('fr', { outcome: 'ok', detail: null, attention: ['proof'], fix: null })).toMatchObject({
      look: 'attention',
      word: 'Bienvenue',
      sentence: 'Justificatif à présenter',
    })
  })

  test('every detail has its sentence in both languages', () => {
    for (const detail of DETAILS) {
      for (const language of ['fr', 'en'] as const) {
        expect(answerIn(language, { outcome: 'invalid', detail, attention: [], fix: null }).sentence).not.toBe('')
      }
    }
  })
})
