import type { Alarms } from './alarms.ts'
import { certificateOf, type OwnCertificates } from './own-certificates.ts'

/**
 * What is renewed by itself never comes so near to its end: two thirds into its life it still has 60 days. What could not be,
 * or is put there by hand, leaves a month for a letter, a visit and a second one.
 */
const WARNED_BEFORE_MS = 30 * 86_400_000
const AGAIN_AFTER_MS = 86_400_000

/**
 * Gives alarm, once a day for each, while a certificate of this gateway is about to end: that of the unit, without which the
 * cloud hears nothing more, and that of its doors, without which no lane comes in. And while the list of who was revoked is
 * the last of a week ago: whoever was revoked since comes in.
 */
export function createCertificateWatch(
  own: Pick<OwnCertificates, 'unit' | 'doors'>,
  { alarms, now, listDueMs }: { alarms: Pick<Alarms, 'raise'>; now: () => number; listDueMs: () => number },
): { look(): void } {
  const saidMs = new Map<string, number>()
  function say(what: string, raise: () => void): void {
    if (now() - (saidMs.get(what) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) return
    saidMs.set(what, now())
    raise()
  }
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  return {
    look() {
      for (const which of ['unit', 'doors'] as const) {
        const endMs = Date.parse(certificateOf(own[which])?.validTo ?? '')
        if (Number.isNaN(endMs) || endMs - now() > WARNED_BEFORE_MS) continue
        say(which, () => alarms.raise('certificate-ending', `${which}: ${day(endMs)}`))
      }
      const dueMs = listDueMs()
      if (now() > dueMs) say('list', () => alarms.raise('revocations-old', day(dueMs)))
    },
  }
}
