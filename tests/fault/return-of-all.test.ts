import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Coordinator, coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'
import { eventsOf } from './coordinator/unit-words.ts'

const isSoak = process.env['VIGIE_SOAK'] === '1'
const UNITS = 41
/** Long enough that every unit has failed several times and waits its own random while. */
const AWAY_MS = isSoak ? 180_000 : 8_000
/** The ceiling of a unit's wait after so long, and its handshake on a busy machine. */
const BACK_WITHIN_MS = isSoak ? 240_000 : 120_000

test('has all 41 units back after the broker was killed, and away, spread over time, with nothing lost', async () => {
  const coordinator = await coordinate('return-of-all', { sites: UNITS, pace: 2 })
  try {
    await untilConnected(coordinator, 0)
    for (const how of ['killed', 'away'] as const) {
      const since = Date.now()
      if (how === 'killed') await coordinator.kill('broker')
      else {
        await coordinator.cut()
        await pause(AWAY_MS)
        coordinator.restore()
      }
      const backFrom = how === 'killed' ? since : Date.now()
      const moments = await untilConnected(coordinator, backFrom)
      const lastMs = Math.max(...moments) - backFrom
      console.log(
        `return-of-all: broker ${how}, ${moments.length} units back within ${(lastMs / 1000).toFixed(1)} s, ` +
          `at most ${mostWithin(moments, 1_000)} in one second, ${mostWithin(moments, 100)} in 100 ms`,
      )
    }
    const verdict = await coordinator.verdict(
      `the broker killed, then away for ${AWAY_MS / 1000} s, under ${UNITS} units`,
    )
    expectNothingLost(verdict)
    // A small machine draws few pictures for 41 cameras; every unit has its states.
    expect(verdict.made).toBeGreaterThan(0)
    expect(verdict.madeRecords).toBeGreaterThan(UNITS)
  } finally {
    await coordinator.end()
  }
})

/** Waits until every unit has connected since a moment; gives when each did, for the first time since. */
async function untilConnected(coordinator: Coordinator, sinceMs: number): Promise<number[]> {
  const signal = AbortSignal.timeout(sinceMs === 0 ? 120_000 : BACK_WITHIN_MS)
  while (true) {
    const first = new Map<string, number>()
    for (const { unit, atMs } of eventsOf(coordinator.dataFolder, 'uplink.connected')) {
      if (atMs >= sinceMs && !first.has(unit)) first.set(unit, atMs)
    }
    if (first.size >= UNITS) return [...first.values()]
    await pause(500, undefined, { signal })
  }
}

/** The most moments that lie within any span of so many milliseconds. */
function mostWithin(moments: readonly number[], spanMs: number): number {
  return Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + spanMs).length))
}
