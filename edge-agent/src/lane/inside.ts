import type { MuseumTerms } from '@vigie/contract/gate/catalogue'
import { lastNightlyCut, type Occupancy, occupancyOf } from '@vigie/contract/gate/occupancy'
import type { Row } from '@vigie/contract/gate/row'
import type { LaneLedger } from './ledger/lane-ledger.ts'

/** How many are inside, as far as the rows are here. */
export type Inside = {
  /** Looked up, not counted: a decision does not wait for it. Null before the museum's terms are known. */
  now(): Occupancy | null
  /** Rows have come, of this box or of others. */
  took(rows: readonly Row[]): void
  /** Counts anew when there is reason to. To be asked often, beside decisions. */
  look(): void
}

type InsideDeps = {
  ledger: Pick<LaneLedger, 'since'>
  terms: () => MuseumTerms | null
  areExitsCounted: () => boolean
  now: () => number
}

const DAY_MS = 86_400_000
/** An estimate falls with the minutes. */
const COUNTED_EVERY_MS = 60_000

/** Rows that change the number; of a Sunday in August some three thousand. */
const counts = ({ body, lane }: Row) =>
  body.kind === 'passage' ||
  body.kind === 'correction' ||
  body.kind === 'everybody-out' ||
  body.kind === 'undo' ||
  (body.kind === 'decision' && lane === null)

export function createInside({ ledger, terms, areExitsCounted, now }: InsideDeps): Inside {
  let rows: Row[] = ledger.since(now() - 2 * DAY_MS).filter(counts)
  let last: Occupancy = { inside: 0, isEstimate: true }
  let isStale = true
  let countedMs = 0

  function count(stayMinutes: number, nightlyOut: string): void {
    const nowMs = now()
    const from = new Date(lastNightlyCut(nowMs, nightlyOut) - DAY_MS).toISOString()
    rows = rows.filter(({ at }) => at >= from)
    last = occupancyOf(rows, { nowMs, stayMinutes, areExitsCounted: areExitsCounted() })
    isStale = false
    countedMs = nowMs
  }

  return {
    now: () => (terms() === null ? null : last),
    took(fresh) {
      const news = fresh.filter(counts)
      if (news.length > 0) isStale = true
      rows.push(...news)
    },
    look() {
      const known = terms()
      if (known === null || !(isStale || Math.abs(now() - countedMs) >= COUNTED_EVERY_MS)) return
      count(known.capacity.stayMinutes, known.nightlyOut)
    },
  }
}
