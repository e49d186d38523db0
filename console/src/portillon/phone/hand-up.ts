import type { MuseumApi, Uploaded } from '../../api/museum.ts'
import type { Kept, Outgoing } from './kept.ts'

/** As many as the gateway takes at once. */
const AT_ONCE = 200

type Deps = { api: Pick<MuseumApi, 'upload'>; kept: Pick<Kept, 'outgoing' | 'settle'> }

/**
 * Hands up what the phone decided by itself, in the order in which it did. Sent twice, it is stored once, by its nonce; one
 * that is refused is kept apart with the reason, and the rest goes on (Y10). Gives how many were taken.
 */
export async function handUp({ api, kept }: Deps): Promise<number> {
  const waiting = (await kept.outgoing()).toSorted((a, b) => (a.at < b.at ? -1 : 1))
  let taken = 0
  for (let from = 0; from < waiting.length; from += AT_ONCE) {
    const some = waiting.slice(from, from + AT_ONCE)
    const verdicts = await api.upload(some.map(toUpload))
    for (const { nonce, outcome, reason, id } of verdicts) {
      const one = some.find((sent) => sent.nonce === nonce)
      if (one === undefined) continue
      await kept.settle(one, outcome === 'refused' || id === null ? { reason: reason ?? 'refused' } : { id })
      if (outcome !== 'refused') taken += 1
    }
  }
  return taken
}

const toUpload = ({ site, at, body, undoneAt }: Outgoing) =>
  ({ site, at, body, ...(undoneAt !== undefined && { undoneAt }) }) as Uploaded // a body lacks what the gateway says itself
