import type { KeyId, SiteId, UnitId } from '@vigie/contract/ids'
import type { RevocationReason } from '@vigie/contract/office'
import type { Transaction } from 'kysely'
import { type AuditEntry, appendAudit } from './audit.ts'
import { type Database, writeInOrder } from './database.ts'
import type { Tables } from './tables.ts'

/** Times in ms since 1970. */
export type UnitCertificateTable = {
  serial: string
  unit: UnitId
  site: SiteId
  key: KeyId
  issuedAt: number
  startsAt: number
  endsAt: number
  revokedAt: number | null
  reason: RevocationReason | null
}
export type AuthorityPositionTable = { only: 1; seq: number }

export type UnitCertificateStore = {
  /** The number of the last event of the authority that was taken in; 0 before the first. */
  position(): Promise<number>
  /**
   * Takes in what followed `from`, up to `upTo`, with its rows in the trail. False: another instance was faster, and
   * nothing was written.
   */
  take(news: {
    from: number
    upTo: number
    entries: readonly AuditEntry[]
    certificates: readonly UnitCertificateTable[]
  }): Promise<boolean>
  isRevoked(serial: string): Promise<boolean>
  /** Why a key of a unit is good no longer; null while it is. */
  revocationOf(unit: UnitId, key: KeyId): Promise<RevocationReason | null>
  /** The newest of each unit. */
  newestOfEach(): Promise<UnitCertificateTable[]>
  /** The newest first. */
  ofUnit(unit: UnitId): Promise<UnitCertificateTable[]>
}

export function createUnitCertificateStore(database: Database<Tables>): UnitCertificateStore {
  const { kysely } = database
  return {
    position: () => positionIn(kysely),
    take: ({ from, upTo, entries, certificates }) =>
      writeInOrder(database, async (transaction) => {
        if ((await positionIn(transaction)) !== from) return false
        for (const row of certificates) {
          const { revokedAt, reason } = row
          await transaction
            .insertInto('unitCertificate')
            .values(row)
            .onConflict((conflict) => conflict.column('serial').doUpdateSet({ revokedAt, reason }))
            .execute()
        }
        for (const entry of entries) await appendAudit(transaction, entry)
        await transaction
          .insertInto('authorityPosition')
          .values({ only: 1, seq: upTo })
          .onConflict((conflict) => conflict.column('only').doUpdateSet({ seq: upTo }))
          .execute()
        return true
      }),
    isRevoked: async (serial) => {
      const revoked = kysely.selectFrom('unitCertificate').select('serial').where('revokedAt', 'is not', null)
      return (await revoked.where('serial', '=', serial).executeTakeFirst()) !== undefined
    },
    revocationOf: async (unit, key) => {
      const found = await kysely
        .selectFrom('unitCertificate')
        .select('reason')
        .where('unit', '=', unit)
        .where('key', '=', key)
        .where('revokedAt', 'is not', null)
        .executeTakeFirst()
      return found?.reason ?? null
    },
    newestOfEach: async () => {
      const rows = await kysely
        .selectFrom('unitCertificate')
        .selectAll()
        .orderBy('issuedAt')
        .orderBy('serial')
        .execute()
      return [...new Map(rows.map((row) => [row.unit, row])).values()]
    },
    ofUnit: (unit) =>
      kysely.selectFrom('unitCertificate').selectAll().where('unit', '=', unit).orderBy('issuedAt', 'desc').execute(),
  }
}

async function positionIn(reader: Database<Tables>['kysely'] | Transaction<Tables>): Promise<number> {
  const row = await reader.selectFrom('authorityPosition').select('seq').where('only', '=', 1).executeTakeFirst()
  return Number(row?.seq ?? 0)
}
