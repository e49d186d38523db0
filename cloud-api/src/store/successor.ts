import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

type Reader = Database<Tables>['kysely'] | Transaction<Tables>

/** Whether another unit has taken over from this one at a site, whatever came afterwards. */
export async function hasHandedOver(reader: Reader, site: SiteId, replaced: UnitId): Promise<boolean> {
  const taken = await reader
    .selectFrom('commissioning')
    .select('id')
    .where('site', '=', site)
    .where('kind', '=', 'replacement')
    .where('replacedUnit', '=', replaced)
    .where('unit', 'is not', null)
    .executeTakeFirst()
  return taken !== undefined
}

/** The box of its own that stands at a site in place of one that was replaced there; undefined: it was not. */
export async function successorOf(reader: Reader, site: SiteId, replaced: UnitId): Promise<UnitId | undefined> {
  const standing = await reader.selectFrom('site').select('unit').where('id', '=', site).executeTakeFirst()
  if (standing?.unit === replaced || !(await hasHandedOver(reader, site, replaced))) return undefined
  return standing?.unit
}
