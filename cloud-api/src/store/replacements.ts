import { unitsOf } from '@vigie/config-schema/units-of'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { appendAudit } from './audit.ts'
import type { Commissioning } from './commissionings.ts'
import { putUnitInPlaceOf } from './configurations.ts'
import { type Database, writeInOrder } from './database.ts'
import { siteIn, siteOfUnit } from './fleet.ts'
import { hasHandedOver } from './successor.ts'
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
        const { replacedUnit } = waiting
        if (document === undefined || replacedUnit === null || !unitsOf(document).includes(replacedUnit)) return null
        // In service, here or elsewhere: what it does there must not go dark for a mistake.
        if ((await siteOfUnit(transaction, unit)) !== undefined) return null
        await putUnitInPlaceOf(transaction, { site, document, replacedUnit, unit, at })
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
    wasReplaced: async (site, unit) => {
      const document = await siteIn(database.kysely, site)
      const isThere = document !== undefined && unitsOf(document).includes(unit)
      return !isThere && (await hasHandedOver(database.kysely, site, unit))
    },
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
