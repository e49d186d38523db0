import { describe, expect, test } from 'vitest'
import type { Reading } from '../../api/schemas.ts'
import { NOW } from '../wall.fixture.ts'
import { measuresOf, newestOf, rangeOf } from './measures.ts'

const STEP_S = 60
const nothing = { items: null, bytes: null }
const unsent = { ticket: null, alarm: null, state: null, telemetry: null, frame: null }

const reading = (minute: number, over: Partial<Reading> = {}): Reading => ({
  at: new Date(NOW + minute * STEP_S * 1000).toISOString(),
  temperatureC: 40,
  diskFreeBytes: null,
  diskTotalBytes: null,
  memoryBytes: 96_000_000,
  memoryFreeBytes: null,
  clockOffsetMs: null,
  answerMs: {},
  queue: { ticket: nothing, alarm: nothing, state: nothing, telemetry: nothing, frame: nothing },
  sentBytes: unsent,
  ...over,
})
const measures = (readings: Reading[]) => measuresOf({ readings, stepSeconds: STEP_S })
const find = (readings: Reading[], id: string) => measures(readings).find((measure) => measure.id === id)

describe('the charts of a unit', () => {
  test('leave out what its box cannot measure', () => {
    expect(measures([reading(0)]).map(({ id }) => id)).toEqual(['temperature', 'memory'])
    expect(measures([])).toEqual([])
  })

  test('have a line for each camera that answered', () => {
    const answers = find([reading(0, { answerMs: { cam1: 300 } }), reading(1, { answerMs: { cam2: 500 } })], 'answer')
    expect(answers?.lines).toEqual([
      { label: 'cam1', values: [300, null] },
      { label: 'cam2', values: [null, 500] },
    ])
  })

  test('have a hole where the unit was silent, not a straight line across it', () => {
    const temperature = find([reading(0), reading(1), reading(30)], 'temperature')
    expect(temperature?.lines[0]?.values).toEqual([40, 40, null, 40])
    expect(temperature?.times).toHaveLength(4)
  })

  test('say what was sent in an hour, and nothing where the unit started again', () => {
    const sent = (frame: number) => ({ sentBytes: { ...unsent, frame } })
    const line = find([reading(0, sent(1000)), reading(1, sent(3000)), reading(2, sent(500))], 'sent')?.lines[0]
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
      find([reading(0)], id)
        ?.inWords(value)
        .replaceAll(/\s/g, ' ')
    expect(said('temperature', 41.5)).toBe('41,5 °C')
    expect(said('memory', 96_000_000)).toBe('96 Mo')
  })
})
