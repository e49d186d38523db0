import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missingIn, readClaim, readLabel } from './label.ts'

const CODE = '7ZK3Q-0A1BC-9DEFG-HJKMN-PQRST-V'
const WORDS = 'abaisser brebis cascade défi élan fougère gravier hameau igloo jardin lavande mélèze'

describe('a label', () => {
  test('says the box and its claim', () => {
    expect(readLabel(`https://vigie.example/pose#u=vg-0042&c=${CODE}`)).toEqual({ unit: 'vg-0042', claim: CODE })
  })

  test('may leave the box to be said by itself', () => {
    expect(readLabel(`https://vigie.example/pose#c=${CODE}`)).toEqual({ unit: null, claim: CODE })
  })

  test.each(['', 'https://example.org/', 'WIFI:S:x;;', `#u=../..&c=${CODE}`, '#u=vg-0042&c=123', `#u=vg 1&c=${CODE}`])(
    'is nothing else that a camera sees: %s',
    (text) => expect(readLabel(text)).toBe(null),
  )

  test('never throws, whatever stands in a picture', () => {
    fc.assert(fc.property(fc.string(), (text) => readLabel(`#${text}`) === null || true))
  })
})

describe('a claim that is typed', () => {
  test('may be small letters, without hyphens, with the letters that look like others', () => {
    expect(readClaim(' 7zk3qoaLbc9defghjkmnpqrstv ')).toBe(CODE)
  })

  test('may be the twelve words, however they are spaced', () => {
    expect(readClaim(WORDS.replaceAll(' ', '\n  '))).toBe(WORDS)
  })

  test('says how much of it is missing', () => {
    expect(missingIn('7ZK3Q-0A1')).toBe('8 caractères sur 26')
    expect(missingIn('abaisser brebis cascade')).toBe('3 mots sur 12')
    expect(missingIn(CODE)).toBe(null)
    expect(missingIn('')).toBe(null)
  })

  test('is none with a letter that no code has', () => {
    expect(readClaim('UZK3Q-0A1BC-9DEFG-HJKMN-PQRST-V')).toBe(null)
  })
})
