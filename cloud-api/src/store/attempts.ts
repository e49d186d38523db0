import type { AttemptRule } from '../people/attempt-rules.ts'
import { type Database, writeInOrder } from './database.ts'
import type { Tables } from './tables.ts'

/** Allowances that fill again with time, shared by all instances: two of them do not double what may be tried. */
export type AttemptStore = {
  /** Takes one of each, or none. @returns null, or after how many milliseconds there will be one of each */
  take(rules: readonly AttemptRule[], now: number): Promise<number | null>
  /** Gives back what an attempt took that turned out to be right. */
  giveBack(rules: readonly AttemptRule[]): Promise<void>
  /** Forgets allowances that nobody has used since `before`: they are full again. */
  forget(before: number): Promise<void>
}

export function createAttemptStore(database: Database<Tables>): AttemptStore {
  return {
    take: (rules, now) =>
      writeInOrder(database, async (transaction) => {
        const keys = rules.map(({ key }) => key)
        const rows = await transaction.selectFrom('attemptAllowance').selectAll().where('key', 'in', keys).execute()
        const allowances = rules.map(({ key, capacity, refillMs }) => {
          const row = rows.find((one) => one.key === key)
          // A clock that went back gives nothing.
          const left = row === undefined ? capacity : row.left + Math.max(0, now - row.at) / refillMs
          return { key, left: Math.min(capacity, left), refillMs }
        })
        const waits = allowances.map(({ left, refillMs }) => (left >= 1 ? 0 : (1 - left) * refillMs))
        const waitMs = Math.max(0, ...waits)
        if (waitMs > 0) return waitMs
        for (const { key, left } of allowances) {
          await transaction
            .insertInto('attemptAllowance')
            .values({ key, left: left - 1, at: now })
            .onConflict((conflict) => conflict.column('key').doUpdateSet({ left: left - 1, at: now }))
            .execute()
        }
        return null
      }),
    giveBack: (rules) =>
      writeInOrder(database, async (transaction) => {
        for (const { key } of rules) {
          await transaction
            .updateTable('attemptAllowance')
            .set(({ eb }) => ({ left: eb('left', '+', 1) }))
            .where('key', '=', key)
            .execute()
        }
      }),
    forget: async (before) => {
      await writeInOrder(database, (transaction) =>
        transaction.deleteFrom('attemptAllowance').where('at', '<', before).execute(),
      )
    },
  }
}
