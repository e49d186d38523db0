import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestAuthority } from '@vigie/tests/conformance/mqtt-party'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Credential } from './credential.ts'
import { openIdentityFolder } from './identity-folder.ts'

let folder: string
let credential: Credential
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-identity-'))
  const authority = await createTestAuthority([{ site: 'col-d-allos', unit: 'vg-0001' }])
  const { keyFile, certificateFile } = authority.unit('vg-0001')
  const [key, certificates, authorities] = [keyFile, certificateFile, authority.caFile].map((file) =>
    readFileSync(file, 'utf8'),
  ) as [string, string, string] // one of each file
  credential = { key, certificates, authorities }
  authority.remove()
})
afterEach(() => rmSync(folder, { recursive: true }))

const damage = (pem: string) => pem.replace(/(-----\n)..../, '$1AAAA')

describe('an identity on the disk', () => {
  test.each(['key', 'certificates', 'authorities'] as const)(
    'with other bytes in its %s than were written is as if it were not there, and the one in use goes on',
    (what) => {
      const files = openIdentityFolder(folder)
      files.keepNext(credential)
      files.adoptNext()
      writeFileSync(
        join(folder, 'next.json'),
        JSON.stringify({ v: 1, ...credential, [what]: damage(credential[what]) }),
      )
      expect(files.look()).toMatchObject({ current: { unit: 'vg-0001', site: 'col-d-allos' }, next: null })
      expect([files.current(), files.next()]).toEqual([credential, null])
    },
  )

  test('with a key that asks and cannot be read any more makes another one', () => {
    const files = openIdentityFolder(folder)
    files.makeKey()
    writeFileSync(join(folder, 'asked.json'), JSON.stringify({ v: 1, key: damage(String(files.askedKey())) }))
    expect(files.look().hasKey).toBe(false)
    expect(files.askedKey()).toBeNull()
  })
})
