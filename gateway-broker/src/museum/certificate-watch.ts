import type { Alarms } from './alarms.ts'
import { certificateIn } from './own-access.ts'

/** A gateway's certificates are put there by hand: a month is time for a letter, a visit and a second one. */
const WARNED_BEFORE_MS = 30 * 86_400_000
const AGAIN_AFTER_MS = 86_400_000

/**
 * Gives alarm while a certificate of this gateway is about to end, once a day for each: that of the unit, without which the
 * cloud hears nothing more, and that of its doors, without which no lane comes in.
 */
export function createCertificateWatch(
  files: Readonly<Record<'unit' | 'doors', string>>,
  { alarms, now }: { alarms: Pick<Alarms, 'raise'>; now: () => number },
): { look(): void } {
  const saidMs = new Map<string, number>()
  return {
    look() {
      const nowMs = now()
      for (const [which, file] of Object.entries(files)) {
        const endMs = Date.parse(certificateIn(file)?.validTo ?? '')
        if (Number.isNaN(endMs) || endMs - nowMs > WARNED_BEFORE_MS) continue
        if (nowMs - (saidMs.get(which) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) continue
        saidMs.set(which, nowMs)
        alarms.raise('certificate-ending', `${which}: ${new Date(endMs).toISOString().slice(0, 10)}`)
      }
    },
  }
}
