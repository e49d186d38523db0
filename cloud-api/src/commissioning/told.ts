import Type, { type Static } from 'typebox'
import type {
  Commissioning,
  CommissioningCheck,
  CommissioningPhoto,
  CommissioningReport,
  CommissioningStep,
} from '../store/commissionings.ts'
import { CHECKS } from './check-table.ts'
import { STEP_NAMES, STEPS } from './steps.ts'

const Time = Type.String({ format: 'date-time' })
const orNull = <Schema extends Type.TSchema>(schema: Schema, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description })

export const CommissioningStepTold = Type.Object(
  {
    step: Type.Enum(STEP_NAMES),
    title: Type.String({ description: 'In French.' }),
    state: Type.Enum(['todo', 'begun', 'done']),
    entered: orNull(Type.Record(Type.String(), Type.Unknown()), 'What was entered last; null: nothing yet.'),
    enteredAt: orNull(Time, 'When, by the clock of whoever entered it.'),
    enteredBy: orNull(Type.String()),
    startedAt: orNull(Time),
    doneAt: orNull(Time),
    seconds: orNull(Type.Integer(), 'How long it took: as the phone counted, or from the first word to the last.'),
  },
  { $id: 'CommissioningStep' },
)
type StepTold = Static<typeof CommissioningStepTold>

export const CommissioningCheckTold = Type.Object(
  {
    check: Type.String(),
    title: Type.String({ description: 'In French.' }),
    how: Type.String({ description: 'How it is checked, in French.' }),
    limit: orNull(Type.String(), 'What must hold, in French.'),
    toDo: orNull(Type.String(), 'What the technician has to do while it runs, in French; null: nothing.'),
    mayBeSaid: Type.Boolean({ description: 'A technician may say that it is done, with a word.' }),
    state: Type.Enum(['waiting', 'running', 'passed', 'failed', 'by-hand', 'not-applicable']),
    measured: orNull(Type.String(), 'In French.'),
    reason: orNull(Type.String(), 'In French: why it failed, waits or does not apply, or what was said by hand.'),
    advice: orNull(Type.String(), 'In French, what to do: only for one that failed.'),
    startedAt: orNull(Time),
    endedAt: orNull(Time),
    saidBy: orNull(Type.String()),
  },
  { $id: 'CommissioningCheck' },
)
type CheckTold = Static<typeof CommissioningCheckTold>

export const CommissioningPhotoTold = Type.Object(
  {
    id: Type.String(),
    caption: Type.String(),
    takenAt: orNull(Time),
    addedAt: Time,
    addedBy: Type.String(),
    widthPx: Type.Integer(),
    heightPx: Type.Integer(),
    picture: Type.String({ format: 'uri-reference' }),
  },
  { $id: 'CommissioningPhoto' },
)
type PhotoTold = Static<typeof CommissioningPhotoTold>

export const CommissioningReportTold = Type.Object(
  {
    number: Type.Integer(),
    madeAt: Time,
    madeBy: Type.String(),
    bytes: Type.Integer(),
    isSigned: Type.Boolean(),
    pdf: Type.String({ format: 'uri-reference' }),
  },
  { $id: 'CommissioningReport' },
)
type ReportTold = Static<typeof CommissioningReportTold>

const summary = {
  id: Type.String(),
  site: Type.String(),
  siteName: orNull(Type.String(), 'null: the site is not in the fleet any more.'),
  unit: orNull(Type.String()),
  kind: Type.Enum(['new', 'replacement']),
  technician: Type.String(),
  startedAt: Time,
  finishedAt: orNull(Time, 'When its report was made; null: it is open.'),
  replacedUnit: orNull(Type.String()),
  oldUnitEnds: orNull(Type.Enum(['at-once', 'when-new-runs'])),
  reason: orNull(Type.String(), 'Why a unit is replaced.'),
}

export const CommissioningSummary = Type.Object(summary, { $id: 'CommissioningSummary' })
type SummaryTold = Static<typeof CommissioningSummary>

