import { createFakeTime } from '@vigie/tests/fakes/time'
import { describe, expect, test } from 'vitest'
import { createUplinkWatch } from './hold-uplink.ts'

const MINUTE_MS = 60_000
const signal = new AbortController().signal

/** A watch by a clock that moves when somebody waits; `meanwhile` may happen in the middle of a wait, and ends it. */
function trial(meanwhile: Array<{ afterMs: number; happens: 'opened' | 'closed' }> = []) {
  const time = createFakeTime({ nowMs: 0 })
  const watch = createUplinkWatch({
    ...time,
    async wait(ms, waiting) {
      const next = meanwhile[0]
      if (next === undefined || next.afterMs > ms) return time.wait(ms, waiting)
      meanwhile.shift()
      time.pass(next.afterMs)
      watch[next.happens]()
      waiting.throwIfAborted()
    },
  })
  return { watch, time }
}

describe('a connection on trial', () => {
  test('holds after a minute in which the new plan ran, however long it was there before', async () => {
    const { watch, time } = trial()
    watch.opened()
    time.pass(60 * MINUTE_MS)
    expect(await watch.holds(signal)).toEqual({ ok: true })
    expect(time.monotonicMs()).toBe(61 * MINUTE_MS)
  })

  test('that is closed in the middle of its minute has a whole one before it again', async () => {
    const { watch, time } = trial([
      { afterMs: 50_000, happens: 'closed' },
      { afterMs: 30_000, happens: 'opened' },
    ])
    watch.opened()
    expect(await watch.holds(signal)).toEqual({ ok: true })
    expect(time.monotonicMs()).toBe(80_000 + MINUTE_MS)
  })

  test('that does not come back within ten minutes has not held', async () => {
    const { watch, time } = trial([{ afterMs: 1_000, happens: 'closed' }])
    watch.opened()
    expect(await watch.holds(signal)).toEqual({ ok: false, reason: 'uplink-not-held' })
    expect(time.monotonicMs()).toBe(10 * MINUTE_MS)
  })
})
