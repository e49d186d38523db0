import { describe, expect, test } from 'vitest'
import type { Reading } from '../../api/schemas.ts'
import { readingAt } from './reading.fixture.ts'
import { simUsageOf } from './sim-usage.ts'

const counted = (minute: number, frame: number, wire: Reading['wire']) =>
  readingAt(minute, { sentBytes: { ticket: 0, alarm: 0, state: 10, telemetry: minute, frame }, wire })

describe('what a SIM carried', () => {
  test('is said by class, with what goes around it, and adds up', () => {
    const readings = [
      counted(0, 1_000, { sentBytes: 5_000, receivedBytes: 700 }),
      counted(60, 9_000, { sentBytes: 14_000, receivedBytes: 900 }),
    ]
    expect(simUsageOf({ readings })).toEqual({
      parts: [
        { label: 'images', bytes: 8_000 },
        { label: 'mesures', bytes: 60 },
        { label: 'états', bytes: 0 },
        { label: 'protocole et chiffrement', bytes: 940 },
        { label: 'reçu', bytes: 200 },
      ],
      total: 9_200,
    })
  })

  test('goes on from nought where the unit started again, and loses nothing of before', () => {
    const wire = { sentBytes: null, receivedBytes: null }
    const readings = [counted(0, 1_000, wire), counted(1, 3_000, wire), counted(2, 400, wire), counted(3, 900, wire)]
    expect(simUsageOf({ readings })?.parts[0]).toEqual({ label: 'images', bytes: 2_900 })
  })

  test('has no total for a unit that does not count one, and nothing at all without a measure', () => {
    const wire = { sentBytes: null, receivedBytes: null }
    expect(simUsageOf({ readings: [counted(0, 0, wire), counted(1, 5, wire)] })?.total).toBeNull()
    expect(simUsageOf({ readings: [readingAt(0)] })).toBeNull()
  })
})
