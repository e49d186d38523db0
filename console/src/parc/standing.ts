import type { FleetUnit } from '../api/schemas.ts'

const DAY_MS = 86_400_000

/** Certificates are given for 180 days and renewed at two thirds; a fortnight of winter may pass before anybody looks. */
const RENEWED_BEFORE_END_MS = 45 * DAY_MS

/** How a unit stands, the first that is true of it, in the order in which somebody has to act. */
export const STANDINGS = ['revoked', 'expired', 'offline', 'renewal-late', 'unheard', 'online', 'away'] as const
export type Standing = (typeof STANDINGS)[number]

export const isStanding = (text: string | null): text is Standing => STANDINGS.some((one) => one === text)

export function standingOf(unit: FleetUnit, now: number): Standing {
  const { isPlanned, presence, since, certificateEndsAt, revokedAt } = unit
  if (!isPlanned) return 'away'
  if (revokedAt !== null) return 'revoked'
  if (presence === 'unknown' && since === null && certificateEndsAt === null) return 'unheard'
  const leftMs = certificateEndsAt === null ? null : Date.parse(certificateEndsAt) - now
  if (leftMs !== null && leftMs <= 0) return 'expired'
  if (presence !== 'online') return 'offline'
  return leftMs !== null && leftMs < RENEWED_BEFORE_END_MS ? 'renewal-late' : 'online'
}
