import type { RevocationReason } from '@vigie/contract/office'
import type { Database } from 'better-sqlite3'
import type { Revoked } from '../authority/revocation-list.ts'

/**
 * A certificate that was given to a unit: as a client, or, to the gateway of a museum, for its doors. Times in ms since 1970;
 * `issuer` is the key id of who signed it.
 */
export type KeptCertificate = {
  serial: string
  issuer: string
  unit: string
  site: string
  purpose: 'client' | 'server'
  key: string
  der: Buffer
  issuedAt: number
  startsAt: number
  endsAt: number
  revokedAt: number | null
  reason: RevocationReason | null
}

export type NewCertificate = Omit<KeptCertificate, 'revokedAt' | 'reason'>

export type NewRevocation = Revoked & { issuer: string | null; by: string; endsAt: number | null }

const CERTIFICATE = `SELECT c.serial, c.issuer, unit, site, purpose, key, der, issued_at AS issuedAt, starts_at AS startsAt,
  c.ends_at AS endsAt, revoked_at AS revokedAt, reason
  FROM certificate c LEFT JOIN revocation r ON r.serial = c.serial`

export type CertificateTable = ReturnType<typeof createCertificateTable>

export function createCertificateTable(database: Database) {
  const add = database.prepare(
    `INSERT INTO certificate (serial, issuer, unit, site, purpose, key, der, issued_at, starts_at, ends_at)
     VALUES (@serial, @issuer, @unit, @site, @purpose, @key, @der, @issuedAt, @startsAt, @endsAt)`,
  )
  const bySerial = database.prepare<[string], KeptCertificate>(`${CERTIFICATE} WHERE c.serial = ?`)
  const live = database.prepare<[string, number], KeptCertificate>(
    `${CERTIFICATE} WHERE unit = ? AND c.ends_at > ? AND revoked_at IS NULL ORDER BY issued_at DESC`,
  )
  const ofUnit = database.prepare<[string], KeptCertificate>(`${CERTIFICATE} WHERE unit = ? AND revoked_at IS NULL`)
  const newest = database.prepare<[string | null, string | null, number], KeptCertificate>(
    `${CERTIFICATE} WHERE unit = coalesce(?, unit) AND site = coalesce(?, site)
       AND purpose = 'client' ORDER BY issued_at DESC LIMIT ?`,
  )
  const doorsSince = database.prepare<[string, number], { at: number | null }>(
    `SELECT min(issued_at) AS at FROM certificate WHERE unit = ? AND purpose = 'server' AND starts_at >= ?`,
  )
  const revoke = database.prepare(
    `INSERT INTO revocation (serial, issuer, revoked_at, reason, by, ends_at)
     VALUES (@serial, @issuer, @revokedAt, @reason, @by, @endsAt) ON CONFLICT DO NOTHING`,
  )
  const isRevoked = database.prepare<[string]>('SELECT 1 FROM revocation WHERE serial = ?')
  const inUse = database.prepare<[number], { issuer: string; units: number }>(
    `SELECT c.issuer, count(DISTINCT unit) AS units FROM certificate c LEFT JOIN revocation r ON r.serial = c.serial
     WHERE c.ends_at > ? AND revoked_at IS NULL GROUP BY c.issuer`,
  )
  const keyRevoked = database.prepare<[string]>(
    'SELECT 1 FROM certificate c JOIN revocation r ON r.serial = c.serial WHERE key = ? LIMIT 1',
  )
  const revoked = database.prepare<[string, number], Revoked>(
    `SELECT serial, revoked_at AS revokedAt, reason FROM revocation
     WHERE (issuer = ? OR issuer IS NULL) AND coalesce(ends_at > ?, 1) ORDER BY revoked_at, serial`,
  )
  const listNumber = database.prepare<[string], { number: number }>(
    `INSERT INTO list (issuer, number) VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number`,
  )
  return {
    add: (certificate: NewCertificate): void => void add.run(certificate),
    bySerial: (serial: string): KeptCertificate | undefined => bySerial.get(serial),
    /** Those of a unit that are neither expired nor revoked, the newest first. */
    live: (unit: string, now: number): KeptCertificate[] => live.all(unit, now),
    /** All of a unit that are not revoked, expired ones too: they could still be used for a renewal. */
    notRevoked: (unit: string): KeptCertificate[] => ofUnit.all(unit),
    /** Of units as clients: what their doors have is renewed and revoked with them, and not told. */
    newest: (of: { unit?: string | undefined; site?: string | undefined }, count: number): KeptCertificate[] =>
      newest.all(of.unit ?? null, of.site ?? null, count),
    /** When a unit was first given a certificate for its doors that starts no earlier than that; null: never. */
    doorsSince: (unit: string, startsAt: number): number | null => doorsSince.get(unit, startsAt)?.at ?? null,
    revoke: (revocation: NewRevocation): boolean => revoke.run(revocation).changes > 0,
    isRevoked: (serial: string): boolean => isRevoked.get(serial) !== undefined,
    /** How many units have a certificate of each issuer that is good now, by the issuer's key id. */
    unitsByIssuer: (now: number): Map<string, number> =>
      new Map(inUse.all(now).map(({ issuer, units }) => [issuer, units])),
    isKeyRevoked: (key: string): boolean => keyRevoked.get(key) !== undefined,
    /** What an issuer's list names: what is revoked and would not have ended by itself before `time`. */
    revokedBy: (issuer: string, time: number): Revoked[] => revoked.all(issuer, time),
    nextListNumber: (issuer: string): number => listNumber.get(issuer)?.number ?? 1,
  }
}
