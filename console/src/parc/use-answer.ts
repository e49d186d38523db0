import { useCallback, useEffect, useState } from 'preact/hooks'
import { Refused } from '../api/refused.ts'
import { pause } from '../live/pause.ts'

/** What was asked for, or why it is not there. What was read once stays while it cannot be read anew. */
export type Answer<Value> = { state: 'loading' | 'failed' | 'not-allowed' } | { state: 'ready'; value: Value }

const AGAIN_MS = 20_000

/**
 * Asks again and again while the page is open. `again` asks at once.
 * @param ask the same function from render to render, or it is asked anew
 */
export function useAnswer<Value>(ask: (signal: AbortSignal) => Promise<Value>): {
  answer: Answer<Value>
  again: () => void
} {
  const [answer, setAnswer] = useState<Answer<Value>>({ state: 'loading' })
  const [turn, setTurn] = useState(0)
  // `turn` is not read: a further one asks at once.
  useEffect(() => {
    const gone = new AbortController()
    const follow = async () => {
      while (!gone.signal.aborted) {
        try {
          const value = await ask(gone.signal)
          if (!gone.signal.aborted) setAnswer({ state: 'ready', value })
        } catch (problem) {
          if (!gone.signal.aborted) setAnswer((before) => afterFailure(before, problem))
        }
        await pause(AGAIN_MS, gone.signal)
      }
    }
    void follow()
    return () => gone.abort()
  }, [ask, turn])
  return { answer, again: useCallback(() => setTurn((count) => count + 1), []) }
}

function afterFailure<Value>(before: Answer<Value>, problem: unknown): Answer<Value> {
  if (problem instanceof Refused && [401, 403].includes(problem.status)) return { state: 'not-allowed' }
  return before.state === 'ready' ? before : { state: 'failed' }
}
