import { FEED_PAGE_MAX_ENTRIES } from './bounds.ts'
import type { Envelope } from './envelope.ts'
import type { GateAsk } from './gate/feed.ts'

/** Asks the cloud for what comes after the mark of a log: one question at a time, whoever wants it. */
export type FeedAsker = {
  /** Somebody wants to know now: a ticket was shown that the lists do not settle. */
  want(): void
  /** To be called often: asks when it is time. */
  look(): Promise<void>
  /** A page has come. */
  answered(isBehind: boolean): void
}

type AskerDeps = {
  mark: () => number
  stamp: () => Envelope
  say(message: GateAsk): Promise<void>
  monotonicMs: () => number
}

/** The feed, unless another log is named. */
type AskerOptions = { log?: 'issued'; everyMs?: number; limit?: number }

/** A ticket that was taken back is refused so much later at most: 300 asks a day of 300 bytes, and 4 kB each for the answer. */
const EVERY_MS = 5 * 60_000
/** What somebody holds up who was sold a ticket a moment ago; a crowd with unknown codes asks no more often. */
const WANTED_EVERY_MS = 10_000
/** A question or its answer was lost. */
const ANSWER_WITHIN_MS = 20_000

/** One for each connection; the first look asks. */
export function createFeedAsker(
  { mark, stamp, say, monotonicMs }: AskerDeps,
  { log, everyMs = EVERY_MS, limit = FEED_PAGE_MAX_ENTRIES }: AskerOptions = {},
): FeedAsker {
  let askedMs = Number.NEGATIVE_INFINITY
  let isOpen = false
  let isWanted = true
  let isBehind = false

  function isDue(nowMs: number): boolean {
    const agoMs = nowMs - askedMs
    if (isOpen) return agoMs >= ANSWER_WITHIN_MS
    return isBehind || agoMs >= everyMs || (isWanted && agoMs >= WANTED_EVERY_MS)
  }

  return {
    want() {
      isWanted = true
    },
    async look() {
      const nowMs = monotonicMs()
      if (!isDue(nowMs)) return
      askedMs = nowMs
      isOpen = true
      isWanted = false
      await say({ ...stamp(), kind: 'gate-ask', after: mark(), limit, ...(log && { log }) })
    },
    answered(behind) {
      isOpen = false
      isBehind = behind
    },
  }
}
