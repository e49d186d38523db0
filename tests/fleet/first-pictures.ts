import { setTimeout as pause } from 'node:timers/promises'

const ASK_AGAIN_MS = 1_000
const ANSWER_WITHIN_MS = 5_000

type Collection = { features: { properties: { id: string; freshness: string } }[] }

/**
 * Asks the public API until every webcam has a picture that is not old, and tells how many have each time it changes.
 * Rejects with the signal's reason when that comes first.
 */
export async function waitForFirstPictures(
  origin: string,
  { total, progress, signal }: { total: number; progress(live: number): void; signal: AbortSignal },
): Promise<void> {
  let before = -1
  while (true) {
    const live = await countLive(origin, signal)
    if (live !== before) progress(live)
    if (live >= total) return
    before = live
    await pause(ASK_AGAIN_MS, undefined, { signal })
  }
}

/** How many webcams the public API says are live; 0 while it does not answer. */
export async function countLive(origin: string, signal: AbortSignal): Promise<number> {
  try {
    const answer = await fetch(`${origin}/api/v1/webcams`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    if (!answer.ok) return 0
    const { features } = (await answer.json()) as Collection // its shape is tested beside the API
    return features.filter(({ properties }) => ['fresh', 'late'].includes(properties.freshness)).length
  } catch (error) {
    if (signal.aborted) throw error
    return 0 // it is starting, or starting again
  }
}
