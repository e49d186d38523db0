import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PREVIEW_HEADER_MAX_BYTES, PREVIEW_PICTURE_MAX_BYTES } from './bounds.ts'
import { decodePreview, encodePreview } from './preview.ts'

const sample = readFileSync(new URL('../samples/preview.bin', import.meta.url))
const decoded = decodePreview(sample)
if (!decoded.ok) throw new Error('the sample decodes')
const { header, picture } = decoded.value

describe('a preview', () => {
  test('comes back as it was sent', () => {
    expect(decodePreview(encodePreview({ header, picture }))).toEqual({ ok: true, value: { header, picture } })
  })

  test('is not taken when its picture weighs more than a thin line carries', () => {
    const heavy = Buffer.concat([picture, Buffer.alloc(PREVIEW_PICTURE_MAX_BYTES)])
    expect(decodePreview(encodePreview({ header, picture: heavy }))).toMatchObject({ reason: 'picture-too-large' })
  })

  test('is not taken wider than anything that may be shown unmasked', () => {
    const wide = { ...header, widthPx: 1280 }
    expect(decodePreview(encodePreview({ header: wide, picture }))).toMatchObject({ reason: 'shape-wrong' })
  })

  test.each([
    ['nothing', Buffer.alloc(0), 'not-a-preview'],
    ['a frame', Buffer.concat([Buffer.from('VGF1'), sample.subarray(4)]), 'not-a-preview'],
    ['a header without end', withHeaderLength(0xffffffff), 'header-too-long'],
    ['a header that swallows the picture', withHeaderLength(PREVIEW_HEADER_MAX_BYTES), 'not-a-preview'],
  ])('is not %s', (_, bytes, reason) => {
    expect(decodePreview(bytes)).toMatchObject({ ok: false, reason })
  })
})

function withHeaderLength(length: number): Buffer {
  const bytes = Buffer.from(sample)
  bytes.writeUInt32BE(length, 4)
  return bytes
}
