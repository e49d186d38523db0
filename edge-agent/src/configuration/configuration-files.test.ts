import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Confirmed, createConfigurationFiles, digestOf } from './configuration-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-configuration-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const documents = { site: '{"a":1}', camera: '{}', lane: '{}', masks: '{}', schedule: '{}', budget: '{}' }
const entries = Object.entries(documents).map(([name, text]) => [name, digestOf(text)])
const AT = '2026-11-25T12:00:00.000Z'
const set: DesiredSet = {
  ...({ v: 1, kind: 'desired-set', version: 3, attempt: 1, at: AT } as const),
  ...{ site: 'col-d-allos' as SiteId, unit: 'vg-0001' as UnitId }, // of the contract's patterns
  documents: Object.fromEntries(entries) as DesiredSet['documents'], // one of each
}
const confirmed = (): Confirmed => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { set, documents, since: AT, key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }
}

describe('the last good configuration', () => {
  test('is read as it was confirmed', () => {
    const files = createConfigurationFiles(folder)
    const whole = confirmed()
    files.confirm(whole)
    expect(files.readConfirmed()).toEqual(whole)
  })

  test.each([
    ['a document', /a\\":1/, 'a\\":2'],
    ['the key', /(KEY-----\\n)..../, '$1AAAA'],
  ])('of which the disk gives %s otherwise is set aside, and ends nothing', (_, written, given) => {
    const files = createConfigurationFiles(folder)
    files.confirm(confirmed())
    const file = join(folder, 'confirmed.json')
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(written)
    writeFileSync(file, text.replace(written, given))
    expect(files.readConfirmed()).toBeNull()
    expect(readdirSync(folder)).toEqual(['confirmed.json.damaged'])
  })
})
