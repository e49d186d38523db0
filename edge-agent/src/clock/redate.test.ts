import { generateKeyPairSync } from 'node:crypto'
import { decodeFrame, type FrameHeader, isSealIntact, keyIdOf, pictureSha256, sealFrame } from '@vigie/contract/frame'
import { decodeState } from '@vigie/contract/state'
import { describe, expect, test } from 'vitest'
import { redate } from './redate.ts'

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = { id: keyIdOf(keys.publicKey.export({ type: 'spki', format: 'der' })), privateKey: keys.privateKey }
const AT = '2027-01-15T08:00:00.000Z'
const time = { redate: () => AT }
const picture = Buffer.from('not a JPEG')

const envelope = {
  ...{ v: 1, id: '01KAN5Z3W0F7Q8R9S0T1V2W3X4', unit: 'vg-0001', boot: '01KAN5Z000F7Q8R9S0T1V2W3X4', seq: 7 },
  ...{ at: '2026-11-01T00:00:04.000Z', mono: 4000, clock: 'unknown' },
  machine: { boot: '5f0c2f6a-93c4-4b5e-8d6c-0f6f4f0e7f11', mono: 64_000 },
}
function frameOf(change: object = {}): Uint8Array {
  const view = { kind: 'frame', site: 'seyne', camera: 'cam1', preset: 'amont', widthPx: 9, heightPx: 9 }
  const content = { bytes: picture.byteLength, sha256: pictureSha256(picture), maskVersion: 3, key: '0123456789abcdef' }
  const header = { ...envelope, ...view, ...content, intervalS: 60, addedLater: true, ...change }
  return sealFrame(header as unknown as FrameHeader, picture, keys.privateKey) // ids are of the contract's patterns
}

describe('what was made while the clock was unknown', () => {
  test('is a frame with the same id and picture, its time estimated, its header sealed by the key of today', () => {
    const frame = decodeFrame(redate({ class: 'frame', payload: frameOf() }, { time, key }))
    if (!frame.ok) throw new Error(frame.detail)
    const { machine: _left, ...rest } = envelope
    expect(frame.value.header).toMatchObject({ ...rest, at: AT, clock: 'estimated', key: key.id, addedLater: true })
    expect(frame.value.header).not.toHaveProperty('machine')
    expect(Buffer.from(frame.value.picture)).toEqual(picture)
    expect(isSealIntact(frame.value, keys.publicKey)).toBe(true)
  })

  test('is a record that says all it said, at its time', () => {
    const state = { ...envelope, kind: 'state', cameras: [] }
    const payload = redate({ class: 'state', payload: Buffer.from(JSON.stringify(state)) }, { time, key })
    expect(decodeState(payload)).toMatchObject({ ok: true, value: { id: envelope.id, at: AT, clock: 'estimated' } })
  })

  test('stays as it is while the time is unknown still', () => {
    const payload = frameOf()
    expect(redate({ class: 'frame', payload }, { time: { redate: () => null }, key })).toBe(payload)
  })
})

test('what has a time keeps it, whatever else it says', () => {
  const frame = frameOf({ clock: 'synchronised' })
  expect(redate({ class: 'frame', payload: frame }, { time, key })).toBe(frame)
  const state = { ...envelope, clock: 'estimated', kind: 'state', cameras: [], note: { clock: 'unknown' } }
  const payload = Buffer.from(JSON.stringify(state))
  expect(redate({ class: 'state', payload }, { time, key })).toBe(payload)
})
