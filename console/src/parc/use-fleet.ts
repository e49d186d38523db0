import { useCallback, useEffect, useState } from 'preact/hooks'
import type { FleetApi } from '../api/fleet.ts'
import { Refused } from '../api/refused.ts'
import type { FleetUnit } from '../api/schemas.ts'
import { pause } from '../live/pause.ts'

/** A unit that goes off line is on the wall within a second; this page is for what changes in days. */
const AGAIN_MS = 20_000

/** What is known of the fleet, or why nothing is. `now` is the cloud's time of the answer. */
export type Fleet =
  | { reading: 'loading' | 'failed' | 'refused' | 'signed-out' }
  | { reading: 'ready'; units: readonly FleetUnit[]; now: number; isOld: boolean }

/** `again` reads it at once. */
export function useFleet(api: Pick<FleetApi, 'units'>): { fleet: Fleet; again: () => void } {
  const [fleet, setFleet] = useState<Fleet>({ reading: 'loading' })
  const [turn, setTurn] = useState(0)
  // `turn` is not read: a further one reads at once.
  useEffect(() => {
    const gone = new AbortController()
    void follow(api, setFleet, gone.signal)
    return () => gone.abort()
  }, [api, turn])
  return { fleet, again: useCallback(() => setTurn((count) => count + 1), []) }
}

async function follow(
  api: Pick<FleetApi, 'units'>,
  tell: (fleet: (before: Fleet) => Fleet) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { units, generatedAt } = await api.units(signal)
      tell(() => ({ reading: 'ready', units, now: Date.parse(generatedAt), isOld: false }))
    } catch (problem) {
      // What was read before stays, and says that it is old; only a page that never had anything says why.
      if (!signal.aborted) tell((before) => afterFailure(before, problem))
    }
    await pause(AGAIN_MS, signal)
  }
}

function afterFailure(before: Fleet, problem: unknown): Fleet {
  const status = problem instanceof Refused ? problem.status : 0
  if (status === 401) return { reading: 'signed-out' }
  if (status === 403) return { reading: 'refused' }
  return before.reading === 'ready' ? { ...before, isOld: true } : { reading: 'failed' }
}
