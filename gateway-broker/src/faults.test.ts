import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAULTS, Fault } from './faults.ts'

test('every fault of the table is one that the broker can meet, and says what to do', () => {
  const source = readFileSync(new URL('broker.ts', import.meta.url), 'utf8')
  for (const [code, { action }] of Object.entries(FAULTS)) {
    expect(source).toContain(`new Fault('${code}'`)
    expect(new Fault(code as keyof typeof FAULTS, 'here').message).toContain(action) // the table's own keys
  }
})
