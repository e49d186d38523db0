import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestAuthority } from '@vigie/tests/conformance/mqtt-party'
import { type ListWish, listPem, makeRevocationList } from '@vigie/tests/fixtures/revocation-list'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createRevocations, nameOfCertificate, type Revocations } from './revocations.ts'

type Authority = Awaited<ReturnType<typeof createTestAuthority>>
let ours: Authority
let foreign: Authority
let revocations: Revocations

const units = [
  { site: 'col-d-allos', unit: 'vg-0001' },
  { site: 'seyne', unit: 'vg-0002' },
]
beforeAll(async () => {
  ours = await createTestAuthority(units)
  foreign = await createTestAuthority(units)
})
beforeEach(() => {
  revocations = createRevocations(readFileSync(ours.caFile, 'utf8'))
})
afterAll(() => {
  ours.remove()
  foreign.remove()
})

const signer = (of: Authority) => ({ certificateFile: of.caFile, keyFile: join(of.folder, 'ca.key') })
const list = (wish: ListWish = {}, of = ours) => makeRevocationList(signer(of), wish)
const certificateOf = (unit: string, of = ours) =>
  nameOfCertificate(new X509Certificate(readFileSync(of.unit(unit).certificateFile)).toLegacyObject())
const fileOf = (unit: string, of = ours) => of.unit(unit).certificateFile

test.each([
  ['in DER', (der: Buffer) => der],
  ['in PEM', (der: Buffer) => Buffer.from(listPem(der))],
])('names who is revoked, and nobody else, %s', async (_, written) => {
  const taken = await revocations.take(written(await list({ revoked: [fileOf('vg-0001')] })))
  expect(taken).toMatchObject({ ok: true, isNews: true, revoked: 1 })
  expect(revocations.isRevoked(certificateOf('vg-0001'))).toBe(true)
  expect(revocations.isRevoked(certificateOf('vg-0002'))).toBe(false)
})

test('finds nobody revoked before a list has come', () => {
  expect(revocations.isRevoked(certificateOf('vg-0001'))).toBe(false)
})

test('a list that follows may say the same, without being news', async () => {
  const der = await list({ number: 7 })
  expect(await revocations.take(der)).toMatchObject({ ok: true, isNews: true })
  expect(await revocations.take(der)).toMatchObject({ ok: true, isNews: false })
  expect(await revocations.take(await list({ number: 8 }))).toMatchObject({ ok: true, isNews: true })
})

test('an older list that somebody kept does not bring a revoked unit back', async () => {
  const before = await list({ number: 300 })
  await revocations.take(await list({ number: 301, revoked: [fileOf('vg-0001')] }))
  expect(await revocations.take(before)).toEqual({ ok: false, reason: 'older-than-known' })
  expect(revocations.isRevoked(certificateOf('vg-0001'))).toBe(true)
})

test('two authorities of one name, the old and the new, each revoke what they issued', async () => {
  const both = createRevocations(readFileSync(ours.caFile, 'utf8') + readFileSync(foreign.caFile, 'utf8'))
  await both.take(Buffer.concat([await list(), await list({ revoked: [fileOf('vg-0001', foreign)] }, foreign)]))
  expect(both.isRevoked(certificateOf('vg-0001', foreign))).toBe(true)
  expect(both.isRevoked(certificateOf('vg-0001'))).toBe(false)
})

test.each([
  ['of another authority', () => list({ revoked: [fileOf('vg-0001')] }, foreign), 'not-signed-by-authority'],
  ['that holds only the changes', () => list({ isDelta: true }), 'not-a-whole-list'],
  ['without a number', () => list({ isNumbered: false }), 'not-a-whole-list'],
  ['whose last byte was turned', async () => spoilt(await list()), 'not-signed-by-authority'],
  ['that is cut off', async () => (await list()).subarray(0, -5), 'not-a-list'],
  [
    'followed by a foreign one',
    async () => Buffer.concat([await list(), await list({}, foreign)]),
    'not-signed-by-authority',
  ],
  ['that is a page', async () => Buffer.from('<html>502</html>'), 'not-a-list'],
  ['that is nothing', async () => Buffer.alloc(0), 'not-a-list'],
])('a list %s is not taken, and the one before it holds', async (_, make, reason) => {
  await revocations.take(await list({ revoked: [fileOf('vg-0002')] }))
  expect(await revocations.take(await make())).toEqual({ ok: false, reason })
  expect(revocations.isRevoked(certificateOf('vg-0001'))).toBe(false)
  expect(revocations.isRevoked(certificateOf('vg-0002'))).toBe(true)
})

test('takes lists of a new authority once it is believed, and keeps what the old one revoked', async () => {
  await revocations.take(await list({ revoked: [fileOf('vg-0001')] }))
  const next = await list({ revoked: [fileOf('vg-0002', foreign)] }, foreign)
  expect(await revocations.take(next)).toMatchObject({ ok: false })
  revocations.changeAuthorities(readFileSync(foreign.caFile, 'utf8'))
  expect(await revocations.take(next)).toMatchObject({ ok: true, revoked: 2 })
  expect(revocations.isRevoked(certificateOf('vg-0001'))).toBe(true)
})

function spoilt(der: Buffer): Buffer {
  const last = der.length - 1
  der.writeUInt8(der.readUInt8(last) ^ 1, last)
  return der
}
