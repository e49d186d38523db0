import type { SiteDocument } from '@vigie/config-schema/site-document'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { Transaction } from 'kysely'
import { appendAudit } from './audit.ts'
import type { Commissioning } from './commissionings.ts'
import { type Database, writeInOrder } from './database.ts'
import { siteIn } from './fleet.ts'
import type { Tables } from './tables.ts'

/** Units that are being replaced, and the moment at which the new one takes over. */
export type ReplacementStore = {
  /**
   * Makes a unit the one of its site, when the site waits for a replacement and this unit may be it: whichever comes, or
   * the one that was named. The unit that goes never takes its site back. @returns the unit that went, or null
   */
  takeOver(site: SiteId, unit: UnitId, at: number): Promise<UnitId | null>
  /** Whether another unit stands at a site in place of this one, which was replaced there. */
  wasReplaced(site: SiteId, unit: UnitId): Promise<boolean>
  /** Replacements whose new unit has taken over, that are open, or were ended after `since`. */
  takenOver(since: number): Promise<Commissioning[]>
}

export function createReplacementStore(database: Database<Tables>): ReplacementStore {
  return {
    takeOver: (site, unit, at) =>
      writeInOrder(database, async (transaction) => {
        const waiting = await transaction
          .selectFrom('commissioning')
          .selectAll()
          .where('site', '=', site)
          .where('kind', '=', 'replacement')
          .where('finishedAt', 'is', null)
          .orderBy('startedAt', 'desc')
          .executeTakeFirst()
        if (waiting === undefined || waiting.replacedUnit === unit) return null
        if (waiting.unit !== null && waiting.unit !== unit) return null
        const document = await siteIn(transaction, site)
        if (document === undefined || document.unit !== waiting.replacedUnit) return null
        // Elsewhere in the fleet it is in service: what is there must not go dark for a mistake at another place.
        const elsewhere = await transaction.selectFrom('site').select('id').where('unit', '=', unit).executeTakeFirst()
        if (elsewhere !== undefined) return null
        const changed: SiteDocument = { ...document, unit }
        await transaction
          .updateTable('site')
          .set({ unit, document: JSON.stringify(changed) })
          .where('id', '=', site)
          .execute()
        await transaction.updateTable('commissioning').set({ unit }).where('id', '=', waiting.id).execute()
        await appendAudit(transaction, {
          at,
          who: 'cloud',
          action: 'unit.took-over',
          what: unit,
          site,
          before: { unit: waiting.replacedUnit },
          after: { unit },
          ...(waiting.reason === null ? {} : { reason: waiting.reason }),
        })
        return waiting.replacedUnit
      }),
    wasReplaced: async (site, unit) => (await successorOf(database.kysely, site, unit)) !== undefined,
    takenOver: (since) =>
      database.kysely
        .selectFrom('commissioning')
        .selectAll()
        .where('kind', '=', 'replacement')
        .where('unit', 'is not', null)
        .where(({ eb, or }) => or([eb('finishedAt', 'is', null), eb('finishedAt', '>=', since)]))
        .execute(),
  }
}

/** The unit that stands at a site in place of one that was replaced there; undefined: it was not. */
export async function successorOf(
  reader: Database<Tables>['kysely'] | Transaction<Tables>,
  site: SiteId,
  replaced: UnitId,
): Promise<UnitId | undefined> {
  const standing = await reader.selectFrom('site').select('unit').where('id', '=', site).executeTakeFirst()
  const taken = await reader
    .selectFrom('commissioning')
    .select('id')
    .where('site', '=', site)
    .where('kind', '=', 'replacement')
    .where('replacedUnit', '=', replaced)
    .where('unit', 'is not', null)
    .executeTakeFirst()
  return taken === undefined || standing?.unit === replaced ? undefined : standing?.unit
}
