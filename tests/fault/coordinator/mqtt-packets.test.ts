import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packet, publishPacket } from '../../conformance/mqtt-packets.ts'
import { createPacketCutter, isPlainPublish } from './mqtt-packets.ts'

test('cuts the same packets out of any pieces of a stream', () => {
  const packets = [
    publishPacket('vigie/a', 'short'),
    publishPacket('vigie/a', 'x'.repeat(2_000)),
    publishPacket('vigie/a', 'kept', { qos: 1 }),
    packet(0xc0, Buffer.alloc(0)),
  ]
  const stream = Buffer.concat(packets)
  fc.assert(
    fc.property(fc.array(fc.nat(stream.byteLength)), (places) => {
      const cuts = [0, ...places.toSorted((one, other) => one - other), stream.byteLength]
      const cut = createPacketCutter()
      const found = cuts.slice(1).flatMap((end, index) => cut(stream.subarray(cuts[index], end)))
      expect(found).toEqual(packets)
    }),
    { numRuns: 50 },
  )
  expect(packets.map(isPlainPublish)).toEqual([true, true, false, false])
})
