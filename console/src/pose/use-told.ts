import { useEffect, useState } from 'preact/hooks'
import { pause } from '../live/pause.ts'

/** What the cloud says of a thing, asked again and again while it is looked at. */
export type Told<Thing> = {
  thing: Thing | null
  /** Whether the last question was answered. */
  isHeard: boolean
  askAgain: () => void
}

/** @param ask must stay the same function while the thing is the same */
export function useTold<Thing>(ask: (signal: AbortSignal) => Promise<Thing>, everyMs: number): Told<Thing> {
  const [told, setTold] = useState<{ thing: Thing | null; isHeard: boolean }>({ thing: null, isHeard: true })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const gone = new AbortController()
    async function follow() {
      while (!gone.signal.aborted) {
        try {
          const thing = await ask(gone.signal)
          if (!gone.signal.aborted) setTold({ thing, isHeard: true })
        } catch {
          // What was told stays on the screen; that it is not new is said.
          if (!gone.signal.aborted) setTold((last) => ({ ...last, isHeard: false }))
        }
        await pause(everyMs, gone.signal)
      }
    }
    void follow()
    return () => gone.abort()
  }, [ask, everyMs, turn])
  return { ...told, askAgain: () => setTurn((last) => last + 1) }
}
