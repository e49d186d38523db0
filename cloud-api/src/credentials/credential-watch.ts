import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import { Fault } from '../faults.ts'
import type { HealthCheck } from '../health-watch.ts'
import type { Credential } from './credential.ts'

/** As the broker does: whoever renews a certificate sees at once whether it was taken. Three small files, from memory. */
const LOOK_EVERY_MS = 10_000
/** A month: holidays, and a technician who must find the passphrase. */
const WARNED_BEFORE_MS = 30 * 24 * 3_600_000
const DAY_MS = 24 * 3_600_000

type Deps = {
  credentials: readonly Credential<unknown>[]
  /** The end of a certificate that is shown to us; null: unknown. */
  others: Readonly<Record<string, () => number | null>>
  clock: Pick<Clock, 'now'>
  log: Logger
  everyMs?: number
}

/** Takes renewed certificates on, and says in time which one ends. */
export function createCredentialWatch({ credentials, others, clock, log, everyMs = LOOK_EVERY_MS }: Deps) {
  /** What is wrong with each one's files, so that it is said once. */
  const troubles = new Map<string, string>()

  function lookAt(credential: Credential<unknown>): void {
    const { what } = credential
    try {
      const isNew = credential.look()
      if (troubles.delete(what) || isNew)
        log.info({ event: 'certificate.taken', what, endsAt: new Date(credential.endsAt()).toISOString() })
    } catch (error) {
      const problem = error instanceof Error ? error.message : 'failed'
      if (troubles.get(what) !== problem) log.error({ event: 'certificate.not-taken', what, problem })
      troubles.set(what, problem)
    }
  }

  const check: HealthCheck = async () => {
    const ends = [
      ...credentials.map(({ what, endsAt }) => ({ what, endsAt: endsAt() })),
      ...Object.entries(others).flatMap(([what, endOf]) => ({ what, endsAt: endOf() ?? Number.POSITIVE_INFINITY })),
    ]
    const now = clock.now()
    const near = ends.filter(({ endsAt }) => endsAt - now < WARNED_BEFORE_MS)
    const said = [...near.map((end) => endInWords(end, now)), ...[...troubles].map(([what, why]) => `${what}: ${why}`)]
    if (said.length === 0) return { works: true }
    const fault = new Fault('certificate-ends', { detail: said.join(', ') })
    if (near.some(({ endsAt }) => endsAt <= now)) throw fault
    return { works: true, warns: true, detail: fault.message }
  }

  return {
    check,
    run: async (signal: AbortSignal) => {
      while (!signal.aborted) {
        await pause(everyMs, undefined, { signal }).catch(() => undefined)
        if (!signal.aborted) for (const credential of credentials) lookAt(credential)
      }
    },
  }
}

function endInWords({ what, endsAt }: { what: string; endsAt: number }, now: number): string {
  const days = Math.floor((endsAt - now) / DAY_MS)
  return `${what} ${endsAt <= now ? 'ended' : `ends in ${days} days,`} ${new Date(endsAt).toISOString()}`
}
