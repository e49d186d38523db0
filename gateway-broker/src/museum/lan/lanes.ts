import type { LaneMode, LaneState } from '@vigie/contract/gate/lane-mode'
import { isRowOf, type Row } from '@vigie/contract/gate/row'
import type { LaneId, UnitId } from '@vigie/contract/ids'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'
import type { LaneDocument } from './lane-labels.ts'

/** One lane as the gateway knows it. */
export type LaneNow = {
  lane: LaneId
  /** The box that drives it. */
  unit: UnitId
  mode: LaneMode
  since: string
  /** Why it is in fault, or what it last gave alarm for. */
  cause: string | null
  /** Who put it into this mode, why, and until when, where a person did. */
  by: string | null
  reason: string | null
  until: string | null
  /** Whether it is linked now; while it is not, what is said of it is old. */
  isHere: boolean
}

export type Lanes = {
  all(): LaneNow[]
  of(lane: string): LaneNow | null
  here(unit: UnitId, isHere: boolean): void
  /** What a unit says of its lanes by itself, besides what stands in the ledger. */
  told(unit: UnitId, lanes: readonly LaneState[]): void
  /** Whether every lane that is known is linked: else not all rows of the last minutes may be here. */
  areAllHere(): boolean
}

type LanesDeps = {
  ledger: Pick<MuseumLedger, 'newestOfLanes' | 'onRows'>
  /** The lanes as the signed document plans them. */
  planned: () => LaneDocument
  onChange(): void
}

/**
 * Learns the lanes from what they write and say. A lane that never said a word is not known here; where the document says
 * whose it is, no other box speaks for it.
 */
export function createLanes({ ledger, planned, onChange }: LanesDeps): Lanes {
  const lanes = new Map<LaneId, Omit<LaneNow, 'isHere'>>()
  const here = new Set<UnitId>()

  function isOf(unit: UnitId, lane: LaneId): boolean {
    const owner = planned().find(({ id }) => id === lane)?.unit
    return owner === undefined || owner === unit
  }

  function read(row: Row): boolean {
    const { lane, origin: unit, at, body } = row
    if (lane === null || !isOf(unit, lane)) return false
    const known = lanes.get(lane)
    if (!isRowOf(row, 'lane')) {
      // Anything that a lane writes tells that it is there, and whose it is.
      if (known?.unit === unit) return false
      const mode = known?.mode ?? 'locked'
      lanes.set(lane, { lane, unit, mode, since: at, cause: null, by: null, reason: null, until: null })
      return true
    }
    // The rows of one box come in its order: a clock that went back makes none of them older.
    if (known !== undefined && known.unit !== unit && known.since > at) return false
    const { state: mode, cause = null, by = null, reason = null, until = null } = row.body
    // An alarm in the mode that it is in does not begin the mode anew.
    const since = known?.mode === mode && body.kind === 'lane' ? known.since : at
    lanes.set(lane, { lane, unit, mode, since, cause, by, reason, until })
    return true
  }
  for (const row of ledger.newestOfLanes()) read(row)
  ledger.onRows((rows) => {
    if (rows.map(read).some((isNews) => isNews)) onChange()
  })

  const all = (): LaneNow[] =>
    [...lanes.values()]
      .map((lane) => ({ ...lane, isHere: here.has(lane.unit) }))
      .sort((one, other) => (one.lane < other.lane ? -1 : 1))
  return {
    all,
    of: (lane) => all().find((one) => one.lane === lane) ?? null,
    here(unit, isHere) {
      if (isHere) here.add(unit)
      else here.delete(unit)
      onChange()
    },
    told(unit, told) {
      for (const { lane, mode, since, fault = null } of told.filter((one) => isOf(unit, one.lane))) {
        const known = lanes.get(lane)
        const isSame = known?.mode === mode && known.unit === unit
        const person = isSame ? known : { by: null, reason: null, until: null }
        const cause = fault ?? (isSame ? known.cause : null)
        lanes.set(lane, { lane, unit, mode, since, cause, by: person.by, reason: person.reason, until: person.until })
      }
      onChange()
    },
    areAllHere: () => all().every(({ isHere }) => isHere),
  }
}

/** As the state of a unit tells it: of eight lanes at most. */
export const lanesForState = (lanes: readonly LaneNow[]): LaneState[] =>
  lanes
    .slice(0, 8)
    .map(({ lane, mode, since, cause }) => ({ lane, mode, since, ...(cause === null ? {} : { fault: cause }) }))
