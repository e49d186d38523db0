import { civilDayOf, momentOf } from '@vigie/contract/gate/civil-time'
import { inOrder } from '@vigie/contract/gate/order'
import { isRowOf, type Row, type RowOf } from '@vigie/contract/gate/row'
import type { SiteId } from '@vigie/contract/ids'
import type { Conflicts } from './conflicts.ts'
import type { GatewayClock } from './gateway-clock.ts'
import type { DecisionRow } from './http/told.ts'
import type { Inside, Jauge } from './jauge.ts'
import type { LaneDocument } from './lan/lane-labels.ts'
import type { LaneNow, Lanes } from './lan/lanes.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'
import type { Lists } from './lists.ts'
import { isOverride, overridesAmong } from './overrides.ts'
import type { RecentRows } from './recent-rows.ts'

/** Newest decisions that the page shows: what somebody at the gate may still ask about. */
const DECISIONS_SHOWN = 30
const ALARMS_SHOWN = 20

/** Everything the page of the staff shows, as it is now. */
export type GateStateDeps = {
  site: SiteId
  ledger: MuseumLedger
  recent: RecentRows
  lists: Lists
  lanes: Lanes
  labels: () => LaneDocument
  jauge: Jauge
  conflicts: Conflicts
  clock: GatewayClock
  isCloudConnected: () => boolean
}

export function createGateState(deps: GateStateDeps) {
  const { site, ledger, recent, lists, lanes, jauge, conflicts, clock } = deps
  return {
    read() {
      const nowMs = clock.now()
      const catalogue = lists.catalogue()
      const perDay = catalogue?.museum.overridesPerDay ?? 0
      const today = inOrder(recent.since(startOfDay(nowMs)).filter(isShown))
      const overrides = overridesAmong(today, perDay)
      return {
        site,
        museum: catalogue?.museum.name ?? null,
        at: new Date(nowMs).toISOString(),
        clock: clock.state(),
        lanes: inPlanOrder(lanes.all(), deps.labels()).map((lane) => toldLane(lane, deps.labels())),
        inside: jauge.inside() satisfies Inside,
        decisions: ledger.newestDecisions(DECISIONS_SHOWN).flatMap((row) => toldDecision(row, ledger)),
        alarms: today.filter(isAlarm).slice(-ALARMS_SHOWN).reverse().map(toldAlarm),
        openConflicts: conflicts.all().filter(({ acknowledged }) => acknowledged === null).length,
        overrides: {
          ...{ usedToday: overrides.length, perDay },
          beyondToday: overrides.filter(({ isBeyond }) => isBeyond).length,
        },
        catalogue: catalogue === null ? null : { version: catalogue.version, at: catalogue.at },
        feed: { n: lists.mark(), seconds: lists.ageS() },
        cloud: {
          isConnected: deps.isCloudConnected(),
          waiting: ledger.handover.countWaiting(),
          refused: ledger.handover.countRefused(),
        },
      }
    },
  }
}
export type GateStateReader = ReturnType<typeof createGateState>

/** When the civil day began in which the museum lives. */
export const startOfDay = (nowMs: number): number => momentOf({ day: civilDayOf(nowMs), minutes: 0 })

/** Of a day's rows few are shown by themselves. */
const isShown = (row: Row) => isAlarm(row) || isOverride(row)

const isAlarm = (row: Row): row is RowOf<'lane'> & Row => isRowOf(row, 'lane') && row.body.cause !== undefined

const toldAlarm = ({ id, at, lane, body }: RowOf<'lane'>) => ({
  ...{ id, at, lane, cause: body.cause ?? 'fault', reason: body.reason ?? null },
})

/** As they stand in the museum, whichever was heard first; what no document names comes last. */
function inPlanOrder(lanes: readonly LaneNow[], labels: LaneDocument): LaneNow[] {
  const places = new Map(labels.map(({ id }, index) => [id, index]))
  const placeOf = ({ lane }: LaneNow) => places.get(lane) ?? labels.length
  return [...lanes].sort((one, other) => placeOf(one) - placeOf(other))
}

export function toldLane({ unit: _, ...lane }: LaneNow, labels: LaneDocument) {
  const planned = labels.find(({ id }) => id === lane.lane)
  return { ...lane, label: planned?.label ?? lane.lane, kind: planned?.kind ?? null }
}

/** Null kinds are left out: only decisions are told so. */
export function toldDecision(row: Row, ledger: Pick<MuseumLedger, 'ofDecision'>): DecisionRow[] {
  if (!isRowOf(row, 'decision')) return []
  const { id, at, lane, clock, body } = row
  const { direction, outcome, detail = null, ticket, persons, by = null, reason = null, forced = null, onList } = body
  const isUndone = outcome === 'ok' && ledger.ofDecision(id).some((later) => later.body.kind === 'undo')
  return [
    {
      ...{ id, at, lane, clock, direction, outcome, detail, ticket, persons, by, reason, forced, isUndone },
      isOfPhoneAlone: onList === 'phone',
    },
  ]
}
