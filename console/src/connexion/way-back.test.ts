import { expect, test } from 'vitest'
import { wayBack } from './way-back.ts'

const ORIGIN = 'https://vigie.example'
const after = (wish: string) => wayBack(`?retour=${encodeURIComponent(wish)}`, ORIGIN)

test('who signs in goes back to where they were', () => {
  expect(after('/veille?site=col-d-allos')).toBe('/veille?site=col-d-allos')
  expect(after('/journal')).toBe('/journal')
})

test('who signs in is sent to no other site, whatever the address says', () => {
  const wishes = [
    '//elsewhere.example',
    '/\\elsewhere.example',
    'https://elsewhere.example',
    'javascript:alert(1)',
    '',
    ' /',
  ]
  for (const wish of [...wishes, '/connexion?retour=/x']) expect([wish, after(wish)]).toEqual([wish, '/veille'])
  expect(wayBack('', ORIGIN)).toBe('/veille')
})
