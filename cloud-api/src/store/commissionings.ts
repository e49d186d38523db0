import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Selectable } from 'kysely'
import type {
  CommissioningCheckTable,
  CommissioningPhotoTable,
  CommissioningReportTable,
  CommissioningStepTable,
  CommissioningTable,
} from './commissioning-tables.ts'
import { type Database, writeInOrder } from './database.ts'
import type { Tables } from './tables.ts'

export type Commissioning = Selectable<CommissioningTable>
export type CommissioningStep = Selectable<CommissioningStepTable>
export type CommissioningCheck = Selectable<CommissioningCheckTable>
export type CommissioningPhoto = Selectable<CommissioningPhotoTable>
export type CommissioningReport = Selectable<CommissioningReportTable>

/** The record of putting sites into service. What was entered is kept for ever, as the report says it. */
export type CommissioningStore = {
  /** Begins one, unless one of the site is open: then that one goes on, whoever began it. */
  begin(commissioning: Commissioning): Promise<{ commissioning: Commissioning; isNew: boolean }>
  of(id: string): Promise<Commissioning | undefined>
  /** The newest first. `sites`: of these alone, whatever else is asked. */
  list(query: {
    site?: SiteId | undefined
    sites?: readonly SiteId[] | undefined
    isOpen?: boolean | undefined
    limit: number
  }): Promise<Commissioning[]>
  /** Says which box it is. */
  setUnit(id: string, unit: UnitId): Promise<void>
  finish(id: string, at: number): Promise<void>

  steps(id: string): Promise<CommissioningStep[]>
  /**
   * Takes what was entered in a step. What was entered earlier than what stands, as a phone's queue may send it, changes
   * nothing; the beginning stays, and a step that was done stays done.
   * @returns the step as it stands
   */
  enter(step: CommissioningStep): Promise<CommissioningStep>

  checks(id: string): Promise<CommissioningCheck[]>
  /** Checks that run, of every commissioning. */
  runningChecks(): Promise<CommissioningCheck[]>
  /** Begins a check, also one that has ended: its last outcome is forgotten. */
  beginCheck(check: CommissioningCheck): Promise<void>
  /** Takes a check further. @returns false when it does not run any more, or was begun again: then nothing changes */
  moveCheck(check: CommissioningCheck): Promise<boolean>
  /** Lets a check that waited for its turn begin at `at`. @returns false when somebody else has, or it does not run */
  takeTurn(check: CommissioningCheck, at: number): Promise<boolean>

  photos(id: string): Promise<CommissioningPhoto[]>
  photo(id: string): Promise<CommissioningPhoto | undefined>
  /** Keeps a photo; one whose id is known stays as it is. */
  addPhoto(photo: CommissioningPhoto): Promise<void>

  reports(id: string): Promise<CommissioningReport[]>
  reportsOfSite(site: SiteId): Promise<CommissioningReport[]>
  /** Keeps a report under the next number, which it gives. */
  addReport(report: Omit<CommissioningReport, 'number'>): Promise<number>
}

