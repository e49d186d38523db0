import { createFakeTime } from '@vigie/tests/fakes/time'
import { describe, expect, test } from 'vitest'
import { createClockTruth } from './clock-truth.ts'

const T = 1_800_000_000_000
const HOUR = 3_600_000

function startedAt(nowMs: number) {
  const time = createFakeTime({ nowMs })
  const truth = createClockTruth(time)
  /** A receipt that the cloud wrote when its clock was that far behind ours, in the middle of the round trip. */
  const receipt = (oursMinusCloudsMs: number, roundTripMs = 400) => {
    const receivedAtMs = time.now()
    truth.compare({ cloudAtMs: receivedAtMs - roundTripMs / 2 - oursMinusCloudsMs, receivedAtMs, roundTripMs })
  }
  return { time, truth, receipt }
}

describe('what a unit believes of its clock', () => {
  test('is nothing after a boot, and the truth once the cloud has confirmed it', () => {
    const { truth, receipt } = startedAt(T)
    expect([truth.state(), truth.offsetMs()]).toEqual(['unknown', null])
    receipt(150)
    expect([truth.state(), truth.offsetMs()]).toEqual(['synchronised', 150])
  })

  test('stays unknown in 1970, and says by how much it is wrong', () => {
    const { truth, receipt } = startedAt(0)
    receipt(-T)
    expect([truth.state(), truth.offsetMs()]).toEqual(['unknown', -T])
  })

  test('becomes an estimate a day after the last confirmation', () => {
    const { time, truth, receipt } = startedAt(T)
    receipt(0)
    time.pass(24 * HOUR)
    expect(truth.state()).toBe('synchronised')
    time.pass(1000)
    expect(truth.state()).toBe('estimated')
    receipt(0)
    expect(truth.state()).toBe('synchronised')
  })

  test('is lost when somebody sets the clock, until the cloud confirms it again', () => {
    const { time, truth, receipt } = startedAt(T)
    receipt(0)
    time.setWall(T - 10 * HOUR)
    expect(truth.state()).toBe('unknown')
    receipt(-10 * HOUR)
    expect(truth.state()).toBe('unknown')
    time.setWall(T)
    receipt(0)
    expect(truth.state()).toBe('synchronised')
  })

  test('learns nothing from an answer that took too long to measure by', () => {
    const { truth, receipt } = startedAt(T)
    receipt(0, 25_000)
    expect([truth.state(), truth.offsetMs()]).toEqual(['unknown', null])
  })
})
