import { type Selectable, sql } from 'kysely'
import { isSealed } from '../vault.ts'
import { type AuditEntry, appendAudit } from './audit.ts'
import { type Database, writeInOrder } from './database.ts'
import type { PasskeyTable, PendingStepTable } from './people-tables.ts'
import type { Tables } from './tables.ts'

export type StoredPasskey = Selectable<PasskeyTable>

/** What a person has besides the password, the browsers they know, and what was asked of a browser and is answered once. */
export type SecondFactorStore = {
  /** Replaces all recovery codes of a person; an entry tells of it. */
  putRecoveryCodes(person: string, hashes: readonly string[], entry: AuditEntry): Promise<void>
  countRecoveryCodes(person: string): Promise<number>
  /** Takes a recovery code; false when there is none such, or it was used. */
  takeRecoveryCode(person: string, hash: string, entry: AuditEntry): Promise<boolean>
  passkeysOf(person: string): Promise<StoredPasskey[]>
  passkey(id: string): Promise<StoredPasskey | undefined>
  addPasskey(passkey: StoredPasskey, entry: AuditEntry): Promise<void>
  removePasskey(person: string, id: string, entry: AuditEntry): Promise<boolean>
  /** Notes that a passkey was used. @returns false when its counter had gone further: a copy of it is about */
  usePasskey(id: string, counter: number, at: number): Promise<boolean>
  /** Takes everything away that is not the password, with all sessions; `by` is when there must be another one. */
  removeAll(person: string, by: number, entry: AuditEntry): Promise<void>
  /** Keeps what is to be answered; `endsAt` bounds it. */
  ask(step: PendingStepTable): Promise<void>
  /** Gives what was asked, once. */
  takeAnswered(tokenHash: string, kind: string, now: number): Promise<string | null>
  /**
   * Seals what authenticators share with us where it still lies in clear, and leaves no copy of it in the database's files.
   * @returns how many there were
   */
  sealAuthenticators(seal: (secret: string, person: string) => string): Promise<number>
  knowDevice(tokenHash: string, person: string, at: number): Promise<void>
  isKnownDevice(tokenHash: string, person: string): Promise<boolean>
}

export function createSecondFactorStore(database: Database<Tables>): SecondFactorStore {
  const { kysely } = database
  return {
    putRecoveryCodes: (person, hashes, entry) =>
      writeInOrder(database, async (transaction) => {
        await transaction.deleteFrom('recoveryCode').where('person', '=', person).execute()
        const rows = hashes.map((codeHash) => ({ person, codeHash, usedAt: null }))
        await transaction.insertInto('recoveryCode').values(rows).execute()
        await appendAudit(transaction, entry)
      }),
    countRecoveryCodes: async (person) => {
      const rows = await kysely
        .selectFrom('recoveryCode')
        .select('codeHash')
        .where('person', '=', person)
        .where('usedAt', 'is', null)
        .execute()
      return rows.length
    },
    takeRecoveryCode: (person, hash, entry) =>
      writeInOrder(database, async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('recoveryCode')
          .set({ usedAt: entry.at })
          .where('person', '=', person)
          .where('codeHash', '=', hash)
          .where('usedAt', 'is', null)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return false
        await appendAudit(transaction, entry)
        return true
      }),
    passkeysOf: (person) =>
      kysely.selectFrom('passkey').selectAll().where('person', '=', person).orderBy('madeAt').execute(),
    passkey: (id) => kysely.selectFrom('passkey').selectAll().where('id', '=', id).executeTakeFirst(),
    addPasskey: (passkey, entry) =>
      writeInOrder(database, async (transaction) => {
        await transaction.insertInto('passkey').values(passkey).execute()
        await appendAudit(transaction, entry)
      }).then(() => undefined),
    removePasskey: (person, id, entry) =>
      writeInOrder(database, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('passkey')
          .where('person', '=', person)
          .where('id', '=', id)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await appendAudit(transaction, entry)
        return true
      }),
    usePasskey: async (id, counter, at) => {
      const { numUpdatedRows } = await writeInOrder(database, (transaction) =>
        transaction
          .updateTable('passkey')
          .set({ counter, usedAt: at })
          .where('id', '=', id)
          // 0: an authenticator that does not count, as those that copy their keys to other devices of the person.
          .where(({ eb, or }) => or([eb('counter', '<', counter), eb('counter', '=', 0)]))
          .executeTakeFirst(),
      )
      return numUpdatedRows > 0n
    },
    removeAll: (person, by, entry) =>
      writeInOrder(database, async (transaction) => {
        await transaction.deleteFrom('passkey').where('person', '=', person).execute()
        await transaction.deleteFrom('recoveryCode').where('person', '=', person).execute()
        await transaction
          .updateTable('person')
          .set({ totpSecret: null, secondFactorBy: by })
          .where('id', '=', person)
          .execute()
        await transaction.deleteFrom('session').where('person', '=', person).execute()
        await appendAudit(transaction, entry)
      }),
    ask: async (step) => {
      await writeInOrder(database, (transaction) => transaction.insertInto('pendingStep').values(step).execute())
    },
    takeAnswered: (tokenHash, kind, now) =>
      writeInOrder(database, async (transaction) => {
        const step = await transaction
          .deleteFrom('pendingStep')
          .where('tokenHash', '=', tokenHash)
          .where('kind', '=', kind)
          .returning(['body', 'endsAt'])
          .executeTakeFirst()
        return step === undefined || step.endsAt <= now ? null : step.body
      }),
    sealAuthenticators: async (seal) => {
      const count = await writeInOrder(database, async (transaction) => {
        const holders = await transaction.selectFrom('person').select(['id', 'totpSecret']).execute()
        const open = holders.flatMap(({ id, totpSecret }) =>
          totpSecret === null || isSealed(totpSecret) ? [] : [{ id, totpSecret: seal(totpSecret, id) }],
        )
        for (const { id, totpSecret } of open)
          await transaction.updateTable('person').set({ totpSecret }).where('id', '=', id).execute()
        // How a set-up waited before there was sealing, for a quarter of an hour: whoever is at it begins again.
        const begun = await transaction.deleteFrom('pendingStep').where('kind', '=', 'totp').executeTakeFirst()
        return open.length + Number(begun.numDeletedRows)
      })
      if (count > 0) await rewrite(database)
      return count
    },
    knowDevice: async (tokenHash, person, at) => {
      await writeInOrder(database, (transaction) =>
        transaction
          .insertInto('knownDevice')
          .values({ tokenHash, person, seenAt: at })
          .onConflict((conflict) => conflict.column('tokenHash').doUpdateSet({ person, seenAt: at }))
          .execute(),
      )
    },
    isKnownDevice: async (tokenHash, person) => {
      const row = await kysely
        .selectFrom('knownDevice')
        .select('tokenHash')
        .where('tokenHash', '=', tokenHash)
        .where('person', '=', person)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/** What a row held before a change stays on the disk until its table is written anew. */
async function rewrite({ engine, kysely }: Database<Tables>): Promise<void> {
  if (engine === 'sqlite') {
    await sql`vacuum`.execute(kysely)
    await sql`pragma wal_checkpoint(truncate)`.execute(kysely)
  } else {
    for (const table of ['person', 'pending_step']) await sql`vacuum full ${sql.table(table)}`.execute(kysely)
  }
}
