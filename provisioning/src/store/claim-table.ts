import { timingSafeEqual } from 'node:crypto'
import type { Database } from 'better-sqlite3'

/** A claim as it is kept: its code only as a digest. Times in ms since 1970. */
export type KeptClaim = {
  id: string
  unit: string | null
  site: string | null
  madeAt: number
  madeBy: string
  expiresAt: number
  boundAt: number | null
  boundBy: string | null
  withdrawnAt: number | null
  usedAt: number | null
  usedBy: string | null
  /** The key id of the one key that it was used for. */
  usedKey: string | null
}

const COLUMNS = `id, digest, unit, site, made_at AS madeAt, made_by AS madeBy, expires_at AS expiresAt,
  bound_at AS boundAt, bound_by AS boundBy, withdrawn_at AS withdrawnAt,
  used_at AS usedAt, used_by AS usedBy, used_key AS usedKey`

export type ClaimTable = ReturnType<typeof createClaimTable>

export function createClaimTable(database: Database) {
  const add = database.prepare<[string, number, Buffer, string | null, string | null, number, string, number]>(
    `INSERT INTO claim (id, start, digest, unit, site, made_at, made_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const byStart = database.prepare<[number], KeptClaim & { digest: Buffer }>(
    `SELECT ${COLUMNS} FROM claim WHERE start = ?`,
  )
  const byId = database.prepare<[string], KeptClaim>(`SELECT ${COLUMNS} FROM claim WHERE id = ?`)
  const newest = database.prepare<[number], KeptClaim>(`SELECT ${COLUMNS} FROM claim ORDER BY id DESC LIMIT ?`)
  const bind = database.prepare(
    'UPDATE claim SET site = ?, bound_at = ?, bound_by = ?, expires_at = min(expires_at, ?) WHERE id = ?',
  )
  const withdraw = database.prepare('UPDATE claim SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL')
  const withdrawOf = database.prepare(
    'UPDATE claim SET withdrawn_at = ? WHERE (unit = ? OR used_by = ?) AND withdrawn_at IS NULL',
  )
  const use = database.prepare('UPDATE claim SET used_at = ?, used_by = ?, used_key = ? WHERE id = ?')
  const forget = database.prepare('DELETE FROM claim WHERE expires_at < ?')
  return {
    add: (claim: Pick<KeptClaim, 'id' | 'unit' | 'site' | 'madeAt' | 'madeBy' | 'expiresAt'>, digest: Buffer): void => {
      const { id, unit, site, madeAt, madeBy, expiresAt } = claim
      add.run(id, digest.readUInt32BE(0), digest, unit, site, madeAt, madeBy, expiresAt)
    },
    /** Compares the whole digest in constant time. */
    byDigest: (digest: Buffer): KeptClaim | undefined =>
      byStart.all(digest.readUInt32BE(0)).find((claim) => timingSafeEqual(claim.digest, digest)),
    byId: (id: string): KeptClaim | undefined => byId.get(id),
    newest: (count: number): KeptClaim[] => newest.all(count),
    /** A bound claim lives until `until` at most. */
    bind: (id: string, to: { site: string; by: string; at: number; until: number }): void =>
      void bind.run(to.site, to.at, to.by, to.until, id),
    withdraw: (id: string, at: number): boolean => withdraw.run(at, id).changes > 0,
    /** Every claim that this unit could come back by. */
    withdrawOf: (unit: string, at: number): void => void withdrawOf.run(at, unit, unit),
    use: (id: string, by: { unit: string; key: string; at: number }): void => void use.run(by.at, by.unit, by.key, id),
    forgetExpiredBefore: (time: number): void => void forget.run(time),
  }
}
