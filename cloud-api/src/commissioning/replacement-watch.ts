import type { Clock } from '@vigie/contract/clock'
import type { Logger } from 'pino'
import { regularly } from '../regularly.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import type { AuthorityOffice } from '../units/authority-office.ts'

type Deps = {
  store: Pick<Store, 'replacements' | 'presence'>
  office: Pick<AuthorityOffice, 'certificatesOf' | 'revoke'>
  clock: Clock
  log: Logger
}

/** A replaced unit is out within a minute of the new one's running. */
const LOOK_EVERY_MS = 15_000
/** A report may be made before the authority could be reached. */
const REMEMBERED_MS = 7 * 86_400_000

export type ReplacementWatch = { look(): Promise<void>; run(signal: AbortSignal): Promise<void> }

/** Revokes units that were replaced, once the new one runs. Asks the authority what is left to do: any instance may. */
export function createReplacementWatch({ store, office, clock, log }: Deps): ReplacementWatch {
  /** Commissionings whose old unit is out, so that the authority is not asked again. */
  const done = new Set<string>()
  const look = async () => {
    for (const { id, site, unit, replacedUnit, technician } of await store.replacements.takenOver(
      clock.now() - REMEMBERED_MS,
    )) {
      if (done.has(id) || unit === null || replacedUnit === null) continue
      const presence = await store.presence.of(unit)
      if (presence?.condition !== 'online' || presence.site !== site) continue
      const certificates = await office.certificatesOf(replacedUnit)
      if (certificates.some(({ revokedAt }) => revokedAt === null)) {
        await office.revoke({ unit: replacedUnit, reason: 'replaced', by: technician })
        log.info({ event: 'unit.replaced', site, unit, replacedUnit })
      }
      done.add(id)
    }
  }
  const onFault = (fault: { code: string; message: string } | null) => {
    if (fault !== null) log.error({ event: 'replacements.unwatched', fault: fault.code, detail: fault.message })
  }
  return { look, run: (signal) => regularly(LOOK_EVERY_MS, look, { faultOf: storeFaultOf, onFault }, signal) }
}
