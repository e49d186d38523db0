import type { DeadLetter, DeadLetterReason } from '@vigie/contract/dead-letter'
import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Selectable, Transaction } from 'kysely'
import { type Database, writeInOrder } from './database.ts'
import { storableText } from './storable-text.ts'
import type { DeadLetterTable, Tables } from './tables.ts'

export type StoredDeadLetter = Selectable<DeadLetterTable>
/** A dead letter, with what could be read of who sent it. */
export type AddressedDeadLetter = DeadLetter & { site: SiteId | null; unit: UnitId | null; item: ItemId | null }

/** What could not be taken, kept for the person who looks for the cause. Never a picture. */
export type DeadLetterStore = {
  newest(limit: number): Promise<StoredDeadLetter[]>
  countByReason(since: number): Promise<{ reason: DeadLetterReason; count: number }[]>
  /** Keeps letters that did not come with other items. */
  keep(letters: readonly AddressedDeadLetter[]): Promise<void>
  /** Deletes those received before `before`, and of the rest all but the newest `atMost`. */
  forget(query: { before: number; atMost: number }): Promise<number>
}

export function createDeadLetterStore(database: Database<Tables>): DeadLetterStore {
  const { kysely } = database
  return {
    newest: (limit) => kysely.selectFrom('deadLetter').selectAll().orderBy('id', 'desc').limit(limit).execute(),
    countByReason: async (since) => {
      const rows = await kysely
        .selectFrom('deadLetter')
        .select(['reason', ({ fn }) => fn.countAll<number>().as('count')])
        .where('receivedAt', '>=', since)
        .groupBy('reason')
        .orderBy('reason')
        .execute()
      return rows.map(({ reason, count }) => ({ reason, count: Number(count) }))
    },
    keep: async (letters) => {
      if (letters.length > 0) await writeInOrder(database, (transaction) => addDeadLetters(transaction, letters))
    },
    forget: ({ before, atMost }) =>
      writeInOrder(database, async (transaction) => {
        const old = await transaction.deleteFrom('deadLetter').where('receivedAt', '<', before).executeTakeFirst()
        const surplus = await transaction
          .deleteFrom('deadLetter')
          .where('id', 'in', ({ selectFrom }) =>
            selectFrom('deadLetter').select('id').orderBy('id', 'desc').limit(MOST_ROWS).offset(atMost),
          )
          .executeTakeFirst()
        return Number(old.numDeletedRows + surplus.numDeletedRows)
      }),
  }
}

/** SQLite takes an offset only with a limit: more rows than there can be. */
const MOST_ROWS = 1_000_000_000

/** Writes dead letters in the transaction of their batch; an item that is refused again is not written again. */
export async function addDeadLetters(
  transaction: Transaction<Tables>,
  letters: readonly AddressedDeadLetter[],
): Promise<void> {
  if (letters.length === 0) return
  const rows = letters.map(({ topic, detail, excerpt, ...letter }) => ({
    ...letter,
    topic: storableText(topic),
    detail: storableText(detail),
    excerpt: Buffer.from(excerpt),
  }))
  await transaction
    .insertInto('deadLetter')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['unit', 'item']).doNothing())
    .execute()
}
