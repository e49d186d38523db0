import type { Selectable } from 'kysely'
import { type AuditEntry, appendAudit } from './audit.ts'
import { type Database, writeInOrder } from './database.ts'
import { addPerson, type NewPerson } from './people.ts'
import type { LinkKind, OneTimeLinkTable } from './people-tables.ts'
import type { Tables } from './tables.ts'

export type OneTimeLink = Selectable<OneTimeLinkTable>

/** What came of using a link. `void`: unknown, used, over, or the first administrator is there already. */
export type LinkUse = { kind: 'used' } | { kind: 'void' } | { kind: 'name-taken' }

/** Links that open an account once: for the first administrator, for who is invited, for who has lost a password. */
export type OneTimeLinkStore = {
  make(link: Omit<OneTimeLink, 'usedAt'>, entry: AuditEntry | null): Promise<void>
  /** A link that can still be used. */
  find(tokenHash: string, now: number): Promise<OneTimeLink | undefined>
  /** Those that can still be used, the newest first. */
  open(kind: LinkKind, now: number): Promise<OneTimeLink[]>
  withdraw(id: string, entry: AuditEntry): Promise<boolean>
  /** Enters a person by a link: of two who use one link together, one gets in. */
  useFor(tokenHash: string, person: NewPerson, entry: AuditEntry): Promise<LinkUse>
  /** Gives a person the new password that a link was made for, and ends all sessions. */
  useForPassword(tokenHash: string, passwordHash: string, entry: AuditEntry): Promise<LinkUse>
}

export function createOneTimeLinkStore(database: Database<Tables>): OneTimeLinkStore {
  const { kysely } = database
  return {
    make: async (link, entry) => {
      await writeInOrder(database, async (transaction) => {
        await transaction
          .insertInto('oneTimeLink')
          .values({ ...link, usedAt: null })
          .execute()
        if (entry !== null) await appendAudit(transaction, entry)
      })
    },
    find: (tokenHash, now) =>
      kysely
        .selectFrom('oneTimeLink')
        .selectAll()
        .where('tokenHash', '=', tokenHash)
        .where('usedAt', 'is', null)
        .where('endsAt', '>', now)
        .executeTakeFirst(),
    open: (kind, now) =>
      kysely
        .selectFrom('oneTimeLink')
        .selectAll()
        .where('kind', '=', kind)
        .where('usedAt', 'is', null)
        .where('endsAt', '>', now)
        .orderBy('madeAt', 'desc')
        .execute(),
    withdraw: (id, entry) =>
      writeInOrder(database, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('oneTimeLink')
          .where('id', '=', id)
          .where('usedAt', 'is', null)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await appendAudit(transaction, entry)
        return true
      }),
    useFor: (tokenHash, person, entry) =>
      writeInOrder(database, async (transaction) => {
        const link = await transaction
          .updateTable('oneTimeLink')
          .set({ usedAt: entry.at })
          .where('tokenHash', '=', tokenHash)
          .where('kind', 'in', ['first-administrator', 'invitation'])
          .where('usedAt', 'is', null)
          .where('endsAt', '>', entry.at)
          .returning(['kind'])
          .executeTakeFirst()
        if (link === undefined) return { kind: 'void' }
        const anybody = await transaction.selectFrom('person').select('id').limit(1).executeTakeFirst()
        if (link.kind === 'first-administrator' && anybody !== undefined) return { kind: 'void' }
        const taken = await transaction
          .selectFrom('person')
          .select('id')
          .where('name', '=', person.name)
          .executeTakeFirst()
        if (taken !== undefined) {
          await transaction
            .updateTable('oneTimeLink')
            .set({ usedAt: null })
            .where('tokenHash', '=', tokenHash)
            .execute()
          return { kind: 'name-taken' }
        }
        await addPerson(transaction, person, entry.at)
        await appendAudit(transaction, entry)
        return { kind: 'used' }
      }),
    useForPassword: (tokenHash, passwordHash, entry) =>
      writeInOrder(database, async (transaction) => {
        const link = await transaction
          .updateTable('oneTimeLink')
          .set({ usedAt: entry.at })
          .where('tokenHash', '=', tokenHash)
          .where('kind', '=', 'new-password')
          .where('usedAt', 'is', null)
          .where('endsAt', '>', entry.at)
          .returning('person')
          .executeTakeFirst()
        if (link?.person === undefined || link.person === null) return { kind: 'void' }
        await transaction
          .updateTable('person')
          .set({ passwordHash, passwordSetAt: entry.at })
          .where('id', '=', link.person)
          .execute()
        await transaction.deleteFrom('session').where('person', '=', link.person).execute()
        await appendAudit(transaction, entry)
        return { kind: 'used' }
      }),
  }
}
