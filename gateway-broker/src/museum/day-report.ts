import { admittedByType, admittedIn } from '@vigie/contract/gate/admitted'
import { civilDayOfDate, momentOf } from '@vigie/contract/gate/civil-time'
import { isRowOf, type Row, type RowOf } from '@vigie/contract/gate/row'
import type { LaneId, SiteId } from '@vigie/contract/ids'
import type { Conflicts } from './conflicts.ts'
import { toldDecision } from './gate-state.ts'
import type { DayReport } from './http/told.ts'
import type { Jauge } from './jauge.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'
import type { Lists } from './lists.ts'
import { overridesAmong } from './overrides.ts'

type ReportDeps = {
  site: SiteId
  ledger: Pick<MuseumLedger, 'between' | 'ofDecision'>
  lists: Pick<Lists, 'issuedOf' | 'catalogue'>
  conflicts: Conflicts
  jauge: Jauge
  overridesPerDay: () => number
}

const none = () => ({ in: 0, out: 0 })

/** The closing report of one civil day, from the rows of it that are here. @param day `2026-08-15` */
export function dayReport(
  day: string,
  { site, ledger, lists, conflicts, jauge, overridesPerDay }: ReportDeps,
): DayReport {
  const civilDay = civilDayOfDate(day)
  const [fromMs, untilMs] = [civilDay, civilDay + 1].map((one) => momentOf({ day: one, minutes: 0 }))
  const rows = ledger.between(fromMs ?? 0, untilMs ?? 0)
  const undone = new Set(rows.flatMap(({ body }) => (body.kind === 'undo' ? [body.decision] : [])))
  const passages = { grant: none(), forced: none(), free: none(), fire: none(), staff: none(), phone: none() }
  const lanes = new Map<LaneId | null, { in: number; out: number }>()
  const count = (lane: LaneId | null, of: keyof typeof passages, direction: 'in' | 'out', persons: number) => {
    const ofLane = lanes.get(lane) ?? none()
    lanes.set(lane, ofLane)
    ofLane[direction] += persons
    passages[of][direction] += persons
  }
  for (const row of rows) {
    if (isRowOf(row, 'passage')) {
      const { of, direction, decision } = row.body
      if (decision === null || !undone.has(decision)) count(row.lane, of, direction, 1)
    }
    if (isPhoneEntry(row) && !undone.has(row.id)) count(null, 'phone', row.body.direction, row.body.persons)
  }
  const decisions = rows.filter((row) => isRowOf(row, 'decision'))
  const returned = rows.filter((row) => isRowOf(row, 'returned'))
  const outcomes: Record<string, number> = {}
  for (const { body } of decisions) outcomes[body.outcome] = (outcomes[body.outcome] ?? 0) + 1
  const admitted = admittedIn(rows)
  const types = lists.catalogue()?.types ?? []
  const wordsOf = (type: number | null) => types.find(({ number }) => number === type)?.name.fr ?? null
  const overrides = overridesAmong(rows, overridesPerDay())
  const sumOf = (direction: 'in' | 'out') => Object.values(passages).reduce((sum, of) => sum + of[direction], 0)
  const { persons: insideNow, isEstimate } = jauge.inside()
  const peak = jauge.peakOf(rows)
  return {
    site,
    day,
    persons: { entered: sumOf('in'), left: sumOf('out'), insideNow, isEstimate },
    peak: peak === null ? null : { persons: peak.persons, at: new Date(peak.atMs).toISOString() },
    lanes: [...lanes].map(([lane, ofLane]) => ({ lane, passages: ofLane })),
    passages,
    outcomes,
    tickets: new Set(admitted.map(({ ticket }) => ticket)).size,
    // As the desk counts them: what another seller sold is of none of the museum's types.
    admitted: admittedByType(admitted, (ticket) => lists.issuedOf(ticket)?.type ?? null).map((sum) => ({
      ...sum,
      typeWords: wordsOf(sum.type),
    })),
    returned: returned.reduce((sum, { body }) => sum + body.persons, 0),
    unseen: returned.reduce((sum, { body }) => sum + (body.why === 'unseen' ? body.persons : 0), 0),
    undone: undone.size,
    overrides: overrides.flatMap(({ row }) => toldDecision(row, ledger)),
    overridesBeyond: overrides.flatMap(({ row, isBeyond }) => (isBeyond ? [row.id] : [])),
    corrections: rows.flatMap(({ at, body }) =>
      body.kind === 'correction' ? [{ at, inside: body.inside, by: body.by, reason: body.reason }] : [],
    ),
    conflicts: conflicts.all().filter(({ beyond }) => beyond.some(({ at }) => isWithin(at, fromMs, untilMs))).length,
    clockUnknown: rows.filter(({ clock }) => clock === 'unknown').length,
  }
}

/** Where no lane is named nothing turns: the decision is the entry. */
const isPhoneEntry = (row: Row): row is RowOf<'decision'> & Row =>
  isRowOf(row, 'decision') && row.lane === null && row.body.outcome === 'ok'

const isWithin = (at: string, fromMs = 0, untilMs = 0) => Date.parse(at) >= fromMs && Date.parse(at) < untilMs
