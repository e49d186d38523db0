import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'

/** Asks one part whether it works; throws, or says so, when it does not. `warns`: it does, and somebody should act soon. */
export type HealthCheck = (signal: AbortSignal) => Promise<{ works: boolean; warns?: boolean; detail?: string }>

/** How one part does. `since`: when that was first noticed; absent while it has worked since the process started. */
export type PartHealth = { works: boolean; warns?: boolean; since?: string; detail?: string }

export type HealthWatch = {
  /** Asks all parts now. */
  ask(): Promise<Record<string, PartHealth>>
  /** Asks every few seconds, and says in the log what ceases to work and what works again, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}

/** A part that does not answer in this time does not work, in milliseconds. */
const ANSWER_WITHIN_MS = 2_000
/** How late a change is noticed when nobody asks. */
const ASK_EVERY_MS = 10_000

type Deps = { checks: Readonly<Record<string, HealthCheck>>; clock: Pick<Clock, 'now'>; log: Logger }

/** Knows of each part whether it works and since when. */
export function createHealthWatch({ checks, clock, log }: Deps): HealthWatch {
  const known = new Map<string, { works: boolean; since?: string }>()

  /** The parts that warn, so that each is told once. */
  const warning = new Set<string>()

  function note(name: string, { works, warns = false, detail }: PartHealth): PartHealth {
    if (warns && !warning.has(name)) log.warn({ event: 'health.warns', part: name, detail })
    if (warns) warning.add(name)
    else warning.delete(name)
    const before = known.get(name) ?? { works: true }
    const isNews = before.works !== works
    if (isNews) {
      if (works) log.info({ event: 'health.works-again', part: name, since: before.since })
      else log.error({ event: 'health.fails', part: name, detail })
    }
    const since = isNews ? new Date(clock.now()).toISOString() : before.since
    const now = { works, ...(since === undefined ? {} : { since }) }
    known.set(name, now)
    return { ...now, ...(warns ? { warns } : {}), ...(detail === undefined ? {} : { detail }) }
  }

  async function ask(): Promise<Record<string, PartHealth>> {
    const asked = Object.entries(checks).map(async ([name, check]) => [name, await askOne(check)] as const)
    return Object.fromEntries((await Promise.all(asked)).map(([name, part]) => [name, note(name, part)]))
  }

  return {
    ask,
    run: async (signal) => {
      while (!signal.aborted) {
        // What has just been started is still about to connect.
        await pause(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined)
        if (!signal.aborted) await ask()
      }
    },
  }
}

async function askOne(check: HealthCheck): Promise<PartHealth> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${ANSWER_WITHIN_MS} ms`)), { once: true })
  })
  try {
    return await Promise.race([check(signal), late])
  } catch (error) {
    return { works: false, detail: error instanceof Error ? error.message : 'failed' }
  }
}
