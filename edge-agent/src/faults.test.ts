import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CameraFault } from './camera/camera-fault.ts'
import { AgentFault, FAULTS, faultCodeOf } from './faults.ts'

const folder = new URL('.', import.meta.url).pathname
const page = readFileSync(new URL('../FAULTS.md', import.meta.url), 'utf8')

describe('the table of faults', () => {
  test('is FAULTS.md, row by row: code, meaning, what the technician does', () => {
    const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` +\| (.+?) +\| (.+?) +\| (yes|no) +\|$/gm)]
    expect(rows.map(([, ...cells]) => cells)).toEqual(
      Object.entries(FAULTS).map(([code, { meaning, technician, retryable }]) => [
        code,
        meaning,
        technician,
        retryable ? 'yes' : 'no',
      ]),
    )
  })

  test('has codes that the wire takes, and no row that nothing throws', () => {
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|faults?\.ts$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .concat(readFileSync(join(folder, 'uplink/broker-fault.ts'), 'utf8'))
    for (const code of Object.keys(FAULTS)) {
      expect(code).toMatch(/^[a-z][a-z0-9-]{1,40}$/)
      expect(
        sources.some((text) => text.includes(`'${code}'`)),
        code,
      ).toBe(true)
    }
  })
})

test('a fault is known by its code, anything else is none', () => {
  expect(faultCodeOf(new AgentFault('mask-missing'))).toBe('mask-missing')
  expect(faultCodeOf(new CameraFault('camera-timeout'))).toBe('camera-timeout')
  for (const other of [
    new Error('camera-timeout'),
    { code: 'camera-timeout' },
    new DOMException('x', 'AbortError'),
    null,
  ]) {
    expect(faultCodeOf(other)).toBeNull()
  }
})
