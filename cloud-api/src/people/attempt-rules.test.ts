import { expect, test } from 'vitest'
import { passwordAttempts } from './attempt-rules.ts'

test('what was typed as a name is in no key', () => {
  const keys = passwordAttempts('mon mot de passe', '192.0.2.7', null).map(({ key }) => key)
  expect(keys.join()).not.toContain('passe')
})

test('a known browser shares its allowance with nobody', () => {
  const mine = passwordAttempts('marie', '192.0.2.7', 'my-browser').map(({ key }) => key)
  const theirs = passwordAttempts('marie', '192.0.2.7', null).map(({ key }) => key)
  expect(mine.filter((key) => theirs.includes(key))).toEqual([])
})
