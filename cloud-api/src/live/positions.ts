import type { LiveEvent, LiveEventStore } from '../store/live-events.ts'
import type { LiveCause } from '../store/tables.ts'
import { webcamId } from './feature.ts'

/** Where a webcam's newest event stands in the log, and the newest one of each cause. */
export type Position = { seq: number; byCause: ReadonlyMap<LiveCause, number> }

export type Change = readonly [webcam: string, position: Position]

/** Events are read in pages of this many: two hours of the whole fleet at a frame a minute are ten pages. */
const PAGE = 500

/**
 * What a client that comes back needs of the log: for each webcam its newest events. The log is read in full once and
 * then followed, so that a thousand clients that come back together cost no reading at all.
 */
export function createPositions(events: Pick<LiveEventStore, 'after' | 'oldestSeq'>) {
  /** In the order of their numbers: a map keeps the order of insertion, and a webcam is written anew each time. */
  let newest: ReadonlyMap<string, Position> = new Map()
  /** The log is known after this number, up to the other. */
  let from = 0
  let to: number | null = null
  let following: Promise<void> | null = null

  async function readOn(): Promise<void> {
    const read = new Map(newest)
    let seq = to ?? 0
    let page: LiveEvent[]
    do {
      page = await events.after(seq, PAGE)
      for (const event of page) {
        const webcam = webcamId(event.site, event.camera)
        const byCause = new Map(read.get(webcam)?.byCause).set(event.cause, event.seq)
        read.delete(webcam)
        read.set(webcam, { seq: event.seq, byCause })
        seq = event.seq
      }
    } while (page.length === PAGE)
    const oldestSeq = await events.oldestSeq()
    // All at once: who looks meanwhile never sees positions beyond what is known.
    newest = read
    from = (oldestSeq ?? seq + 1) - 1
    to = seq
  }

  return {
    /** Up to where the log is known; null before the first reading. */
    upTo: () => to,

    /**
     * Reads on to the end of the log; who asks meanwhile shares the reading. When it fails in the middle, nothing is
     * lost: the next one reads the same again.
     */
    follow(): Promise<void> {
      following ??= readOn().finally(() => {
        following = null
      })
      return following
    },

    /** The webcams that changed after `seq`, oldest change first; null when the log does not reach back so far. */
    since(seq: number): Change[] | null {
      if (to === null || seq < from || seq > to) return null
      return [...newest].filter(([, position]) => position.seq > seq)
    },
  }
}

export type Positions = ReturnType<typeof createPositions>
