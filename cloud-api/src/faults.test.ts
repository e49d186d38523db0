import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULTS, Fault } from './faults.ts'
import { storeFaultOf } from './store/store-fault.ts'

const folder = new URL('.', import.meta.url).pathname
const page = readFileSync(new URL('../FAULTS.md', import.meta.url), 'utf8')

describe('the table of faults', () => {
  test('is FAULTS.md, row by row', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$/gm)].map(([, ...cells]) => cells)
    expect(rows).toEqual(Object.entries(FAULTS).map(([code, { meaning, whatToDo }]) => [code, meaning, whatToDo]))
  })

  test('has no row that nothing throws', () => {
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^faults\.ts$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
    for (const code of Object.keys(FAULTS)) {
      expect(
        sources.some((text) => text.includes(`Fault('${code}'`)),
        code,
      ).toBe(true)
    }
  })
})

describe('an error of a database', () => {
  const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code })

  test('is a fault that passes when the world is at fault', () => {
    for (const code of [
      'SQLITE_BUSY',
      'SQLITE_FULL',
      'SQLITE_IOERR_WRITE',
      '57P01',
      '08006',
      '53100',
      'ECONNREFUSED',
    ]) {
      expect(storeFaultOf(withCode(code)), code).toMatchObject({ code: 'store-unavailable', retryable: true })
    }
    expect(storeFaultOf(new Error('Connection terminated unexpectedly'))).toMatchObject({ retryable: true })
  })

  test('is a fault that waiting does not mend when the file is damaged', () => {
    expect(storeFaultOf(withCode('SQLITE_CORRUPT'))).toMatchObject({ code: 'store-damaged', retryable: false })
  })

  test('is a bug when the statement is wrong: it must not be tried for ever', () => {
    for (const code of ['SQLITE_CONSTRAINT_NOTNULL', 'SQLITE_ERROR', '42P01', '23502']) {
      expect(storeFaultOf(withCode(code)), code).toBeUndefined()
    }
    expect(storeFaultOf(new TypeError('undefined is not a function'))).toBeUndefined()
  })

  test('that is a fault already stays that fault', () => {
    const fault = new Fault('pictures-unavailable')
    expect(storeFaultOf(fault)).toBe(fault)
  })
})
