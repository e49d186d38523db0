import { randomInt } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { pictureProblem } from './picture-check.ts'

const SIZE = { widthPx: 96, heightPx: 64 }
let jpeg: Buffer
const drawn = () => {
  const pixels = Buffer.from(Array.from({ length: 96 * 64 * 3 }, (_, at) => (at * 7) % 251))
  return sharp(pixels, { raw: { width: 96, height: 64, channels: 3 } })
}
beforeAll(async () => {
  jpeg = await drawn().jpeg({ quality: 80 }).toBuffer()
})

/** An EXIF segment with one entry, in front of all others. */
function withExif(order: 'II' | 'MM', tag: number, value: number): Buffer {
  const tiff = Buffer.alloc(8 + 2 + 12 + 4)
  tiff.write(order, 'latin1')
  const u16 = (number: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(number, at) : tiff.writeUInt16BE(number, at)
  const u32 = (number: number, at: number) =>
    order === 'II' ? tiff.writeUInt32LE(number, at) : tiff.writeUInt32BE(number, at)
  u16(42, 2)
  u32(8, 4)
  u16(1, 8)
  u16(tag, 10)
  u16(3, 12)
  u32(1, 14)
  u16(value, 18)
  return withSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]))
}
function withSegment(marker: number, content: Uint8Array): Buffer {
  const start = Buffer.from([0xff, marker, 0, 0])
  start.writeUInt16BE(content.byteLength + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), start, content, jpeg.subarray(2)])
}

describe('a picture passes', () => {
  test('as it is, progressive, with restarts, with optimised tables, in grey, with a comment', async () => {
    const kinds = [
      jpeg,
      await drawn().jpeg({ progressive: true }).toBuffer(),
      await drawn().jpeg({ mozjpeg: true }).toBuffer(),
      await drawn().grayscale().jpeg().toBuffer(),
      withSegment(0xfe, Buffer.from('a comment')),
    ]
    for (const kind of kinds) expect(pictureProblem(kind, SIZE)).toBeNull()
  })

  test('with an orientation that says upright, and with EXIF that says none', () => {
    for (const order of ['II', 'MM'] as const) {
      expect(pictureProblem(withExif(order, 0x0112, 1), SIZE)).toBeNull()
      expect(pictureProblem(withExif(order, 0x0110, 6), SIZE)).toBeNull()
    }
  })
})

describe('a picture does not pass', () => {
  test('when its viewer would turn it, so that masks and places would be elsewhere', async () => {
    for (const order of ['II', 'MM'] as const) {
      expect(pictureProblem(withExif(order, 0x0112, 6), SIZE)).toBe('is to be turned by its viewer')
    }
    const turned = await drawn().withMetadata({ orientation: 3 }).jpeg().toBuffer()
    expect(pictureProblem(turned, SIZE)).toBe('is to be turned by its viewer')
  })

  test('when its EXIF cannot be read', () => {
    const strange = withSegment(0xe1, Buffer.from('Exif\0\0II*\0\xff\xff\xff\x7f', 'latin1'))
    expect(pictureProblem(strange, SIZE)).toBe('is to be turned by its viewer')
  })

  test('when it is of another size, no JPEG, or empty', () => {
    expect(pictureProblem(jpeg, { widthPx: 97, heightPx: 64 })).toBe('is 96 × 64, the header says 97 × 64')
    for (const bytes of [Buffer.from('<svg/>'), Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(0)]) {
      expect(pictureProblem(bytes, SIZE)).toBe('is not a JPEG')
    }
  })

  test('when it was cut at any byte, or carries something behind its end', () => {
    for (let length = 0; length < jpeg.byteLength; length += 1) {
      expect([length, pictureProblem(jpeg.subarray(0, length), SIZE)]).not.toContain(null)
    }
    expect(pictureProblem(Buffer.concat([jpeg, Buffer.from('x')]), SIZE)).toBe('goes on behind its end')
    expect(pictureProblem(Buffer.concat([jpeg, jpeg]), SIZE)).toBe('goes on behind its end')
  })

  test('when a picture of another size stands in it, or none', () => {
    const size = jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 4)
    expect(pictureProblem(withSegment(0xc0, size.subarray(0, 15)), SIZE)).toBe('has two pictures in it')
    expect(pictureProblem(Buffer.from([0xff, 0xd8, 0xff, 0xd9]), SIZE)).toBe('has no picture in it')
  })

  test('never with a crash: bytes changed at random are passed or refused, and come to an end', () => {
    const seed = randomInt(1_000_000)
    console.log(`seed ${seed}`)
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    const sources = [jpeg, withExif('II', 0x0112, 1)]
    for (let round = 0; round < 5_000; round += 1) {
      const bytes = Buffer.from(sources[round % 2] ?? jpeg)
      for (let change = 0; change <= random(4); change += 1) bytes[random(Math.min(bytes.length, 700))] = random(256)
      const problem = pictureProblem(bytes, SIZE)
      expect(problem === null || problem.length > 0).toBe(true)
    }
  })
})
