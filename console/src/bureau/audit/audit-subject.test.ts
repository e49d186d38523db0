import { expect, test } from 'vitest'
import { HARD, NARROW } from '../../look/wording.ts'
import { subjectInWords } from './audit-subject.ts'
import { actionInWords, changesIn } from './audit-words.ts'
import { fieldInWords, valueInWords } from './field-words.ts'

const ULID = '01J8Z3K4M5N6P7Q8R9S0T1V2W3'
const row = (action: string, what: string, after: unknown = null) => ({
  action,
  who: 'marie',
  what,
  before: null,
  after,
})

const sentence = (action: string, what: string) => {
  const [one, subject] = [row(action, what), subjectInWords(row(action, what))]
  return `${actionInWords(one, subject === '')} ${subject}`.trim()
}

test('a command is named with its place and its box, not by its id, which stays in the details', () => {
  const asked = row('command.asked', ULID, { unit: 'vg-0012', body: { name: 'frame-now', camera: 'cam1' } })
  expect(subjectInWords(asked)).toBe('Image maintenant, cam1, vg-0012')
  const watched = row('command.approved', ULID, { unit: 'vg-0012', body: { name: 'watch-closely', minutes: 30 } })
  expect(subjectInWords(watched)).toBe(`Suivi rapproché pendant 30${HARD}min, vg-0012`)
  expect(changesIn(asked).map(({ key }) => fieldInWords(key))).toEqual(['boîtier', 'demande', 'référence'])
  expect(valueInWords('body', { name: 'free-rotation', lane: 'p1', on: true })).toBe('Passage libre, p1')
})

test('an id alone is shown to nobody: the box stands in its place, or nothing', () => {
  expect(subjectInWords(row('command.approved', ULID))).toBe('')
  expect(subjectInWords(row('commissioning.begun', '0123456789abcdef', { unit: 'vg-0001' }))).toBe('vg-0001')
  expect(subjectInWords(row('commissioning.reported', '0123456789abcdef', { sha256: 'x' }))).toBe('')
  expect(subjectInWords(row('session.begun', 'fedcba9876543210', { method: 'password totp' }))).toBe(
    'par mot de passe et code du téléphone',
  )
  expect(subjectInWords(row('session.ended', 'fedcba9876543210'))).toBe('')
  expect(sentence('session.ended', 'fedcba9876543210')).toBe('a fermé une session')
  expect(sentence('session.ended', 'all others')).toBe('a fermé toutes ses autres sessions')
  expect(sentence('session.ended', 'luc')).toBe('a fermé les sessions de luc')
  expect(sentence('claim.withdrawn', '0123456789abcdef')).toBe('a retiré un code d’installation')
})

test('what has a name keeps it, and nobody is named twice', () => {
  expect(subjectInWords(row('unit.revoked', 'vg-0001', { serial: 'aa' }))).toBe('vg-0001')
  expect(subjectInWords(row('person.invited', 'Luc Arnaud'))).toBe('Luc Arnaud')
  expect(subjectInWords(row('password.changed', 'marie'))).toBe('')
})

test('roles read as on the page of people', () => {
  expect(
    valueInWords('roles', [
      { role: 'viewer', sites: 'all' },
      { role: 'technician', sites: ['vars'] },
    ]),
  ).toBe(`lecteur, tous les sites${NARROW}; technicien, vars`)
})
