import type { KeyId, UnitId } from '@vigie/contract/ids'
import type { Selectable } from 'kysely'
import { type Database, writeInOrder } from './database.ts'
import type { Tables, UnitKeyTable } from './tables.ts'

export type UnitKey = Selectable<UnitKeyTable>

/** The public keys with which units sign, learnt from certificates that were checked. */
export type UnitKeyStore = {
  keyOf(unit: UnitId, key: KeyId): Promise<UnitKey | undefined>
  ofUnit(unit: UnitId): Promise<UnitKey[]>
  /** Of all units, in the order in which they were learnt. */
  all(): Promise<UnitKey[]>
  /** The one that was learnt last: it is the unit's present one. */
  newestOf(unit: UnitId): Promise<UnitKey | undefined>
  /** Keeps a key; one that is known keeps its day of learning and takes the later end. */
  learn(key: UnitKey): Promise<void>
}

export function createUnitKeyStore(database: Database<Tables>): UnitKeyStore {
  return {
    keyOf: (unit, key) =>
      database.kysely
        .selectFrom('unitKey')
        .selectAll()
        .where('unit', '=', unit)
        .where('key', '=', key)
        .executeTakeFirst(),
    ofUnit: (unit) => database.kysely.selectFrom('unitKey').selectAll().where('unit', '=', unit).execute(),
    all: () => database.kysely.selectFrom('unitKey').selectAll().orderBy('learntAt').execute(),
    newestOf: (unit) =>
      database.kysely
        .selectFrom('unitKey')
        .selectAll()
        .where('unit', '=', unit)
        .orderBy('learntAt', 'desc')
        .limit(1)
        .executeTakeFirst(),
    learn: async (key) => {
      await writeInOrder(database, (transaction) =>
        transaction
          .insertInto('unitKey')
          .values(key)
          .onConflict((conflict) =>
            conflict
              .columns(['unit', 'key'])
              .doUpdateSet({ site: key.site, certificateEndsAt: key.certificateEndsAt })
              .where('unitKey.certificateEndsAt', '<=', key.certificateEndsAt),
          )
          .execute(),
      )
    },
  }
}
