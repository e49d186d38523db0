import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DesiredSet } from '@vigie/contract/desired'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { DESIRED_DOCUMENTS } from '@vigie/contract/topics'
import {
  type CertificateFiles,
  createDevelopmentAuthority,
  type DevelopmentAuthority,
} from '@vigie/provisioning/authority/development-authority'
import { CompactSign } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSignedSet } from './signed-set.ts'

const DAY_MS = 86_400_000
const NOW = Date.now()
const who = { site: 'seyne' as SiteId, unit: 'vg-0001' as UnitId } // of the contract's patterns
let folder: string
let ours: DevelopmentAuthority
let strange: DevelopmentAuthority
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-set-'))
  const make = (name: string) =>
    createDevelopmentAuthority({ folder: join(folder, name), units: [who] }, { now: () => NOW })
  ours = await make('ours')
  strange = await make('strange')
})
afterAll(() => rmSync(folder, { recursive: true }))

const set: DesiredSet = {
  ...{ v: 1, kind: 'desired-set', ...who, version: 3, attempt: 1, at: new Date(NOW).toISOString() },
  documents: Object.fromEntries(DESIRED_DOCUMENTS.map((name) => [name, '0'.repeat(64)])) as DesiredSet['documents'], // one of each
}

const derOf = (file: string) => new X509Certificate(readFileSync(file)).raw.toString('base64')

/** Signs as somebody, with the chain that is given. */
async function signed(
  payload: object,
  { keyFile, certificateFile }: CertificateFiles,
  x5c = [derOf(certificateFile)],
): Promise<Buffer> {
  const jws = await new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', x5c })
    .sign(createPrivateKey(readFileSync(keyFile)))
  return Buffer.from(jws)
}

const read = (bytes: Uint8Array, nowMs = NOW) => {
  const roots = () => [new X509Certificate(readFileSync(ours.caFile))]
  return readSignedSet(bytes, { ...who, roots, nowMs: () => nowMs })
}

describe('a signed set', () => {
  test('of our signer for this unit is taken, with or without the root in its chain', async () => {
    expect(await read(await signed(set, ours.configuration))).toEqual({ ok: true, set })
    const chain = [derOf(ours.configuration.certificateFile), derOf(ours.caFile)]
    expect(await read(await signed(set, ours.configuration, chain))).toMatchObject({ ok: true })
  })

  test('of anybody else is not, whatever he shows: a unit, the cloud, the broker, the authority itself, a stranger', async () => {
    const authority = { certificateFile: ours.caFile, keyFile: ours.caFile.replace('.crt', '.key') }
    for (const signer of [ours.unit(who.unit), ours.cloud, ours.broker, authority, strange.configuration]) {
      expect(await read(await signed(set, signer))).toMatchObject({ ok: false, reason: 'configuration-untrusted' })
    }
    const borrowed = [derOf(ours.configuration.certificateFile)]
    for (const thief of [ours.unit(who.unit), strange.configuration]) {
      expect(await read(await signed(set, thief, borrowed))).toMatchObject({ reason: 'configuration-untrusted' })
    }
    const mended = [derOf(strange.configuration.certificateFile), derOf(ours.caFile)]
    expect(await read(await signed(set, strange.configuration, mended))).toMatchObject({
      reason: 'configuration-untrusted',
    })
  })

  test('is held to the dates of its chain by the time that is given', async () => {
    const bytes = await signed(set, ours.configuration)
    for (const days of [-2, 400, 4_000]) {
      expect(await read(bytes, NOW + days * DAY_MS)).toMatchObject({ reason: 'configuration-untrusted' })
    }
  })

  test('for another unit or another site is not taken', async () => {
    for (const other of [{ unit: 'vg-0002' }, { site: 'riez' }]) {
      const bytes = await signed({ ...set, ...other }, ours.configuration)
      expect(await read(bytes)).toMatchObject({ ok: false, reason: 'configuration-elsewhere' })
    }
  })

  test('that is changed, cut, huge, unsigned or no set at all is refused, and nothing is thrown', async () => {
    const bytes = await signed(set, ours.configuration)
    const [header = '', payload = '', signature = ''] = bytes.toString().split('.')
    const other = Buffer.from(JSON.stringify({ ...set, version: 4 })).toString('base64url')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const hostile = [
      `${header}.${other}.${signature}`,
      `${header}.${payload}.`,
      `${none}.${payload}.`,
      bytes.subarray(0, 300).toString(),
      '',
      '...',
      'x'.repeat(20_000),
      '\uFFFD',
    ]
    for (const text of hostile) {
      expect(await read(Buffer.from(text))).toMatchObject({ ok: false, reason: 'configuration-untrusted' })
    }
    for (let cut = 0; cut < bytes.byteLength; cut += 97) {
      expect((await read(bytes.subarray(0, cut))).ok).toBe(false)
    }
    expect(await read(await signed({ hello: 1 }, ours.configuration))).toMatchObject({ reason: 'configuration-wrong' })
    expect(await read(await signed({ ...set, version: 0 }, ours.configuration))).toMatchObject({ ok: false })
  })
})
