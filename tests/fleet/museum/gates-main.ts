import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import type { GatePlan } from './plan-museums.ts'
import { startSimulatedGate } from './simulated-gate.ts'
import { openTill, type TillOptions } from './till.ts'
import { type Customs, visit } from './visitors.ts'

/** Written by the fleet's runner alone. */
export type GatesOptions = { gates: GatePlan[]; customs: Customs[]; till: TillOptions }

/** After a fault of the cloud's database the visitors stay away for so long, in milliseconds; the gates stand all the while. */
const AWAY_MS = 5_000

const [file = ''] = process.argv.slice(2)
const { gates: plans, customs, till: tillOptions } = JSON.parse(readFileSync(file, 'utf8')) as GatesOptions // see there

const stop = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort())
const { signal } = stop
const logger = pino({ base: null, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime })
const log = (event: string, facts: Record<string, unknown>) => logger.info(facts, event)
const wait = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined)

const gates = await Promise.all(plans.map((plan) => startSimulatedGate(plan, wait)))
log('gates.listening', { gates: gates.map(({ site, lane }) => `${site} ${lane}`) })
await Promise.all(customs.map(keepVisiting))
await Promise.all(gates.map((gate) => gate.stop()))

async function keepVisiting(of: Customs): Promise<void> {
  const own = gates.filter(({ site }) => site === of.site)
  while (!signal.aborted) {
    try {
      const till = await openTill(tillOptions)
      try {
        await visit(of, { gates: own, till, random: Math.random, wait, log }, signal)
      } finally {
        await till.close()
      }
    } catch (error) {
      log('visitors.stay-away', { site: of.site, error: String(error) })
      await wait(AWAY_MS)
    }
  }
}
