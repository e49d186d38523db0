import type { Reading, Series } from '../../api/schemas.ts'
import { CLASS_WORDS, CLASSES } from '../words.ts'

/** What a unit's SIM carried over the readings, in bytes. `parts` add up to `total`, where the unit counts that. */
export type SimUsage = { parts: { label: string; bytes: number }[]; total: number | null }

/** Shown also when nothing of it was sent: what a road unit sends every day. */
const EVERY_DAY = new Set<string>(['frame', 'telemetry', 'state'])

/** Null when nothing was measured. */
export function simUsageOf({ readings }: Pick<Series, 'readings'>): SimUsage | null {
  const classes = CLASSES.map((name) => ({ name, bytes: grownBy(readings, ({ sentBytes }) => sentBytes[name]) }))
  const payload = classes.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  if (classes.every(({ bytes }) => bytes === null)) return null
  const sent = grownBy(readings, ({ wire }) => wire.sentBytes)
  const received = grownBy(readings, ({ wire }) => wire.receivedBytes)
  const parts = classes
    .filter(({ name, bytes }) => (bytes ?? 0) > 0 || EVERY_DAY.has(name))
    .map(({ name, bytes }) => ({ label: CLASS_WORDS[name], bytes: bytes ?? 0 }))
    .toSorted((one, other) => other.bytes - one.bytes)
  if (sent === null || received === null) return { parts, total: null }
  // A payload is counted when it is handed over, the wire when it was carried: at the end of a day the one may be ahead.
  const around = Math.max(0, sent - payload)
  return {
    parts: [...parts, { label: 'protocole et chiffrement', bytes: around }, { label: 'reçu', bytes: received }],
    total: payload + around + received,
  }
}

/** By how much a count since start grew; one that is smaller than before began anew at nought. Null: never counted. */
function grownBy(readings: readonly Reading[], count: (reading: Reading) => number | null): number | null {
  const counts = readings.map(count).filter((value) => value !== null)
  if (counts.length === 0) return null
  return counts.slice(1).reduce((sum, value, index) => {
    const before = counts[index] ?? 0
    return sum + (value < before ? value : value - before)
  }, 0)
}
