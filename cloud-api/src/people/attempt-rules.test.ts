import { expect, test } from 'vitest'
import { networkOf, passwordAttempts } from './attempt-rules.ts'

test('all addresses of one IPv6 network are one', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:0db8:1:2:ffff::1')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7')
  expect(networkOf('192.0.2.7')).toBe('192.0.2.7')
})

test('what was typed as a name is in no key', () => {
  const keys = passwordAttempts('mon mot de passe', '192.0.2.7', null).map(({ key }) => key)
  expect(keys.join()).not.toContain('passe')
})

test('a known browser shares its allowance with nobody', () => {
  const mine = passwordAttempts('marie', '192.0.2.7', 'my-browser').map(({ key }) => key)
  const theirs = passwordAttempts('marie', '192.0.2.7', null).map(({ key }) => key)
  expect(mine.filter((key) => theirs.includes(key))).toEqual([])
})
