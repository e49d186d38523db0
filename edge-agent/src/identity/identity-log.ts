import type { Logger } from 'pino'
import { faultCodeOf } from '../faults.ts'
import type { IdentityState } from './identity-step.ts'

/** What a unit writes into its log of its identity: never a key, a claim or a request. */
export function createIdentityLog(log: Logger) {
  return {
    state(state: IdentityState): void {
      const bearer = state.name === 'pending' ? state.got : 'holds' in state ? state.holds : null
      const { unit, site, serial, endMs } = bearer ?? {}
      const endsAt = endMs === undefined ? undefined : new Date(endMs).toISOString()
      log.info({ state: state.name, unit, site, serial, endsAt }, 'identity.state')
    },
    trouble(error: unknown): void {
      log.warn({ fault: faultCodeOf(error), detail: error instanceof Error ? error.message : '' }, 'identity.trouble')
    },
    time(change: 'known' | 'corrected'): void {
      log.info({ change }, 'clock.estimated')
    },
  }
}
