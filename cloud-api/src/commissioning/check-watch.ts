import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import { regularly } from '../regularly.ts'
import type { Commissioning, CommissioningCheck } from '../store/commissionings.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import type { Check, Facts } from './check.ts'
import { CHECKS, checkNamed } from './check-table.ts'
import { type FactSources, readFacts } from './read-facts.ts'
import { begunCheck, stepCheck } from './step-check.ts'

type Deps = FactSources & { clock: Clock; log: Logger }

/** A technician who looks at the phone sees what happened within two seconds. */
const LOOK_EVERY_MS = 2_000

export type CheckWatch = {
  /** Begins these checks, or all, and looks at each once. @returns false when the site is gone */
  begin(commissioning: Commissioning, names?: readonly string[]): Promise<boolean>
  /** Looks at every check that runs. */
  look(): Promise<void>
  run(signal: AbortSignal): Promise<void>
}

/** Begins acceptance checks and looks at those that run, from the facts as they are; any instance may. */
export function createCheckWatch(deps: Deps): CheckWatch {
  const { store, clock, log } = deps
  const { commissionings } = store

  async function move(rows: readonly CommissioningCheck[], facts: Facts): Promise<void> {
    for (const row of rows) {
      const check = checkNamed(row.name)
      if (check === undefined) continue // of another version
      const next = stepCheck(row, check, facts)
      if (isSame(row, next)) continue
      const moved = await commissionings.moveCheck(next)
      if (moved && next.state !== 'running') {
        const { commissioning, name, state, measured, reason } = next
        log.info({ event: 'check.ended', commissioning, check: name, state, measured, reason })
      }
    }
  }

  const look = async () => {
    const running = await commissionings.runningChecks()
    for (const id of new Set(running.map(({ commissioning }) => commissioning))) {
      const commissioning = await commissionings.of(id)
      const facts = commissioning && (await readFacts(deps, commissioning, clock.now()))
      if (!facts) continue
      await move(
        running.filter((row) => row.commissioning === id),
        facts,
      )
    }
  }

  const onFault = (fault: { code: string; message: string } | null) => {
    if (fault !== null) log.error({ event: 'checks.unwatched', fault: fault.code, detail: fault.message })
  }

  return {
    begin: async (commissioning, names) => {
      const facts = await readFacts(deps, commissioning, clock.now())
      if (facts === null) return false
      const wanted = CHECKS.filter(({ name }) => names === undefined || names.includes(name))
      const rows = wanted.map((check: Check) => begunCheck(check, facts))
      for (const row of rows) await commissionings.beginCheck(row)
      await move(rows, facts)
      return true
    },
    look,
    run: (signal) => regularly(LOOK_EVERY_MS, look, { faultOf: storeFaultOf, onFault }, signal),
  }
}

const isSame = (one: CommissioningCheck, other: CommissioningCheck): boolean =>
  one.state === other.state && one.reason === other.reason && one.begun === other.begun
