import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newClaimCode, readClaimCode } from './claim-code.ts'

test('a claim reads back from its code and from its words, however they are typed', () => {
  for (let count = 0; count < 200; count++) {
    const { secret, code, words } = newClaimCode()
    const bare = words.normalize('NFKD').replaceAll(/\p{M}/gu, '')
    const spellings = [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code} `]
    const spoken = [words, words.toUpperCase(), bare, words.normalize('NFKD'), words.replaceAll(' ', '\n ')]
    for (const text of [...spellings, ...spoken]) expect(readClaimCode(text), text).toEqual(secret)
    expect(words.split(' ')).toHaveLength(12)
  }
})

test('a code that is read with O, I or L for 0 and 1 is still the same', () => {
  const code = '01000-00000-00000-00000-00000-1'
  expect(readClaimCode('oI000-0OOO0-00000-00000-00000-l')).toEqual(readClaimCode(code))
})

test('a word that was misheard is noticed by the checksum, fifteen times of sixteen', () => {
  let noticed = 0
  for (let count = 0; count < 400; count++) {
    const [first, ...rest] = newClaimCode().words.split(' ')
    const other = first === 'abaisser' ? 'abandon' : 'abaisser'
    if (readClaimCode([other, ...rest].join(' ')) === undefined) noticed += 1
  }
  expect(noticed).toBeGreaterThan(330)
})

test('what is no claim is none, and never throws', () => {
  for (const text of ['', ' ', 'x', '8'.repeat(26), 'Z'.repeat(26), 'U'.repeat(26), 'a b c', '1'.repeat(27)]) {
    expect(readClaimCode(text), text).toBeUndefined()
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readClaimCode(text)))
})
