import { describe, expect, it } from 'vitest'
import { httpDate, isNotModified } from './conditional.ts'

const modifiedAt = Date.parse('2026-11-22T12:00:00.700Z')
const version = { etag: '"abc"', modifiedAt }

describe('a conditional request', () => {
  it.each([
    ['"abc"', true],
    ['W/"abc"', true],
    ['"xyz", "abc"', true],
    ['"xyz",W/"abc" , "def"', true],
    ['*', true],
    ['"ab"', false],
    ['abc', false],
    ['"xyz"', false],
    ['', false],
  ])('with If-None-Match %s: not modified is %s', (header, expected) => {
    expect(isNotModified({ 'if-none-match': header }, version)).toBe(expected)
  })

  it('compares weakly whichever side is weak', () => {
    expect(isNotModified({ 'if-none-match': '"abc"' }, { etag: 'W/"abc"' })).toBe(true)
  })

  it.each([
    ['Sun, 22 Nov 2026 12:00:00 GMT', true],
    ['Sun, 22 Nov 2026 12:00:01 GMT', true],
    ['Sun, 22 Nov 2026 11:59:59 GMT', false],
    ['yesterday', false],
  ])('with If-Modified-Since %s: not modified is %s', (header, expected) => {
    expect(isNotModified({ 'if-modified-since': header }, version)).toBe(expected)
  })

  it('looks at the date only when there is no tag', () => {
    const headers = { 'if-none-match': '"xyz"', 'if-modified-since': httpDate(modifiedAt) }
    expect(isNotModified(headers, version)).toBe(false)
  })

  it('without a condition is answered in full', () => {
    expect(isNotModified({}, version)).toBe(false)
  })
})
