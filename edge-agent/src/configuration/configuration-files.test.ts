import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { seededRandom, seedOfRun } from '@vigie/tests/fixtures/seeded-random'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Confirmed, createConfigurationFiles, type Remembered } from './configuration-files.ts'
import { digestOf } from './digested-file.ts'

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

const FILES = ['confirmed.json', 'confirmed-copy.json']
const FLIPS = process.env['VIGIE_SOAK'] === '1' ? 5_000 : 200

/** One bit of a file, as a flash disk turns it over. */
function flipBit(file: string, random: () => number): void {
  const bytes = readFileSync(file)
  const at = Math.floor(random() * bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  writeFileSync(file, bytes)
}

describe('the last good configuration', () => {
  test('is read as it was confirmed', () => {
    const files = createConfigurationFiles(folder)
    const whole = confirmed()
    files.confirm(whole)
    expect(files.readConfirmed()).toEqual({ confirmed: whole, damaged: [] })
  })

  test('is read from the other file when any bit of one is turned over, and then stands in both again', () => {
    const random = seededRandom(seedOfRun())
    const whole = confirmed()
    for (let flip = 0; flip < FLIPS; flip++) {
      const files = createConfigurationFiles(folder)
      files.confirm(whole)
      const name = FILES[flip % 2] ?? ''
      flipBit(join(folder, name), random)
      expect(files.readConfirmed()).toEqual({ confirmed: whole, damaged: [name] })
      expect(files.readConfirmed()).toEqual({ confirmed: whole, damaged: [] })
    }
    expect(readdirSync(folder).sort()).toEqual([...FILES, ...FILES.map((name) => `${name}.damaged`)].sort())
  })

  test('is the one before when the power went between its two files, and stands in both again', () => {
    const files = createConfigurationFiles(folder)
    const before = confirmed()
    files.confirm(before)
    const text = readFileSync(join(folder, 'confirmed.json'))
    files.confirm({ ...before, set: { ...set, version: 4 } })
    writeFileSync(join(folder, 'confirmed.json'), text)
    expect(files.readConfirmed()).toEqual({ confirmed: before, damaged: [] })
    rmSync(join(folder, 'confirmed.json'))
    expect(files.readConfirmed()).toEqual({ confirmed: before, damaged: [] })
  })

  test('is none when both files are damaged, which ends nothing', () => {
    const files = createConfigurationFiles(folder)
    files.confirm(confirmed())
    for (const name of FILES) writeFileSync(join(folder, name), '\0'.repeat(5_000))
    expect(files.readConfirmed()).toEqual({ confirmed: null, damaged: FILES })
    expect(files.readConfirmed()).toEqual({ confirmed: null, damaged: [] })
  })

  test('is not believed where its documents are others than those that were signed', () => {
    const files = createConfigurationFiles(folder)
    files.confirm({ ...confirmed(), documents: { ...documents, masks: '{"none":1}' } })
    expect(files.readConfirmed()).toEqual({ confirmed: null, damaged: FILES })
  })
})

test('what is remembered of those that came is nothing where a bit of it was turned over, not something else', () => {
  const files = createConfigurationFiles(folder)
  const random = seededRandom(seedOfRun())
  const { documents: digests } = set
  const memory = { seen: { version: 4, attempt: 1, digests }, refused: null, refusedAt: null, trial: null }
  const known: Remembered = { ...memory, turnedAway: { reason: 'configuration-untrusted' }, turnedAwayAt: AT }
  files.remember(known)
  expect(files.readMemory()).toEqual(known)
  for (let flip = 0; flip < 50; flip++) {
    files.remember(known)
    flipBit(join(folder, 'memory.json'), random)
    expect(files.readMemory()).toMatchObject({ seen: null, turnedAway: null, trial: null })
  }
})
