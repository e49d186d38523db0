import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PICTURE_MAX_BYTES } from './bounds.ts'
import {
  decodeFrame,
  type FrameHeader,
  isSealIntact,
  keyIdOf,
  pictureSha256,
  SIGNATURE_BYTES,
  sealFrame,
} from './frame.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const picture = Buffer.from('not a JPEG, but the wire does not look inside')

function headerOf(bytes: Uint8Array, change: Partial<Record<keyof FrameHeader, unknown>> = {}): FrameHeader {
  const header = {
    v: 1,
    id: '01KAN5Z3W0F7Q8R9S0T1V2W3X4',
    unit: 'vg-0001',
    boot: '01KAN5Z000F7Q8R9S0T1V2W3X4',
    seq: 7,
    at: '2026-11-22T05:04:03.021Z',
    mono: 60_000,
    clock: 'synchronised',
    kind: 'frame',
    site: 'col-d-allos',
    camera: 'cam1',
    preset: 'amont',
    widthPx: 1280,
    heightPx: 720,
    bytes: bytes.byteLength,
    sha256: pictureSha256(bytes),
    maskVersion: 3,
    key: keyIdOf(publicKey.export({ type: 'spki', format: 'der' })),
    ...change,
  }
  return header as FrameHeader // some tests make a wrong one on purpose
}

function decoded(message: Uint8Array) {
  const frame = decodeFrame(message)
  if (!frame.ok) throw new Error(frame.detail)
  return frame.value
}

describe('a sealed frame', () => {
  test('comes back as it was, its seal intact', () => {
    const frame = decoded(sealFrame(headerOf(picture), picture, privateKey))
    expect(frame.header).toEqual(headerOf(picture))
    expect(Buffer.from(frame.picture)).toEqual(picture)
    expect(isSealIntact(frame, publicKey)).toBe(true)
  })

  test('has a broken seal when any single byte behind its length fields changed', () => {
    const message = sealFrame(headerOf(picture), picture, privateKey)
    fc.assert(
      fc.property(fc.integer({ min: 8, max: message.byteLength - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const forged = Uint8Array.from(message)
        forged[at] = (forged[at] ?? 0) ^ flip
        const frame = decodeFrame(forged)
        expect(frame.ok && isSealIntact(frame.value, publicKey)).toBe(false)
      }),
    )
  })

  test('is not intact under another unit’s key', () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(isSealIntact(decoded(sealFrame(headerOf(picture), picture, privateKey)), stranger.publicKey)).toBe(false)
  })
})

describe('decodeFrame', () => {
  test('never throws and never takes noise for a frame', () => {
    const noise = fc.uint8Array({ maxLength: 4096 })
    const nearly = noise.map((bytes) => Buffer.concat([Buffer.from('VGF1\0\0'), bytes]))
    fc.assert(
      fc.property(fc.oneof(noise, nearly), (bytes) => {
        expect(decodeFrame(bytes).ok).toBe(false)
      }),
    )
  })

  test('refuses every truncation of a true frame', () => {
    const message = sealFrame(headerOf(picture), picture, privateKey)
    for (let length = 0; length < message.byteLength; length += 1) {
      expect(decodeFrame(message.subarray(0, length)).ok).toBe(false)
    }
  })

  test.each([
    ['a header that claims 4 GB', Buffer.concat([Buffer.from('VGF1'), Buffer.alloc(4, 0xff)]), 'header-too-long'],
    [
      'a length that is not the picture’s',
      sealFrame(headerOf(picture, { bytes: 3 }), picture, privateKey),
      'length-wrong',
    ],
    [
      'a site outside the grammar',
      sealFrame(headerOf(picture, { site: '../etc' }), picture, privateKey),
      'shape-wrong',
    ],
    ['another version', sealFrame(headerOf(picture, { v: 2 }), picture, privateKey), 'version-unknown'],
    [
      'a picture over the bound',
      sealFrame(headerOf(picture), Buffer.alloc(PICTURE_MAX_BYTES + 1), privateKey),
      'picture-too-large',
    ],
  ])('refuses %s', (_, message, reason) => {
    expect(decodeFrame(message)).toMatchObject({ ok: false, reason })
  })

  test('reads a message that starts inside a larger buffer', () => {
    const message = sealFrame(headerOf(picture), picture, privateKey)
    const larger = Buffer.concat([Buffer.alloc(5), message, Buffer.alloc(3)])
    expect(decodeFrame(larger.subarray(5, 5 + message.byteLength)).ok).toBe(true)
    expect(SIGNATURE_BYTES).toBe(64)
  })
})
