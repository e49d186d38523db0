import type { SiteId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Offer, OfferedMuseum, OfferedType } from '../../tickets/offer.ts'
import { type Database, writeInOrder } from '../database.ts'
import type { Tables } from '../tables.ts'

/** The number and time of the catalogue that was last told, and the digest of what it says. */
export type ToldCatalogue = { version: number; digest: string; at: number }

export type TicketOfferStore = {
  /** Takes over what museums sell. A type that is gone from it is sold no more; its tickets stay good. */
  seed(offer: Offer): Promise<void>
  museums(): Promise<OfferedMuseum[]>
  museum(site: SiteId): Promise<OfferedMuseum | undefined>
  types(): Promise<OfferedType[]>
  /** Takes the next version for what a catalogue says now, unless the last one says the same. */
  tellCatalogue(site: SiteId, digest: string, at: number): Promise<ToldCatalogue>
}

export function createTicketOfferStore(database: Database<Tables>): TicketOfferStore {
  const { kysely } = database
  return {
    seed: ({ museums, types }) =>
      writeInOrder(database, async (transaction) => {
        for (const museum of museums) {
          const offer = JSON.stringify(museum)
          const none = { lastSerial: 0, feedNewest: 0, catalogueVersion: 0, catalogueDigest: '', catalogueAt: 0 }
          await transaction
            .insertInto('museum')
            .values({ site: museum.site, bit: museum.bit, offer, ...none })
            .onConflict((conflict) => conflict.column('site').doUpdateSet({ bit: museum.bit, offer }))
            .execute()
        }
        for (const row of await transaction.selectFrom('ticketType').selectAll().execute()) {
          if (types.some(({ number }) => number === row.number)) continue
          const offer = JSON.stringify({ ...typeIn(row.offer), isActive: false })
          await transaction.updateTable('ticketType').set({ offer }).where('number', '=', row.number).execute()
        }
        for (const type of types) {
          const offer = JSON.stringify(type)
          await transaction
            .insertInto('ticketType')
            .values({ number: type.number, offer })
            .onConflict((conflict) => conflict.column('number').doUpdateSet({ offer }))
            .execute()
        }
      }),
    museums: async () => {
      const rows = await kysely.selectFrom('museum').select('offer').orderBy('bit').execute()
      return rows.map(({ offer }) => museumIn(offer))
    },
    museum: async (site) => {
      const row = await kysely.selectFrom('museum').select('offer').where('site', '=', site).executeTakeFirst()
      return row && museumIn(row.offer)
    },
    types: async () => {
      const rows = await kysely.selectFrom('ticketType').select('offer').orderBy('number').execute()
      return rows.map(({ offer }) => typeIn(offer))
    },
    tellCatalogue: async (site, digest, at) => {
      // Asked every two seconds and changed twice a year: only who changes it stands in the line of writers.
      const known = await toldIn(kysely, site)
      if (known.digest === digest) return known
      return writeInOrder(database, async (transaction) => {
        const told = await toldIn(transaction, site)
        if (told.digest === digest) return told
        const version = told.version + 1
        await transaction
          .updateTable('museum')
          .set({ catalogueVersion: version, catalogueDigest: digest, catalogueAt: at })
          .where('site', '=', site)
          .execute()
        return { version, digest, at }
      })
    },
  }
}

async function toldIn(reader: Database<Tables>['kysely'] | Transaction<Tables>, site: SiteId): Promise<ToldCatalogue> {
  const { catalogueVersion, catalogueDigest, catalogueAt } = await reader
    .selectFrom('museum')
    .select(['catalogueVersion', 'catalogueDigest', 'catalogueAt'])
    .where('site', '=', site)
    .executeTakeFirstOrThrow()
  return { version: catalogueVersion, digest: catalogueDigest, at: catalogueAt }
}

// Both were checked by their schemas before they were written.
export const typeIn = (text: string): OfferedType => JSON.parse(text) as OfferedType
const museumIn = (text: string): OfferedMuseum => JSON.parse(text) as OfferedMuseum
