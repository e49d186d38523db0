import type { MuseumTerms } from '@vigie/contract/gate/catalogue'
import { lastNightlyCut, type Occupancy, occupancyOf } from '@vigie/contract/gate/occupancy'
import type { Row } from '@vigie/contract/gate/row'
import type { ItemId } from '@vigie/contract/ids'
import type { LaneLedger } from './ledger/lane-ledger.ts'

/** How many are inside, as far as the rows are here. */
export type Inside = {
  /**
   * Looked up, not counted: a decision does not wait for it. Who holds a grant of a lane is as good as inside, so that two
   * do not get the last place. Null before the museum's terms are known.
   */
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
/** A group has gone through by then; beyond, a lane that died and never gave its grant back holds no place. */
const GRANT_MAX_MS = 5 * 60_000

/** Rows that change the number; of a Sunday in August some three thousand. */
const counts = ({ body, lane }: Row) =>
  body.kind === 'passage' ||
  body.kind === 'correction' ||
  body.kind === 'everybody-out' ||
  body.kind === 'undo' ||
  (body.kind === 'decision' && lane === null)

/** What a row changes at once; that somebody counted shows at the next count. */
function changeOf({ body }: Row): number {
  if (body.kind !== 'passage' && body.kind !== 'decision') return 0
  const persons = body.kind === 'passage' ? 1 : body.outcome === 'ok' ? body.persons : 0
  return body.direction === 'out' ? -persons : persons
}

export function createInside({ ledger, terms, areExitsCounted, now }: InsideDeps): Inside {
  const before = ledger.since(now() - 2 * DAY_MS)
  let rows: Row[] = before.filter(counts)
  let last: Occupancy = { inside: 0, isEstimate: true }
  let isStale = true
  let countedMs = 0
  /** By how many the number has changed since it was counted. */
  let since = 0
  const granted = new Map<ItemId, { persons: number; atMs: number }>()
  for (const row of before) reserve(row)

  function count(stayMinutes: number, nightlyOut: string): void {
    const nowMs = now()
    const from = new Date(lastNightlyCut(nowMs, nightlyOut) - DAY_MS).toISOString()
    rows = rows.filter(({ at }) => at >= from)
    last = occupancyOf(rows, { nowMs, stayMinutes, areExitsCounted: areExitsCounted() })
    isStale = false
    countedMs = nowMs
    since = 0
    for (const [decision, { atMs }] of granted) if (nowMs - atMs > GRANT_MAX_MS) granted.delete(decision)
  }

  function reserve({ id, body, lane, at }: Row): void {
    if (body.kind === 'decision' && lane !== null && body.outcome === 'ok' && body.direction === 'in') {
      granted.set(id, { persons: body.persons, atMs: Date.parse(at) })
    }
    const decision = 'decision' in body ? body.decision : null
    const grant = decision === null ? undefined : granted.get(decision)
    if (decision === null || grant === undefined) return
    const persons = body.kind === 'undo' ? 0 : grant.persons - (body.kind === 'returned' ? body.persons : 1)
    if (persons > 0) granted.set(decision, { ...grant, persons })
    else granted.delete(decision)
  }

  function look(): void {
    const known = terms()
    if (known === null || !(isStale || Math.abs(now() - countedMs) >= COUNTED_EVERY_MS)) return
    count(known.capacity.stayMinutes, known.nightlyOut)
  }

  function reserved(): number {
    return [...granted.values()].reduce((sum, { persons }) => sum + persons, 0)
  }

  return {
    now() {
      if (terms() === null) return null
      if (countedMs === 0) look()
      return { ...last, inside: Math.max(0, last.inside + since) + reserved() }
    },
    took(fresh) {
      for (const row of fresh) reserve(row)
      const news = fresh.filter(counts)
      since += news.reduce((sum, row) => sum + changeOf(row), 0)
      if (news.length > 0) isStale = true
      rows.push(...news)
    },
    look,
  }
}
