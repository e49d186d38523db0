import type { Selectable, Transaction } from 'kysely'
import { type Grant, grantsOfRows, type Person, rowsOfGrants } from '../people/person.ts'
import { type AuditEntry, appendAudit } from './audit.ts'
import { type Database, writeInOrder } from './database.ts'
import type { PersonTable } from './people-tables.ts'
import type { Tables } from './tables.ts'

/** A person with everything that the sign-in needs; `passwordHash` and `totpSecret` never leave the process. */
export type StoredPerson = Selectable<PersonTable> & Person
export type NewPerson = Pick<
  StoredPerson,
  'id' | 'name' | 'displayName' | 'email' | 'passwordHash' | 'secondFactorBy' | 'grants'
>

/** What may be changed of a person. */
export type PersonChange = Partial<Omit<PersonTable, 'id' | 'name' | 'madeAt'>> & { grants?: readonly Grant[] }

/** What came of changing a person. `last-administrator`: nobody would be left who can give roles, and nothing changed. */
export type ChangeOutcome = 'changed' | 'unknown' | 'last-administrator'

/** Who has an account, with which roles. Every change is in the audit trail, in the same transaction. */
export type PeopleStore = {
  all(): Promise<StoredPerson[]>
  byId(id: string): Promise<StoredPerson | undefined>
  byName(name: string): Promise<StoredPerson | undefined>
  /** Whether anybody was ever entered. */
  isEmpty(): Promise<boolean>
  /** Changes a person and tells the trail; also of two changes at one moment, one leaves an administrator. */
  change(id: string, change: PersonChange, entry: AuditEntry): Promise<ChangeOutcome>
  /** Takes the code of a 30 s step; false when that one or a later one was taken before. */
  takeTotpStep(id: string, step: number): Promise<boolean>
}

export function createPeopleStore(database: Database<Tables>): PeopleStore {
  const { kysely } = database
  const one = async (column: 'id' | 'name', value: string) => {
    const row = await kysely.selectFrom('person').selectAll().where(column, '=', value).executeTakeFirst()
    return row && (await withGrants(kysely, row))
  }
  return {
    all: async () => {
      const [rows, roles] = await Promise.all([
        kysely.selectFrom('person').selectAll().orderBy('name').execute(),
        kysely.selectFrom('personRole').selectAll().orderBy('role').orderBy('site').execute(),
      ])
      return rows.map((row) => ({ ...row, grants: grantsOfRows(roles.filter(({ person }) => person === row.id)) }))
    },
    byId: (id) => one('id', id),
    byName: (name) => one('name', name),
    isEmpty: async () => (await kysely.selectFrom('person').select('id').limit(1).executeTakeFirst()) === undefined,
    change: (id, { grants, ...columns }, entry) =>
      writeInOrder(database, async (transaction) => {
        const found = await transaction.selectFrom('person').select('id').where('id', '=', id).executeTakeFirst()
        if (found === undefined) return 'unknown'
        const isClosed = columns.disabledAt !== undefined && columns.disabledAt !== null
        const isReduced = grants !== undefined && !grants.some(({ role }) => role === 'administrator')
        if ((isClosed || isReduced) && (await isLastAdministrator(transaction, id))) return 'last-administrator'
        if (Object.keys(columns).length > 0)
          await transaction.updateTable('person').set(columns).where('id', '=', id).execute()
        if (grants !== undefined) await putGrants(transaction, id, grants)
        await appendAudit(transaction, entry)
        return 'changed'
      }),
    takeTotpStep: async (id, step) => {
      const { numUpdatedRows } = await writeInOrder(database, (transaction) =>
        transaction
          .updateTable('person')
          .set({ totpUsedStep: step })
          .where('id', '=', id)
          .where('totpUsedStep', '<', step)
          .executeTakeFirst(),
      )
      return numUpdatedRows > 0n
    },
  }
}

/** A person's row with the grants that stand in another table. */
export async function withGrants(
  reader: Database<Tables>['kysely'] | Transaction<Tables>,
  row: Selectable<PersonTable>,
): Promise<StoredPerson> {
  const roles = await reader
    .selectFrom('personRole')
    .selectAll()
    .where('person', '=', row.id)
    .orderBy('role')
    .orderBy('site')
    .execute()
  return { ...row, grants: grantsOfRows(roles) }
}

/** Enters a person in the transaction of what made it one. */
export async function addPerson(
  transaction: Transaction<Tables>,
  { grants, ...person }: NewPerson,
  at: number,
): Promise<void> {
  const unset = { totpSecret: null, totpUsedStep: 0, oidcSubject: null, disabledAt: null }
  await transaction
    .insertInto('person')
    .values({ ...person, ...unset, passwordSetAt: person.passwordHash === null ? null : at, madeAt: at })
    .execute()
  await putGrants(transaction, person.id, grants)
}

/** Whether this person can give roles, and nobody else can. */
async function isLastAdministrator(transaction: Transaction<Tables>, id: string): Promise<boolean> {
  const administrators = await transaction
    .selectFrom('personRole')
    .innerJoin('person', 'person.id', 'personRole.person')
    .select('person.id')
    .where('personRole.role', '=', 'administrator')
    .where('person.disabledAt', 'is', null)
    .execute()
  return administrators.length > 0 && administrators.every((one) => one.id === id)
}

async function putGrants(transaction: Transaction<Tables>, person: string, grants: readonly Grant[]): Promise<void> {
  await transaction.deleteFrom('personRole').where('person', '=', person).execute()
  const rows = rowsOfGrants(grants).map((row) => ({ person, ...row }))
  if (rows.length > 0) await transaction.insertInto('personRole').values(rows).execute()
}
