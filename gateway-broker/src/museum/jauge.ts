import type { MuseumTerms } from '@vigie/contract/gate/catalogue'
import { everybodyOutDue, lastNightlyCut, occupancyOf } from '@vigie/contract/gate/occupancy'
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
  /** Writes the row that counts everybody out, when its hour has passed and somebody is still counted. To be asked often. */
  lookAtNight(): void
}

type JaugeDeps = {
  ledger: Pick<MuseumLedger, 'lastNight' | 'append' | 'onRows'>
  recent: RecentRows
  terms: () => MuseumTerms | null
  /** Whether every way out is counted; else who is inside is reckoned from how long a visit takes. */
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

/** The jauge of the building, from the rows of all lanes and phones. It holds nothing: a restart counts again. */
export function createJauge({ ledger, recent, terms, areExitsCounted, areAllHere, now }: JaugeDeps): Jauge {
  let isStale = true
  let countedAtMs = 0
  let last = { inside: 0, isEstimate: false }
  ledger.onRows(() => {
    isStale = true
  })

  /** From the last night on: at the hour of a cut, whoever was still counted was counted out, or nobody was. */
  function rowsSinceNight(nowMs: number) {
    const night = ledger.lastNight()
    const cutMs = lastNightlyCut(nowMs, terms()?.nightlyOut ?? NIGHTLY_OUT)
    const fromMs = Math.max(night === null ? 0 : Date.parse(night.at), cutMs - DAY_MS)
    return recent.since(fromMs)
  }

  function count(): typeof last {
    const nowMs = now()
    // An estimate falls with the minutes; a count changes with rows alone.
    if (!isStale && nowMs - countedAtMs < 60_000 && nowMs >= countedAtMs) return last
    const stayMinutes = terms()?.capacity.stayMinutes ?? STAY_MINUTES
    last = occupancyOf(rowsSinceNight(nowMs), { nowMs, stayMinutes, areExitsCounted: areExitsCounted() })
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
    lookAtNight() {
      const nowMs = now()
      const nightlyOut = terms()?.nightlyOut ?? NIGHTLY_OUT
      const atMs = everybodyOutDue(rowsSinceNight(nowMs), nowMs, nightlyOut)
      if (atMs !== null) ledger.append([{ body: { kind: 'everybody-out' }, atMs }])
    },
  }
}
