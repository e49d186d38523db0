import { describe, expect, test } from 'vitest'
import type { Reading } from '../../api/schemas.ts'
import { measuresOf, newestOf, rangeOf } from './measures.ts'
import { readingAt, STEP_S, UNSENT } from './reading.fixture.ts'

const measures = (readings: Reading[]) => measuresOf({ readings, stepSeconds: STEP_S })
const find = (readings: Reading[], id: string) => measures(readings).find((measure) => measure.id === id)

describe('the charts of a unit', () => {
  test('leave out what its box cannot measure', () => {
    expect(measures([readingAt(0)]).map(({ id }) => id)).toEqual(['temperature', 'memory'])
    expect(measures([])).toEqual([])
  })

  test('have a line for each camera that answered', () => {
    const answers = find(
      [readingAt(0, { answerMs: { cam1: 300 } }), readingAt(1, { answerMs: { cam2: 500 } })],
      'answer',
    )
    expect(answers?.lines).toEqual([
      { label: 'cam1', values: [300, null] },
      { label: 'cam2', values: [null, 500] },
    ])
  })

  test('have a hole where the unit was silent, not a straight line across it', () => {
    const temperature = find([readingAt(0), readingAt(1), readingAt(30)], 'temperature')
    expect(temperature?.lines[0]?.values).toEqual([40, 40, null, 40])
    expect(temperature?.times).toHaveLength(4)
  })

  test('say what was sent in an hour, and nothing where the unit started again', () => {
    const sent = (frame: number) => ({ sentBytes: { ...UNSENT, frame } })
    const line = find([readingAt(0, sent(1000)), readingAt(1, sent(3000)), readingAt(2, sent(500))], 'sent')?.lines[0]
    expect(line?.values).toEqual([null, 120_000, null])
    expect(line && newestOf(line)).toBe(120_000)
  })

  test('stand on nought, or far enough apart that noise does not look like a storm', () => {
    expect(rangeOf({ scale: { from: 'zero' } }, 80, 100)).toEqual([0, expect.closeTo(110)])
    expect(rangeOf({ scale: { from: 'zero' } }, 0, 0)).toEqual([0, 1])
    expect(rangeOf({ scale: { from: 'values', leastSpan: 20 } }, 40, 42)).toEqual([31, 51])
    expect(rangeOf({ scale: { from: 'values', leastSpan: 20 } }, -10, 40)).toEqual([-10, 40])
  })

  test('say values with their unit, as French people write them', () => {
    const said = (id: string, value: number) =>
      find([readingAt(0)], id)
        ?.inWords(value)
        .replaceAll(/\s/g, ' ')
    expect(said('temperature', 41.5)).toBe('41,5 °C')
    expect(said('memory', 96_000_000)).toBe('96 Mo')
  })
})
