import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Envelope } from './envelope.ts'
import type { CameraId } from './ids.ts'
import { ofEveryClass } from './item-class.ts'
import { type AgedSample, batchOf, decodeTelemetryItem } from './telemetry-batch.ts'

const read = (name: string) => readFileSync(new URL(`../samples/${name}.json`, import.meta.url))
const { v, id, unit, boot, seq, at, mono, clock } = JSON.parse(read('telemetry').toString())
const start: Envelope = { v, id, unit, boot, seq, at, mono, clock }

const count = fc.integer({ min: 0, max: 3 }) // few values, so that some figures stay the same
const samples: fc.Arbitrary<AgedSample[]> = fc
  .record({ length: fc.integer({ min: 1, max: 12 }), cameras: fc.integer({ min: 0, max: 2 }), hasWire: fc.boolean() })
  .chain(({ length, cameras, hasWire }) =>
    fc.array(
      fc
        .tuple(
          count,
          count,
          count,
          fc.option(count),
          fc.option(count),
          fc.array(count, { minLength: 10, maxLength: 10 }),
        )
        .map(([agoMs, memoryBytes, memoryFreeBytes, temperatureC, answerMs, many]) => ({
          ...{ agoMs, memoryBytes, memoryFreeBytes, temperatureC, diskFreeBytes: temperatureC, diskTotalBytes: 9 },
          clockOffsetMs: answerMs,
          cameras: Array.from({ length: cameras }, (_, index) => ({
            camera: `cam${index + 1}` as CameraId, // of the pattern
            answerMs,
          })),
          queue: ofEveryClass((name) => ({ items: many[name.length] ?? 0, bytes: many[0] ?? 0 })),
          sentBytes: ofEveryClass((name) => many[name.length] ?? 0),
          ...(hasWire && { wire: { sentBytes: many[1] ?? 0, receivedBytes: many[2] ?? 0 } }),
        })),
      { minLength: length, maxLength: length },
    ),
  )

describe('a batch of telemetry', () => {
  test('gives back every sample that was put into it', () => {
    fc.assert(
      fc.property(samples, (put) => {
        const decoded = decodeTelemetryItem(Buffer.from(JSON.stringify(batchOf(start, put))))
        expect(decoded).toMatchObject({ ok: true, value: start })
        expect(decoded.ok && decoded.value.samples).toEqual(put)
      }),
    )
  })

  test('says once what stayed the same', () => {
    const batch = JSON.parse(read('telemetry-batch').toString())
    const decoded = decodeTelemetryItem(Buffer.from(JSON.stringify(batch)))
    if (!decoded.ok) throw new Error(decoded.detail)
    expect(JSON.parse(JSON.stringify(batchOf(start, decoded.value.samples)))).toEqual(batch)
    expect(decoded.value.samples[2]).toMatchObject({ temperatureC: null, diskTotalBytes: 14_000_000_000, agoMs: 0 })
  })

  test.each([
    ['a figure with too few values', { temperatureC: [20, 21] }],
    ['a figure with none', { memoryBytes: [] }],
    ['no sample at all', { agoMs: [] }],
    ['two hours and a minute', { agoMs: Array(121).fill(0) }],
  ])('is refused with %s', (_, change) => {
    const wrong = { ...JSON.parse(read('telemetry-batch').toString()), ...change }
    expect(decodeTelemetryItem(Buffer.from(JSON.stringify(wrong)))).toMatchObject({ ok: false, reason: 'shape-wrong' })
  })

  test('stands beside the older form, which is a batch of one', () => {
    const decoded = decodeTelemetryItem(read('telemetry'))
    expect(decoded).toMatchObject({ ok: true, value: { id, samples: [{ agoMs: 0, temperatureC: 41.5 }] } })
  })
})
