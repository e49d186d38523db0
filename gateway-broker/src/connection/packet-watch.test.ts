import { Duplex } from 'node:stream'
import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { packet as encode } from '@vigie/tests/conformance/mqtt-packets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPacketWatch, watchReads } from './packet-watch.ts'

const packet = (type: number, bodyBytes: number) => encode(type << 4, Buffer.alloc(bodyBytes))

/** Hands the bytes to a new watch in pieces of the given sizes, the rest in one. */
function watchInPieces(bytes: Buffer, sizes: number[]) {
  const watch = createPacketWatch()
  let at = 0
  for (const size of [...sizes, bytes.length]) {
    const violation = watch(bytes.subarray(at, at + size))
    if (violation !== undefined) return violation
    at += size
  }
  return undefined
}

const CONNECT = packet(1, 100)
const pieces = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 200 })

describe('a packet watch', () => {
  test('lets sound packets pass, however they are cut into pieces', () => {
    const sound = fc.oneof(
      fc.tuple(fc.constant(3), fc.integer({ min: 0, max: 20_000 })),
      fc.tuple(fc.constantFrom(8, 10), fc.integer({ min: 0, max: 8192 })),
      fc.tuple(fc.constantFrom(4, 5, 6, 7), fc.constant(2)),
      fc.tuple(fc.constantFrom(12, 14), fc.constant(0)),
    )
    fc.assert(
      fc.property(fc.array(sound, { maxLength: 10 }), pieces, (packets, sizes) => {
        const bytes = Buffer.concat([CONNECT, ...packets.map(([type, length]) => packet(type, length))])
        expect(watchInPieces(bytes, sizes)).toBeUndefined()
      }),
    )
  })

  test('refuses a packet that is too long from its header alone, however it is cut', () => {
    const tooLong = fc.constantFrom<[number, number]>(
      [1, 8193],
      [3, PAYLOAD_MAX_BYTES + 165],
      [4, 3],
      [8, 8193],
      [12, 1],
      [14, 1],
    )
    fc.assert(
      fc.property(tooLong, pieces, ([type, length], sizes) => {
        const before = type === 1 ? Buffer.alloc(0) : Buffer.concat([CONNECT, packet(3, 300)])
        const headerOnly = packet(type, length).subarray(0, 5)
        expect(watchInPieces(Buffer.concat([before, headerOnly]), sizes)).toBe('packet-too-long')
      }),
    )
  })

  test('takes a PUBLISH of exactly the largest frame on the longest topic', () => {
    expect(watchInPieces(Buffer.concat([CONNECT, packet(3, PAYLOAD_MAX_BYTES + 164)]), [])).toBeUndefined()
  })

  test.each([0, 2, 9, 11, 13, 15])('refuses packet type %i, which no client sends', (type) => {
    expect(watchInPieces(Buffer.concat([CONNECT, packet(type, 2)]), [])).toBe('packet-not-expected')
  })

  test.each([3, 8, 12, 14])('refuses packet type %i before CONNECT', (type) => {
    expect(watchInPieces(packet(type, 0), [])).toBe('packet-not-expected')
  })

  test('refuses a length that does not end after four bytes', () => {
    expect(watchInPieces(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x00]), [])).toBe('packet-length-malformed')
  })
})

test('a watched socket gives what it read until the first violation, and nothing after', () => {
  const socket = new Duplex({ read: () => undefined })
  const violations: string[] = []
  watchReads(socket, { mayRead: () => true, refuse: (violation) => void violations.push(violation) })
  socket.push(CONNECT)
  expect(socket.read()).toEqual(CONNECT)
  socket.push(Buffer.from([0x20, 0x02, 0x00, 0x00]))
  expect(socket.read()).toBeNull()
  expect(violations).toEqual(['packet-not-expected'])
})
