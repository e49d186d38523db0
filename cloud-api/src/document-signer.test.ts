import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSignedDocument } from '@vigie/contract/signed-document'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDocumentSigner } from './document-signer.ts'

let folder: string
let authority: Awaited<ReturnType<typeof createDevelopmentAuthority>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigie-signer-'))
  authority = await createDevelopmentAuthority({ folder, units: [] }, { now: Date.now })
})
afterAll(() => rm(folder, { recursive: true }))

const pemOf = ({ certificateFile, keyFile }: { certificateFile: string; keyFile: string }) => ({
  certificate: readFileSync(certificateFile, 'utf8'),
  key: readFileSync(keyFile, 'utf8'),
})

test('what is signed for gates is believed as that, and as nothing else', async () => {
  const sign = createDocumentSigner('tickets', pemOf(authority.tickets))
  const signed = Buffer.from(await sign({ kind: 'catalogue' }))
  const roots = [new X509Certificate(readFileSync(authority.caFile))]
  const read = (name: 'tickets' | 'configuration', bytes = signed) =>
    readSignedDocument(bytes, { name, roots, nowMs: Date.now() }, 10_000)
  expect(read('tickets')).toMatchObject({ ok: true })
  expect(read('configuration')).toMatchObject({ ok: false, why: expect.stringContaining('not for configuration') })
  const changed = Buffer.from(signed)
  changed.write('A', signed.lastIndexOf('.') - 3)
  expect(read('tickets', changed).ok).toBe(false)
})

test('a certificate for something else, or of another key, signs nothing for gates', () => {
  expect(() => createDocumentSigner('tickets', pemOf(authority.configuration))).toThrow('is not for tickets')
  const mixed = { ...pemOf(authority.tickets), key: pemOf(authority.configuration).key }
  expect(() => createDocumentSigner('tickets', mixed)).toThrow('is not the certificate of its key')
})
