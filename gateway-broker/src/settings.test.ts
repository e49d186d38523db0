import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ProblemsError } from '@vigie/config-schema/problems'
import { readSettings } from '@vigie/config-schema/settings'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTlsMaterial, Settings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'vigie-settings-'))
let files: { caFile: string; certificateFile: string; keyFile: string }

beforeAll(async () => {
  const { caFile, broker } = await createDevelopmentAuthority({ folder, units: [] }, { now: () => Date.now() })
  files = { caFile, ...broker }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('settings', () => {
  test('listen on this machine alone unless told otherwise', () => {
    const env = { CA_FILE: 'a', CERTIFICATE_FILE: 'b', KEY_FILE: 'c' }
    expect(readSettings(Settings, { env })).toMatchObject({ listenHost: '127.0.0.1', listenPort: 8883 })
  })

  test('give the three files when they belong together', () => {
    const { ca, certificate, key } = readTlsMaterial(files)
    expect([ca, certificate, key].map((pem) => pem.split('\n')[0])).toEqual([
      '-----BEGIN CERTIFICATE-----',
      '-----BEGIN CERTIFICATE-----',
      '-----BEGIN PRIVATE KEY-----',
    ])
  })

  test('name every file that cannot be read, at once', () => {
    const read = () => readTlsMaterial({ caFile: '/nowhere', certificateFile: files.certificateFile, keyFile: '/gone' })
    expect(read).toThrow(ProblemsError)
    expect(read).toThrow(/caFile \(CA_FILE\): the file cannot be read\n {2}keyFile \(KEY_FILE\)/)
  })

  test('name the key that is not of the certificate, and the authority that is none', () => {
    const other = join(folder, 'cloud.key')
    expect(() => readTlsMaterial({ ...files, keyFile: other })).toThrow(/KEY_FILE.*is not the key of the certificate/)
    const empty = join(folder, 'empty.crt')
    writeFileSync(empty, '')
    expect(() => readTlsMaterial({ ...files, caFile: empty })).toThrow(/CA_FILE.*holds no certificate/)
  })
})
