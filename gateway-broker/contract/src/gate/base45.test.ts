import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BASE45_ALPHABET, decodeBase45, encodeBase45 } from './base45.ts'

describe('base45', () => {
  test.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
    ['', ''],
  ])('writes and reads %j as RFC 9285 does', (plain, text) => {
    expect(encodeBase45(Buffer.from(plain))).toBe(text)
    expect(Buffer.from(decodeBase45(text) ?? []).toString()).toBe(plain)
  })

  test('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase45(encodeBase45(bytes))).toEqual(bytes)
      }),
    )
  })

  test('refuses whatever it would not have written', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9A-Z $%*+./:-]{0,60}$/))
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = decodeBase45(text)
        if (bytes !== null) expect(encodeBase45(bytes)).toBe(text)
      }),
    )
    // 65,536 and 256: one more than two bytes and one byte hold.
    for (const text of ['GGW', 'V5', 'A', 'ab8', 'BB\u00e9']) expect(decodeBase45(text)).toBeNull()
    expect(decodeBase45('FGW')).toEqual(Uint8Array.of(255, 255))
  })

  test('stays within what a QR calls alphanumeric', () => {
    expect([...BASE45_ALPHABET].sort().join('')).toBe([...new Set(BASE45_ALPHABET)].sort().join(''))
    expect(BASE45_ALPHABET).toHaveLength(45)
  })
})
