import type { AuditLine } from '../api/schemas.ts'
import type { Alarm } from './alarm.ts'
import { identityWords } from './identity-words.ts'

/** Older ones are in the trail. */
const SHOWN_FOR_MS = 7 * 86_400_000

/**
 * Who tried to come in and must not, or twice, among what the authority refused; the same knock again and again is one. What
 * somebody has seen is none any more, until it knocks anew.
 * @param rows the newest first
 */
export function identityAlarmsIn(rows: readonly AuditLine[], now: number): Alarm[] {
  const alarms = new Map<string, Alarm>()
  /** Up to which row somebody has seen them, by cause. */
  const seen = new Map<string, number>()
  for (const row of rows) {
    const after = membersOf(row.after)
    const at = Date.parse(row.at)
    const { what, site, reason } = row
    const key = [what, site, reason].join(' ')
    if (row.action === 'unit.refusal-seen') seen.set(key, Math.max(seen.get(key) ?? 0, Number(after['row']) || 0))
    if (row.seq <= (seen.get(key) ?? 0)) continue
    if (after['isAlarm'] !== true || row.reason === null || at <= now - SHOWN_FOR_MS) continue
    const address = typeof after['address'] === 'string' ? after['address'] : null
    const newer = alarms.get(key)
    const alarm = newer ?? { key, at, times: 0, what, site, address, row: row.seq, ...identityWords(row.reason) }
    alarms.set(key, { ...alarm, times: alarm.times + 1 })
  }
  return [...alarms.values()]
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {} // any JSON object