export function createCommissioningStore(database: Database<Tables>): CommissioningStore {
  const { kysely } = database
  const whole = () => kysely.selectFrom('commissioning').selectAll()
  return {
    begin: (commissioning) =>
      writeInOrder(database, async (transaction) => {
        const open = await transaction
          .selectFrom('commissioning')
          .selectAll()
          .where('site', '=', commissioning.site)
          .where('finishedAt', 'is', null)
          .orderBy('startedAt', 'desc')
          .executeTakeFirst()
        if (open !== undefined) return { commissioning: open, isNew: false }
        await transaction.insertInto('commissioning').values(commissioning).execute()
        return { commissioning, isNew: true }
      }),
    of: (id) => whole().where('id', '=', id).executeTakeFirst(),
    list: async ({ site, sites, isOpen, limit }) => {
      if (sites?.length === 0) return []
      let query = whole()
      if (sites !== undefined) query = query.where('site', 'in', [...sites])
      if (site !== undefined) query = query.where('site', '=', site)
      if (isOpen !== undefined) query = query.where('finishedAt', isOpen ? 'is' : 'is not', null)
      return query.orderBy('startedAt', 'desc').orderBy('id').limit(limit).execute()
    },
    setUnit: async (id, unit) => {
      await writeInOrder(database, (transaction) =>
        transaction.updateTable('commissioning').set({ unit }).where('id', '=', id).execute(),
      )
    },
    finish: async (id, at) => {
      await writeInOrder(database, (transaction) =>
        transaction.updateTable('commissioning').set({ finishedAt: at }).where('id', '=', id).execute(),
      )
    },

    steps: (id) => kysely.selectFrom('commissioningStep').selectAll().where('commissioning', '=', id).execute(),
    enter: (step) =>
      writeInOrder(database, async (transaction) => {
        const standing = await transaction
          .selectFrom('commissioningStep')
          .selectAll()
          .where('commissioning', '=', step.commissioning)
          .where('step', '=', step.step)
          .executeTakeFirst()
        if (standing !== undefined && standing.enteredAt > step.enteredAt) return standing
        const row =
          standing === undefined
            ? step
            : { ...step, startedAt: standing.startedAt, doneAt: standing.doneAt ?? step.doneAt }
        await transaction
          .insertInto('commissioningStep')
          .values(row)
          .onConflict((conflict) => conflict.columns(['commissioning', 'step']).doUpdateSet(row))
          .execute()
        return row
      }),

    checks: (id) => kysely.selectFrom('commissioningCheck').selectAll().where('commissioning', '=', id).execute(),
    runningChecks: () => kysely.selectFrom('commissioningCheck').selectAll().where('state', '=', 'running').execute(),
    beginCheck: async (check) => {
      await writeInOrder(database, (transaction) =>
        transaction
          .insertInto('commissioningCheck')
          .values(check)
          .onConflict((conflict) => conflict.columns(['commissioning', 'name']).doUpdateSet(check))
          .execute(),
      )
    },
    moveCheck: async (check) => {
      const { commissioning, name, startedAt, ...change } = check
      const { numUpdatedRows } = await writeInOrder(database, (transaction) =>
        transaction
          .updateTable('commissioningCheck')
          .set(change)
          .where('commissioning', '=', commissioning)
          .where('name', '=', name)
          .where('startedAt', '=', startedAt)
          .where('state', '=', 'running')
          .executeTakeFirst(),
      )
      return numUpdatedRows > 0n
    },

    takeTurn: async ({ commissioning, name, startedAt }, at) => {
      const { numUpdatedRows } = await writeInOrder(database, (transaction) =>
        transaction
          .updateTable('commissioningCheck')
          .set({ startedAt: at, begun: '{}', reason: null })
          .where('commissioning', '=', commissioning)
          .where('name', '=', name)
          .where('startedAt', '=', startedAt)
          .where('state', '=', 'running')
          .executeTakeFirst(),
      )
      return numUpdatedRows > 0n
    },

    photos: (id) =>
      kysely
        .selectFrom('commissioningPhoto')
        .selectAll()
        .where('commissioning', '=', id)
        .orderBy('addedAt')
        .orderBy('id')
        .execute(),
    photo: (id) => kysely.selectFrom('commissioningPhoto').selectAll().where('id', '=', id).executeTakeFirst(),
    addPhoto: async (photo) => {
      await writeInOrder(database, (transaction) =>
        transaction
          .insertInto('commissioningPhoto')
          .values(photo)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute(),
      )
    },

    reports: (id) =>
      kysely.selectFrom('commissioningReport').selectAll().where('commissioning', '=', id).orderBy('number').execute(),
    reportsOfSite: (site) =>
      kysely.selectFrom('commissioningReport').selectAll().where('site', '=', site).orderBy('madeAt', 'desc').execute(),
    addReport: (report) =>
      writeInOrder(database, async (transaction) => {
        const last = await transaction
          .selectFrom('commissioningReport')
          .select(({ fn }) => fn.max('number').as('number'))
          .where('commissioning', '=', report.commissioning)
          .executeTakeFirst()
        const number = Number(last?.number ?? 0) + 1
        await transaction
          .insertInto('commissioningReport')
          .values({ ...report, number })
          .execute()
        return number
      }),
  }
}
