import { createPublicKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { issueAuthority } from '../authority/certificate.ts'
import { newKey } from '../authority/sealed-key.ts'
import { type AuthorityStore, openAuthorityStore } from '../store/authority-store.ts'
import { createRevocationLists } from './revocation-lists.ts'
import { revoke } from './revoke.ts'

let folder: string
let store: AuthorityStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-lists-'))
  store = openAuthorityStore(join(folder, 'authority.sqlite'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('names what was revoked though the list before could not be made, as on a full disk', async () => {
  const key = newKey()
  const wish = { subject: [{ CN: ['issuing'] }], validMs: 86_400_000 }
  const pem = await issueAuthority(wish, createPublicKey(key), { key }, Date.now())
  const issuers = [{ certificate: new X509Certificate(pem), key }]
  let isFull = false
  const failing: AuthorityStore = {
    ...store,
    atOnce: (work) => {
      if (isFull) throw new Error('SQLITE_FULL')
      return store.atOnce(work)
    },
  }
  const lists = await createRevocationLists({ store: failing, now: Date.now }, { issuers, rootLists: '' })

  revoke(store, { serial: '4f4f4f4f', reason: 'stolen', by: 'paul' }, Date.now())
  isFull = true
  await expect(lists.renew()).rejects.toThrow('SQLITE_FULL')
  isFull = false
  await lists.renew()
  expect(lists.current().der.includes(Buffer.from('4f4f4f4f', 'hex'))).toBe(true)
})
