import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { Admission } from '@vigie/contract/gate/conflict'
import { LANE_MODES } from '@vigie/contract/gate/lane-mode'
import { OUTCOMES } from '@vigie/contract/gate/outcome'
import Type, { type Static } from 'typebox'
import type { StoredConflict } from '../store/tickets/gate-ledger.ts'
import { PAYMENTS } from '../store/tickets/ticket-tables.ts'
import { numberOf } from './names.ts'
import type { OfferedMuseum } from './offer.ts'

const Time = Type.String({ format: 'date-time' })
const TimeOrNull = Type.Union([Time, Type.Null()])
const TextOrNull = Type.Union([Type.String(), Type.Null()])
const Count = Type.Integer({ minimum: 0 })

const GateDecision = Type.Object(
  {
    at: Time,
    place: Type.String({ description: 'The lane, or the box.' }),
    direction: Type.Enum(['in', 'out']),
    outcome: Type.Enum([...OUTCOMES]),
    detail: TextOrNull,
    persons: Count,
    ticket: TextOrNull,
    isForced: Type.Boolean(),
  },
  { $id: 'GateDecision' },
)

const GateLane = Type.Object(
  {
    lane: Type.String(),
    label: Type.String(),
    kind: Type.Enum(['tripod', 'wide']),
    unit: Type.String(),
    isOnline: Type.Boolean({ description: 'Whether its box is; else it is as it was when it was heard last.' }),
    mode: Type.Union([Type.Enum([...LANE_MODES]), Type.Null()]),
    since: TimeOrNull,
    fault: TextOrNull,
  },
  { $id: 'GateLane' },
)

const GateNow = Type.Object(
  {
    site: Type.String(),
    inside: Count,
    isEstimate: Type.Boolean({ description: 'Reckoned from how long a visit takes, or not all ledgers are here.' }),
    warnAt: Count,
    refuseAt: Type.Union([Count, Type.Null()]),
    ledgers: Type.Array(
      Type.Object({
        unit: Type.String(),
        rows: Count,
        missing: Type.Integer({ description: 'Rows that are not here yet.' }),
        problems: Type.Integer({ description: 'Rows that do not fit in their chain.' }),
        receivedAt: TimeOrNull,
        isOnline: Type.Boolean(),
      }),
    ),
    lanes: Type.Array(Type.Unsafe<Static<typeof GateLane>>(Type.Ref('GateLane')), {
      description: 'As they are planned, each as its box last said.',
    }),
    decisions: Type.Array(Type.Unsafe<Static<typeof GateDecision>>(Type.Ref('GateDecision'))),
    openConflicts: Count,
  },
  { $id: 'GateNow' },
)
export type GateNow = Static<typeof GateNow>

const GateAdmission = Type.Object(
  {
    at: Time,
    place: Type.String(),
    persons: Count,
    clock: Type.Enum(['synchronised', 'estimated', 'unknown']),
    clockErrorMs: Type.Union([Count, Type.Null()]),
    listAgeS: Type.Union([Count, Type.Null()], { description: 'How old what the gate knew was, in seconds.' }),
    onPhone: Type.Boolean({ description: 'Let in by a phone that did not reach the gateway.' }),
  },
  { $id: 'GateAdmission' },
)

const GateConflict = Type.Object(
  {
    ticket: Type.String(),
    number: TextOrNull,
    persons: Type.Integer({ description: 'How many too many.' }),
    stands: Type.Array(Type.Unsafe<Static<typeof GateAdmission>>(Type.Ref('GateAdmission')), {
      description: 'The earliest: they stand.',
    }),
    beyond: Type.Array(Type.Unsafe<Static<typeof GateAdmission>>(Type.Ref('GateAdmission'))),
    foundAt: Time,
    acknowledgedAt: TimeOrNull,
    acknowledgedBy: TextOrNull,
    note: TextOrNull,
  },
  { $id: 'GateConflict' },
)

const ByPayment = Type.Object(Object.fromEntries(PAYMENTS.map((payment) => [payment, Type.Integer()])), {
  description: 'In cents.',
})

const DayReport = Type.Object(
  {
    site: Type.String(),
    day: Type.String(),
    orders: Count,
    tickets: Count,
    canceled: Type.Integer({ description: 'Of the tickets that were sold on this day.' }),
    totalCents: Type.Integer({ description: 'Without what was cancelled.' }),
    byPayment: ByPayment,
    byType: Type.Array(
      Type.Object({ type: Type.Integer(), name: Type.String(), tickets: Count, persons: Count, cents: Type.Integer() }),
    ),
    serials: Type.Union([Type.Object({ first: Type.String(), last: Type.String() }), Type.Null()]),
    entered: Count,
    left: Count,
    peak: Type.Union([Type.Object({ persons: Count, at: Time }), Type.Null()], {
      description: 'The most that were inside at once; null where nobody came in.',
    }),
    admitted: Type.Array(
      Type.Object({
        type: Type.Union([Type.Integer(), Type.Null()], { description: 'Null: of other sellers, or not known.' }),
        name: TextOrNull,
        tickets: Count,
        persons: Count,
      }),
      { description: 'Whom tickets let in, by type.' },
    ),
    outcomes: Type.Array(Type.Object({ outcome: Type.Enum([...OUTCOMES]), count: Count })),
    forced: Type.Integer({ description: 'Let in against the word of the gate.' }),
    uncounted: Type.Integer({ description: 'Passages without a decision: forced, free, fire.' }),
    forcedPassages: Type.Integer({ description: 'Of these, those of people who went against a closed lane.' }),
    conflicts: Type.Integer({ description: 'Persons too many, over the whole inbox that is open.' }),
  },
  { $id: 'DayReport' },
)
export type DayReport = Static<typeof DayReport>

export const GATE_SCHEMAS = [GateDecision, GateLane, GateNow, GateAdmission, GateConflict, DayReport]

/** Where a row was written: the label of its lane, or else its box. */
export function placeOf({ lane, origin }: Pick<Admission, 'lane' | 'origin'>, site: SiteDocument | undefined): string {
  return site?.lanes?.find(({ id }) => id === lane)?.label ?? lane ?? origin
}

export function conflictTold(
  { ticket, persons, conflict, foundAt, acknowledgedAt, acknowledgedBy, note }: StoredConflict,
  { site, museum, serial }: { site: SiteDocument | undefined; museum: OfferedMuseum; serial: number | null },
): Static<typeof GateConflict> {
  const told = (admission: Admission): Static<typeof GateAdmission> => {
    const { at, persons: admitted, clock, clockErrorMs, listAge, onList } = admission
    const place = placeOf(admission, site)
    return { at, place, persons: admitted, clock, clockErrorMs, listAgeS: listAge.seconds, onPhone: onList === 'phone' }
  }
  return {
    ...{ ticket, number: serial === null ? null : numberOf(museum, serial), persons },
    ...{ stands: conflict.stands.map(told), beyond: conflict.beyond.map(told) },
    ...{ foundAt: timeOf(foundAt), acknowledgedAt: acknowledgedAt === null ? null : timeOf(acknowledgedAt) },
    ...{ acknowledgedBy, note },
  }
}

const timeOf = (ms: number) => new Date(ms).toISOString()
