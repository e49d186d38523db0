import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FAULTS } from './faults.ts'

const folder = new URL('.', import.meta.url).pathname

test('every fault of the table is one that something meets', () => {
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
