import { setTimeout } from 'node:timers/promises'
import { createFakeTime } from '@vigie/tests/fakes/time'
import { describe, expect, test } from 'vitest'
import { createDoorbell } from './doorbell.ts'

const realTime = { now: Date.now, monotonicMs: () => performance.now() }
const sleeping = { ...realTime, wait: (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, { signal }) }
const never = 60_000

describe('a doorbell', () => {
  test('wakes who sleeps, and takes the rings of the meantime as one', async () => {
    const bell = createDoorbell(sleeping)
    const { signal } = new AbortController()
    const heard = bell.heard(never, signal)
    bell.ring()
    await heard
    bell.ring()
    bell.ring()
    await bell.heard(never, signal)
    const time = createFakeTime({ nowMs: 0 })
    const quiet = createDoorbell(time)
    await quiet.heard(1000, signal)
    expect(time.monotonicMs()).toBe(1000)
  })

  test('lets a cancelled sleeper go with the reason, and leaves no listener behind', async () => {
    const bell = createDoorbell(sleeping)
    const stop = new AbortController()
    const heard = bell.heard(never, stop.signal)
    stop.abort(new Error('told to stop'))
    await expect(heard).rejects.toThrow('told to stop')
    await expect(bell.heard(never, stop.signal)).rejects.toThrow('told to stop')
  })
})
