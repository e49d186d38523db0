import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SOFTWARE } from './version.ts'

test('the version that a unit tells is that of its package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(SOFTWARE).toBe(`edge-agent ${version}`)
})
