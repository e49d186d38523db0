import type { CameraId, PresetId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import type { FaultCode } from '../faults.ts'
import { afterAttempt, type CameraCondition, hasChanged, idleCamera } from './camera-condition.ts'

const camera = 'cam1' as CameraId // of the contract's pattern
const at = (minute: number) => `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z`

/** Plays attempts, one a minute: the preset and what went wrong with it. */
function play(...attempts: Array<[preset: string, fault: FaultCode | null]>): {
  last: CameraCondition
  told: boolean[]
} {
  const told: boolean[] = []
  let last = idleCamera(camera, at(0))
  attempts.forEach(([preset, fault], index) => {
    const attempt = { camera, preset: preset as PresetId, fault, answerMs: fault ? null : 80 } // of the contract's pattern
    const next = afterAttempt(last, attempt, at(index + 1))
    told.push(hasChanged(last, next))
    last = next
  })
  return { last, told }
}

describe("a camera's condition", () => {
  test('is idle until something was due, then capturing since the first frame', () => {
    expect(idleCamera(camera, at(0)).state).toEqual({ camera, condition: 'idle', since: at(0), failures: 0 })
    const { last, told } = play(['amont', null], ['amont', null])
    expect(last).toMatchObject({ answerMs: 80, state: { condition: 'capturing', since: at(1), failures: 0 } })
    expect(told).toEqual([true, false])
  })

  test('says a fault once, counts its failures, keeps since when, and says when it is over', () => {
    const { last, told } = play(['amont', null], ['amont', 'camera-timeout'], ['amont', 'camera-timeout'])
    expect(last.state).toEqual({ camera, condition: 'failing', fault: 'camera-timeout', since: at(2), failures: 2 })
    expect(told).toEqual([true, true, false])
    const mended = play(['amont', 'camera-timeout'], ['amont', null])
    expect(mended.last.state).toEqual({ camera, condition: 'capturing', since: at(2), failures: 0 })
  })

  test('fails while any of its presets does, without flapping between a good one and a bad one', () => {
    const { last, told } = play(['amont', null], ['aval', 'mask-missing'], ['amont', null], ['aval', 'mask-missing'])
    expect(last.state).toMatchObject({ condition: 'failing', fault: 'mask-missing', since: at(2), failures: 2 })
    expect(told).toEqual([true, true, false, false])
  })

  test('names of two faults the one that was there first, for as long as it lasts', () => {
    const { last, told } = play(['amont', 'camera-timeout'], ['aval', 'mask-missing'], ['amont', null])
    expect(last.state).toMatchObject({ condition: 'failing', fault: 'mask-missing', since: at(3) })
    expect(told).toEqual([true, false, true])
  })
})