export const CommissioningTold = Type.Object(
  {
    ...summary,
    steps: Type.Array(Type.Unsafe<StepTold>(Type.Ref('CommissioningStep')), { description: 'All nine, in order.' }),
    photos: Type.Array(Type.Unsafe<PhotoTold>(Type.Ref('CommissioningPhoto'))),
    reports: Type.Array(Type.Unsafe<ReportTold>(Type.Ref('CommissioningReport')), {
      description: 'The newest last.',
    }),
  },
  { $id: 'Commissioning' },
)

export const CommissioningChecksTold = Type.Object(
  { checks: Type.Array(Type.Unsafe<CheckTold>(Type.Ref('CommissioningCheck'))) },
  { $id: 'CommissioningChecks', description: 'Every acceptance check, in the order in which they are shown.' },
)

export const COMMISSIONING_SCHEMAS = [
  CommissioningStepTold,
  CommissioningCheckTold,
  CommissioningPhotoTold,
  CommissioningReportTold,
  CommissioningSummary,
  CommissioningTold,
  CommissioningChecksTold,
]

const time = (ms: number) => new Date(ms).toISOString()
const timeOrNull = (ms: number | null) => (ms === null ? null : time(ms))

export function summaryOf(commissioning: Commissioning, siteName: string | null): SummaryTold {
  const { startedAt, finishedAt } = commissioning
  return { ...commissioning, siteName, startedAt: time(startedAt), finishedAt: timeOrNull(finishedAt) }
}

export function stepTold(step: CommissioningStep): StepTold {
  const { entered, enteredBy, startedAt, enteredAt, changedAt, doneAt, spentS } = step
  const name = STEP_NAMES.find((one) => one === step.step) ?? 'unit'
  return {
    step: name,
    title: STEPS[name],
    state: doneAt === null ? 'begun' : 'done',
    entered: JSON.parse(entered) as Record<string, unknown>, // an object, by the route that took it
    enteredAt: time(enteredAt),
    enteredBy,
    startedAt: time(startedAt),
    doneAt: timeOrNull(doneAt),
    seconds: spentS ?? Math.round(((doneAt ?? changedAt) - startedAt) / 1000),
  }
}

/** All steps, in order; what nobody has begun is `todo`. */
export const stepsTold = (steps: readonly CommissioningStep[]): StepTold[] =>
  STEP_NAMES.map((name) => {
    const step = steps.find((one) => one.step === name)
    if (step !== undefined) return stepTold(step)
    const nothing = { entered: null, enteredAt: null, enteredBy: null, startedAt: null, doneAt: null, seconds: null }
    return { step: name, title: STEPS[name], state: 'todo', ...nothing }
  })

/** All checks, in the order of the table; what nobody has begun waits. */
export const checksTold = (rows: readonly CommissioningCheck[]): CheckTold[] =>
  CHECKS.map(({ name, title, how, limit, toDo, mayBeSaid, advice }) => {
    const row = rows.find((one) => one.name === name)
    return {
      check: name,
      title,
      how,
      limit,
      toDo,
      mayBeSaid,
      state: row?.state ?? 'waiting',
      measured: row?.measured ?? null,
      reason: row === undefined ? 'Pas encore lancée.' : row.reason,
      advice: row?.state === 'failed' ? advice : null,
      startedAt: timeOrNull(row?.startedAt ?? null),
      endedAt: timeOrNull(row?.endedAt ?? null),
      saidBy: row?.saidBy ?? null,
    }
  })

export const photoTold = (photo: CommissioningPhoto): PhotoTold => {
  const { id, caption, takenAt, addedAt, addedBy, widthPx, heightPx } = photo
  const picture = `/api/v1/commissionings/${photo.commissioning}/photos/${id}.jpg`
  return { id, caption, takenAt: timeOrNull(takenAt), addedAt: time(addedAt), addedBy, widthPx, heightPx, picture }
}

export const reportTold = ({
  commissioning,
  number,
  madeAt,
  madeBy,
  bytes,
  signer,
}: CommissioningReport): ReportTold => ({
  number,
  madeAt: time(madeAt),
  madeBy,
  bytes,
  isSigned: signer !== null,
  pdf: `/api/v1/commissionings/${commissioning}/report.pdf?number=${number}`,
})
