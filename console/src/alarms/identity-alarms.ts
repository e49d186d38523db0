import type { AuditLine } from '../api/schemas.ts'
import type { Alarm } from './alarm.ts'
import { identityWords } from './identity-words.ts'

/** Older ones are in the trail. */
const SHOWN_FOR_MS = 7 * 86_400_000

/** Who tried to come in and must not, or twice, among what the authority refused; the same knock again and again is one. */
export function identityAlarmsIn(rows: readonly AuditLine[], now: number): Alarm[] {
  const alarms = new Map<string, Alarm>()
  for (const row of rows) {
    const after = membersOf(row.after)
    const at = Date.parse(row.at)
    if (after['isAlarm'] !== true || row.reason === null || at <= now - SHOWN_FOR_MS) continue
    const address = typeof after['address'] === 'string' ? after['address'] : null
    const { what, site, reason } = row
    const key = [what, site, reason].join(' ')
    const newer = alarms.get(key)
    const alarm = newer ?? { key, at, times: 0, what, site, address, ...identityWords(reason) }
    alarms.set(key, { ...alarm, times: alarm.times + 1 })
  }
  return [...alarms.values()]
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {} // any JSON object
