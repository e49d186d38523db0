import type { AuditLine } from '../api/schemas.ts'

/** Somebody tried to come in who must not, or twice: what the authority thinks a person should look at. */
export type IdentityAlarm = {
  seq: number
  at: number
  /** The unit's name as it was given, or what else is known of who knocked. */
  what: string
  site: string | null
  /** A word of the authority's table of refusals. */
  reason: string
  /** From where. */
  address: string | null
}

/** Older ones are in the trail. */
const SHOWN_FOR_MS = 7 * 86_400_000

/** The alarms among what the authority refused, the newest first; the same knock again and again is told once. */
export function alarmsIn(rows: readonly AuditLine[], now: number): (IdentityAlarm & { times: number })[] {
  const alarms = new Map<string, IdentityAlarm & { times: number }>()
  for (const row of rows) {
    const after = membersOf(row.after)
    const at = Date.parse(row.at)
    if (after['isAlarm'] !== true || row.reason === null || at <= now - SHOWN_FOR_MS) continue
    const address = typeof after['address'] === 'string' ? after['address'] : null
    const { seq, what, site, reason } = row
    const name = [what, site, reason].join(' ')
    const newer = alarms.get(name)
    alarms.set(
      name,
      newer === undefined ? { seq, at, what, site, reason, address, times: 1 } : { ...newer, times: newer.times + 1 },
    )
  }
  return [...alarms.values()]
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {} // any JSON object
