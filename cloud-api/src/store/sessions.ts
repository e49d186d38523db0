import type { Selectable } from 'kysely'
import { isOver, SEEN_EACH_MS } from '../people/session-life.ts'
import { type AuditEntry, appendAudit } from './audit.ts'
import { type Database, writeInOrder } from './database.ts'
import { type StoredPerson, withGrants } from './people.ts'
import type { SessionTable } from './people-tables.ts'
import type { Tables } from './tables.ts'

export type StoredSession = Selectable<SessionTable>

/** Who is signed in where. A session is known by the hash of its secret; the database is asked with every request. */
export type SessionStore = {
  /**
   * The session and its person, while it lives and the person is not disabled; notes that it was used.
   * @returns undefined for whatever does not open anything any more
   */
  find(tokenHash: string, now: number): Promise<{ session: StoredSession; person: StoredPerson } | undefined>
  /** Begins a session; `instead` names the one that it takes the place of. */
  begin(session: StoredSession, entry: AuditEntry | null, instead?: string): Promise<void>
  /** Notes that the person proved again to be there. */
  confirm(id: string, at: number): Promise<void>
  ofPerson(person: string, now: number): Promise<StoredSession[]>
  /** Ends one session of a person. @returns false when there is none of this id */
  end(person: string, id: string, entry: AuditEntry): Promise<boolean>
  /** Ends all sessions of a person but one. */
  endAll(person: string, except: string | null, entry?: AuditEntry): Promise<void>
  /** Forgets what has been over for a while. */
  forget(now: number): Promise<void>
}

export function createSessionStore(database: Database<Tables>): SessionStore {
  const { kysely } = database
  return {
    find: async (tokenHash, now) => {
      const session = await kysely
        .selectFrom('session')
        .selectAll()
        .where('tokenHash', '=', tokenHash)
        .executeTakeFirst()
      if (session === undefined || isOver(session, now)) return undefined
      const row = await kysely.selectFrom('person').selectAll().where('id', '=', session.person).executeTakeFirst()
      if (row === undefined || row.disabledAt !== null) return undefined
      if (now - session.seenAt >= SEEN_EACH_MS) {
        await writeInOrder(database, (transaction) =>
          transaction.updateTable('session').set({ seenAt: now }).where('id', '=', session.id).execute(),
        )
      }
      return { session, person: await withGrants(kysely, row) }
    },
    begin: (session, entry, instead) =>
      writeInOrder(database, async (transaction) => {
        if (instead !== undefined) await transaction.deleteFrom('session').where('id', '=', instead).execute()
        await transaction.insertInto('session').values(session).execute()
        if (entry !== null) await appendAudit(transaction, entry)
      }),
    confirm: async (id, at) => {
      await writeInOrder(database, (transaction) =>
        transaction.updateTable('session').set({ confirmedAt: at }).where('id', '=', id).execute(),
      )
    },
    ofPerson: async (person, now) => {
      const rows = await kysely
        .selectFrom('session')
        .selectAll()
        .where('person', '=', person)
        .where('stage', '=', 'signed-in')
        .orderBy('seenAt', 'desc')
        .execute()
      return rows.filter((row) => !isOver(row, now))
    },
    end: (person, id, entry) =>
      writeInOrder(database, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('session')
          .where('id', '=', id)
          .where('person', '=', person)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await appendAudit(transaction, entry)
        return true
      }),
    endAll: (person, except, entry) =>
      writeInOrder(database, async (transaction) => {
        await transaction
          .deleteFrom('session')
          .where('person', '=', person)
          .where('id', '!=', except ?? '')
          .execute()
        if (entry !== undefined) await appendAudit(transaction, entry)
      }),
    forget: async (now) => {
      await writeInOrder(database, async (transaction) => {
        await transaction.deleteFrom('session').where('endsAt', '<', now).execute()
        await transaction.deleteFrom('pendingStep').where('endsAt', '<', now).execute()
      })
    },
  }
}
