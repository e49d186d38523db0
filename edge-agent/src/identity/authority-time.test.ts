import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueLeaf } from '@vigie/provisioning/authority/certificate'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { newKey } from '@vigie/provisioning/authority/sealed-key'
import { stateTime } from '@vigie/provisioning/time/state-time'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { timeIn } from './authority-time.ts'

const YEAR_MS = 365 * 86_400_000
const NONCE = 'A'.repeat(43)
const folder = mkdtempSync(join(tmpdir(), 'vigie-time-'))
type Signer = { key: KeyObject; certificates: X509Certificate[] }
const signers = {} as Record<'ours' | 'foreign' | 'unit', Signer>
let roots: X509Certificate[]
beforeAll(async () => {
  const make = async (name: string, purpose: 'server' | 'client', subject: string): Promise<Signer> => {
    await createDevelopmentAuthority({ folder: join(folder, name), units: [] }, { now: Date.now })
    const certificate = new X509Certificate(readFileSync(join(folder, name, 'ca.crt')))
    const issuer = { certificate, key: createPrivateKey(readFileSync(join(folder, name, 'ca.key'))) }
    const key = newKey()
    const pem = await issueLeaf({ subject: [{ CN: [subject] }], purpose }, createPublicKey(key), issuer, Date.now())
    return { key, certificates: [new X509Certificate(pem), certificate] }
  }
  signers.ours = await make('ours', 'server', 'authority')
  signers.foreign = await make('foreign', 'server', 'authority')
  signers.unit = await make('ours', 'client', 'vg-0001')
  roots = [new X509Certificate(readFileSync(join(folder, 'ours', 'ca.crt')))]
})
afterAll(() => rmSync(folder, { recursive: true }))

const told = (signer: Signer, { nonce = NONCE, atMs = Date.now() } = {}) => stateTime(nonce, signer, atMs)
const read = (statement: ReturnType<typeof told>) => timeIn(statement, { nonce: NONCE, roots })

test('believes the time that the authority signed for this question', () => {
  const atMs = Date.now()
  expect(read(told(signers.ours, { atMs }))).toBe(atMs)
})

test('believes none that was signed for another question, or altered', () => {
  expect(read(told(signers.ours, { nonce: 'B'.repeat(43) }))).toBeNull()
  expect(read({ ...told(signers.ours, { nonce: 'B'.repeat(43) }), nonce: NONCE })).toBeNull()
  const earlier = new Date(Date.now() - 60_000).toISOString()
  expect(read({ ...told(signers.ours), time: earlier })).toBeNull()
})

test('believes none of another authority, or of a unit of its own', () => {
  expect(read(told(signers.foreign))).toBeNull()
  expect(read(told(signers.unit))).toBeNull()
  // A foreign signer that shows our root beside its own chain.
  expect(read(told({ ...signers.foreign, certificates: [...signers.foreign.certificates, ...roots] }))).toBeNull()
})

test('believes none at which its signer was not valid: a key that leaked long ago tells no time', () => {
  for (const atMs of [Date.now() + 2 * YEAR_MS, Date.now() - YEAR_MS]) {
    expect(read(told(signers.ours, { atMs }))).toBeNull()
  }
})

test('believes none whose certificates are none', () => {
  const certificates = [Buffer.alloc(200, 1).toString('base64')]
  expect(read({ ...told(signers.ours), certificates })).toBeNull()
})
