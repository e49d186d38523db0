import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAULTS, Fault } from './faults.ts'

test('every fault of the table is one that broker or museum gateway can meet, and says what to do', () => {
  const files = ['broker.ts', 'museum/ledger/ledger-file.ts']
  const source = files.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n')
  for (const [code, { action }] of Object.entries(FAULTS)) {
    expect(source).toContain(`new Fault('${code}'`)
    expect(new Fault(code as keyof typeof FAULTS, 'here').message).toContain(action) // the table's own keys
  }
})
