import type { SiteDocument } from '@vigie/config-schema/site-document'
import { unitsOf } from '@vigie/config-schema/units-of'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import { type Database, writeInOrder } from './database.ts'
import type { Tables } from './tables.ts'

/** The sites as they are planned. Read from the table each time: another instance may have replaced them. */
export type FleetStore = {
  /** Makes these the fleet: adds, changes, removes. Frames of a removed site stay until their time is over. */
  replace(sites: readonly SiteDocument[]): Promise<void>
  /** Every site, in the order of their ids. */
  sites(): Promise<SiteDocument[]>
  site(id: SiteId): Promise<SiteDocument | undefined>
}

export function createFleetStore(database: Database<Tables>): FleetStore {
  const { kysely } = database
  return {
    replace: (sites) =>
      writeInOrder(database, async (transaction) => {
        const ids = sites.map(({ id }) => id as SiteId) // the document's schema has the same pattern
        let gone = transaction.deleteFrom('site')
        if (ids.length > 0) gone = gone.where('id', 'not in', ids)
        await gone.execute()
        for (const site of sites) {
          const row = { id: site.id as SiteId, unit: site.unit as UnitId, document: JSON.stringify(site) } // same patterns
          await transaction
            .insertInto('site')
            .values(row)
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ unit: row.unit, document: row.document }))
            .execute()
        }
      }),
    sites: async () => {
      const rows = await kysely.selectFrom('site').select('document').orderBy('id').execute()
      return rows.map(({ document }) => documentOf(document))
    },
    site: (id) => siteIn(kysely, id),
  }
}

/** One site's document, within a transaction or outside. */
export async function siteIn(
  kysely: Database<Tables>['kysely'] | Transaction<Tables>,
  id: SiteId,
): Promise<SiteDocument | undefined> {
  const row = await kysely.selectFrom('site').select('document').where('id', '=', id).executeTakeFirst()
  return row && documentOf(row.document)
}

/** The site at which a unit stands, as its own box or at one of its lanes. */
export async function siteOfUnit(transaction: Transaction<Tables>, unit: UnitId): Promise<SiteId | undefined> {
  const rows = await transaction.selectFrom('site').select(['id', 'document']).execute()
  return rows.find(({ document }) => unitsAt(document).includes(unit))?.id
}

/** The units of a site, of its stored document. */
export const unitsAt = (document: string): UnitId[] => unitsOf(documentOf(document)) as UnitId[] // the document's schema has the same pattern

const documentOf = (text: string): SiteDocument => JSON.parse(text) as SiteDocument // checked when it was read from its file
