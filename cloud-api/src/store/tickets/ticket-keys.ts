import type { CivilDay } from '@vigie/contract/gate/civil-time'
import type { Selectable, Transaction } from 'kysely'
import type { Season } from '../../tickets/season.ts'
import { type Database, writeInOrder } from '../database.ts'
import type { Tables } from '../tables.ts'
import type { StaffKeyTable, TicketKeyTable } from './ticket-tables.ts'

export type StoredTicketKey = Selectable<TicketKeyTable>
export type NewTicketKey = { publicKey: string; sealed: string }

/** The keys by which gates believe tickets and staff phones; private ones sealed to the vault. */
export type TicketKeyStore = {
  /** The key of a season: the one that is there, or else the one that `make` gives. */
  ofSeason(season: Season, make: () => NewTicketKey): Promise<StoredTicketKey>
  bySeq(seq: number): Promise<StoredTicketKey | undefined>
  /** Those of which a ticket may still be good on a day, the oldest first. */
  goodOn(day: CivilDay): Promise<StoredTicketKey[]>
  /** The newest staff key that signs until `until` at least, or the one that `make` gives. */
  staffKey(until: number, make: () => StaffKeyTable): Promise<StaffKeyTable>
  staffKeysGoodAt(at: number): Promise<StaffKeyTable[]>
}

type Reader = Database<Tables>['kysely'] | Transaction<Tables>

/** Numbers in the codes: one byte. */
const KEY_IDS = 256

export function createTicketKeyStore(database: Database<Tables>): TicketKeyStore {
  const { kysely } = database
  return {
    ofSeason: async ({ from, until }, make) => {
      const ofIt = (reader: Reader) =>
        reader.selectFrom('ticketKey').selectAll().where('fromDay', '=', from).executeTakeFirst()
      // Asked for all the time and made twice a year: only who makes one stands in the line of writers.
      const known = await ofIt(kysely)
      if (known !== undefined) return known
      return writeInOrder(database, async (transaction) => {
        const there = await ofIt(transaction)
        if (there !== undefined) return there
        const newest = await transaction.selectFrom('ticketKey').select('id').orderBy('seq', 'desc').executeTakeFirst()
        const id = ((newest?.id ?? 0) + 1) % KEY_IDS
        return transaction
          .insertInto('ticketKey')
          .values({ id, ...make(), fromDay: from, signsUntilDay: until, untilDay: until })
          .returningAll()
          .executeTakeFirstOrThrow()
      })
    },
    bySeq: (seq) => kysely.selectFrom('ticketKey').selectAll().where('seq', '=', seq).executeTakeFirst(),
    goodOn: (day) => kysely.selectFrom('ticketKey').selectAll().where('untilDay', '>=', day).orderBy('seq').execute(),
    staffKey: (until, make) =>
      writeInOrder(database, async (transaction) => {
        const there = await transaction
          .selectFrom('staffKey')
          .selectAll()
          .where('until', '>=', until)
          .orderBy('until', 'desc')
          .executeTakeFirst()
        if (there !== undefined) return there
        const made = make()
        await transaction.insertInto('staffKey').values(made).execute()
        return made
      }),
    staffKeysGoodAt: (at) =>
      kysely.selectFrom('staffKey').selectAll().where('until', '>=', at).orderBy('madeAt').execute(),
  }
}

/** A ticket that outlives its season keeps its key good until it ends. */
export async function keepKeyUntil(transaction: Transaction<Tables>, seq: number, lastDay: CivilDay): Promise<void> {
  await transaction
    .updateTable('ticketKey')
    .set({ untilDay: lastDay })
    .where('seq', '=', seq)
    .where('untilDay', '<', lastDay)
    .execute()
}
