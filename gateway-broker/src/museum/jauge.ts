import type { MuseumTerms } from '@vigie/contract/gate/catalogue'
import {
  everybodyOutDue,
  lastNightlyCut,
  type Occupancy,
  occupancyOf,
  type Peak,
  peakOf,
} from '@vigie/contract/gate/occupancy'
import type { Row } from '@vigie/contract/gate/row'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import type { MuseumLedger } from './ledger/museum-ledger.ts'
import type { RecentRows } from './recent-rows.ts'

/** How many are inside, and what that means for the door. */
export type Inside = {
  persons: number
  isEstimate: boolean
  level: 'free' | 'crowded' | 'full'
  warnAt: number | null
  refuseAt: number | null
}

export type Jauge = {
  inside(): Inside
  /** The most that were inside at once among the rows of a day. */
  peakOf(rows: readonly Row[]): Peak | null
  /** Writes the row that counts everybody out, when its hour has passed and somebody is still counted. To be asked often. */
  lookAtNight(): void
}

type JaugeDeps = {
  ledger: Pick<MuseumLedger, 'nights' | 'append' | 'onRows'>
  recent: RecentRows
  terms: () => MuseumTerms | null
  /** Whether who leaves is counted; else who is inside is reckoned from how long a visit takes. */
  areExitsCounted: () => boolean
  /** Whether every lane is linked: one that is away may have let people through that nobody here knows of. */
  areAllHere: () => boolean
  now: () => number
}

/** Without a catalogue there is no museum's own hour. */
const NIGHTLY_OUT = '03:00'
/** A visit of a day at most: what an estimate may still need of the days before. */
const STAY_MINUTES = 1_440
const DAY_MS = 86_400_000

/**
 * Folding the rows of a Sunday takes 10 ms, and every rotation asks for it: a count goes on from a mark so far back, which a
 * row that comes late takes away.
 */
const MARK_BACK_MS = 10 * 60_000
const MARK_MOVED_AFTER_MS = 30 * 60_000

/** The jauge of the building, from the rows of all lanes and phones. It holds nothing: a restart counts again. */
export function createJauge({ ledger, recent, terms, areExitsCounted, areAllHere, now }: JaugeDeps): Jauge {
  let isStale = true
  let countedAtMs = 0
  let last: Occupancy = { inside: 0, isEstimate: false }
  let mark: { atMs: number; inside: number } | null = null
  ledger.onRows((rows) => {
    isStale = true
    if (mark !== null && rows.some(({ at }) => Date.parse(at) <= (mark?.atMs ?? 0))) mark = null
  })

  /** From the last night on: at the hour of a cut, whoever was still counted was counted out, or nobody was. */
  function nightMs(nowMs: number): number {
    const night = ledger.nights().at(-1)
    const cutMs = lastNightlyCut(nowMs, terms()?.nightlyOut ?? NIGHTLY_OUT)
    return Math.max(night === undefined ? 0 : Date.parse(night), cutMs - DAY_MS)
  }

  function counted(nowMs: number): Occupancy {
    const as = { nowMs, stayMinutes: 1, areExitsCounted: true }
    if (mark === null || nowMs - mark.atMs > MARK_MOVED_AFTER_MS || mark.atMs > nowMs) {
      const atMs = nowMs - MARK_BACK_MS
      const rows = recent.since(nightMs(nowMs)).filter(({ at }) => Date.parse(at) <= atMs)
      mark = { atMs, inside: occupancyOf(rows, as).inside }
    }
    return occupancyOf([asIfCounted(mark), ...recent.since(mark.atMs + 1)], as)
  }

  function estimated(nowMs: number): Occupancy {
    const stayMinutes = terms()?.capacity.stayMinutes ?? STAY_MINUTES
    return occupancyOf(recent.since(nightMs(nowMs)), { nowMs, stayMinutes, areExitsCounted: false })
  }

  function count(): Occupancy {
    const nowMs = now()
    // An estimate falls with the minutes; a count changes with rows alone.
    if (!isStale && nowMs - countedAtMs < 60_000 && nowMs >= countedAtMs) return last
    last = areExitsCounted() ? counted(nowMs) : estimated(nowMs)
    isStale = false
    countedAtMs = nowMs
    return last
  }

  return {
    inside() {
      const { inside, isEstimate } = count()
      const { warnAt, refuseAt } = terms()?.capacity ?? { warnAt: null, refuseAt: null }
      const isFull = refuseAt !== null && inside >= refuseAt
      const isCrowded = warnAt !== null && inside >= warnAt
      const level = isFull ? 'full' : isCrowded ? 'crowded' : 'free'
      return { persons: inside, isEstimate: isEstimate || !areAllHere(), level, warnAt, refuseAt }
    },
    peakOf(rows) {
      const stayMinutes = terms()?.capacity.stayMinutes ?? STAY_MINUTES
      return peakOf(rows, { areExitsCounted: areExitsCounted(), stayMinutes })
    },
    lookAtNight() {
      const nowMs = now()
      const nightlyOut = terms()?.nightlyOut ?? NIGHTLY_OUT
      const atMs = everybodyOutDue(recent.since(nightMs(nowMs)), nowMs, nightlyOut)
      if (atMs !== null) ledger.append([{ body: { kind: 'everybody-out' }, atMs }])
    },
  }
}

/** A row of no ledger: that so many were inside at a time, as if somebody had counted. */
const asIfCounted = ({ atMs, inside }: { atMs: number; inside: number }): Row => ({
  ...{ v: 1, id: '' as ItemId, origin: '' as UnitId, seq: 1, boot: '' as BootId, mono: 0, lane: null }, // it stands before all others of its moment
  ...{ at: new Date(atMs).toISOString(), clock: 'synchronised', clockErrorMs: null, prev: '', hash: '' },
  body: { kind: 'correction', inside, by: 'mark', reason: 'mark' },
})
