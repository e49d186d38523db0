import { areExitsCounted } from '@vigie/config-schema/exits'
import { unitsOf } from '@vigie/config-schema/units-of'
import { lastNightlyCut, occupancyOf } from '@vigie/contract/gate/occupancy'
import { isRowOf } from '@vigie/contract/gate/row'
import type { Store } from '../store/store.ts'
import { type GateNow, placeOf } from './gate-told.ts'
import type { OfferedMuseum } from './offer.ts'

type Deps = Pick<Store, 'fleet' | 'gateLedger' | 'presence'>

const DECISIONS = 50
const CONFLICTS = 100

/** A museum's gates as far as their rows have come here. A ledger that is not whole makes the count an estimate. */
export async function gateNow(
  { fleet, gateLedger, presence }: Deps,
  museum: OfferedMuseum,
  now: number,
): Promise<GateNow> {
  const [site, rows, decisions, origins, conflicts, presences, heard] = await Promise.all([
    fleet.site(museum.site),
    gateLedger.rowsSince(museum.site, lastNightlyCut(now, museum.nightlyOut)),
    gateLedger.newestDecisions(museum.site, DECISIONS),
    gateLedger.origins(museum.site),
    gateLedger.conflicts(museum.site, CONFLICTS),
    presence.all(),
    gateLedger.lanes(museum.site),
  ])
  const isOnline = (unit: string) => presences.some((one) => one.unit === unit && one.condition === 'online')
  const { stayMinutes, warnAt, refuseAt } = museum.capacity
  const counted = occupancyOf(rows, { nowMs: now, areExitsCounted: areExitsCounted(site?.lanes ?? []), stayMinutes })
  const units = [...new Set([...(site === undefined ? [] : unitsOf(site)), ...origins.map(({ origin }) => origin)])]
  const ledgers = units.map((unit) => {
    const ledger = origins.find(({ origin }) => origin === unit)
    const { rows: count = 0, missing = 0, problems = 0, receivedAt = null } = ledger ?? {}
    const at = receivedAt === null ? null : new Date(receivedAt).toISOString()
    return { unit, rows: count, missing, problems, receivedAt: at, isOnline: isOnline(unit) }
  })
  return {
    ...{ site: museum.site, inside: counted.inside, warnAt, refuseAt, ledgers },
    lanes: (site?.lanes ?? []).map(({ id, label, kind, unit = site?.unit ?? '' }) => {
      const { mode = null, since, fault = null } = heard.find(({ lane }) => lane === id) ?? {}
      const known = { mode, since: since === undefined ? null : new Date(since).toISOString(), fault }
      return { lane: id, label, kind, unit, isOnline: isOnline(unit), ...known }
    }),
    isEstimate: counted.isEstimate || ledgers.some(({ missing }) => missing > 0),
    decisions: decisions
      .filter((row) => isRowOf(row, 'decision'))
      .map((row) => {
        const { direction, outcome, detail = null, persons, ticket, forced } = row.body
        const what = { direction, outcome, detail, persons, ticket, isForced: forced !== undefined }
        return { at: row.at, place: placeOf(row, site), ...what }
      }),
    openConflicts: conflicts.filter(({ acknowledgedAt }) => acknowledgedAt === null).length,
  }
}
