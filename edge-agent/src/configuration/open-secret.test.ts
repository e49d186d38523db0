import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { CameraId } from '@vigie/contract/ids'
import { CompactEncrypt } from 'jose'
import { describe, expect, test } from 'vitest'
import { readUnitKey } from '../identity/credential.ts'
import { openSecret } from './open-secret.ts'

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = readUnitKey(String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  if (key === null) throw new Error('no P-256')
  return { key, publicKey }
}
const seal = (text: string, to: KeyObject) =>
  new CompactEncrypt(Buffer.from(text)).setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' }).encrypt(to)

const cam1 = { camera: 'cam1' as CameraId, url: 'http://192.0.2.7:8080/onvif' } // of the contract's pattern
const said = { camera: 'cam1', host: '192.0.2.7:8080', password: 'été' }
const [present, before] = [keyPair(), keyPair()]
const keys = [present.key, before.key]

describe('the sealed password of a camera', () => {
  test.each([
    ['the present key', present],
    ['the one before', before],
  ])('opens by %s of the unit', async (_, { publicKey }) => {
    expect(await openSecret(await seal(JSON.stringify(said), publicKey), cam1, keys)).toBe('été')
  })

  test.each([
    ['another camera', { ...said, camera: 'cam2' }],
    ['another host', { ...said, host: '192.0.2.8:8080' }],
    ['another port', { ...said, host: '192.0.2.7' }],
    ['nobody', 'été'],
  ])('does not open when it is for %s', async (_, text) => {
    expect(await openSecret(await seal(JSON.stringify(text), present.publicKey), cam1, keys)).toBeNull()
  })

  test('does not open when it is sealed to another unit, or is nothing of the kind', async () => {
    expect(await openSecret(await seal(JSON.stringify(said), keyPair().publicKey), cam1, keys)).toBeNull()
    expect(await openSecret('a.b.c.d.e', cam1, keys)).toBeNull()
    expect(await openSecret(await seal('no JSON', present.publicKey), cam1, keys)).toBeNull()
  })
})
