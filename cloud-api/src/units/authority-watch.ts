import type { KeyId } from '@vigie/contract/ids'
import type { OfficeEvent, UnitCertificate } from '@vigie/contract/office'
import type { Logger } from 'pino'
import { regularly } from '../regularly.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import type { UnitCertificateTable } from '../store/unit-certificates.ts'
import { auditEntryOf } from './audit-entry.ts'
import type { AuthorityOffice } from './authority-office.ts'

/** A revocation is known here in this time and that of an answer; an idle question costs 300 bytes on a kept connection. */
const ASK_EVERY_MS = 5_000

export type AuthorityWatchDeps = {
  office: Pick<AuthorityOffice, 'eventsAfter' | 'certificatesOf'>
  certificates: Store['unitCertificates']
  log: Logger
}

export type AuthorityWatch = {
  /** Takes in what happened since the last time: each thing once, in the trail and in what is known of certificates. */
  takeNews(): Promise<void>
  run(signal: AbortSignal): Promise<void>
}

/** Follows what happens at the authority: who enrolled, what was refused, what is revoked. */
export function createAuthorityWatch({ office, certificates, log }: AuthorityWatchDeps): AuthorityWatch {
  async function takeNews(): Promise<void> {
    for (;;) {
      const from = await certificates.position()
      const { events } = await office.eventsAfter(from)
      const upTo = events.at(-1)?.seq
      if (upTo === undefined) return
      const rows = await Promise.all(unitsIn(events).map((unit) => office.certificatesOf(unit)))
      const entries = events.map(auditEntryOf)
      const isTaken = await certificates.take({ from, upTo, entries, certificates: rows.flat().map(rowOf) })
      if (!isTaken) continue
      for (const event of events) {
        if (event.isAlarm) log.error({ ...event, event: 'authority.alarm' })
      }
    }
  }
  return {
    takeNews,
    run: (signal) =>
      regularly(
        ASK_EVERY_MS,
        takeNews,
        {
          faultOf: storeFaultOf,
          onFault: (fault) => {
            if (fault === null) log.info({ event: 'authority.well-again' })
            else log.warn({ event: 'authority.fails', fault: fault.code, detail: fault.message })
          },
        },
        signal,
      ),
  }
}

/** Of whom certificates were given or taken back. */
function unitsIn(events: readonly OfficeEvent[]): string[] {
  const kinds: OfficeEvent['kind'][] = ['enrolled', 'renewed', 'revoked']
  return [...new Set(events.flatMap(({ kind, unit }) => (kinds.includes(kind) && unit !== null ? [unit] : [])))]
}

function rowOf({ serial, unit, site, key, reason, ...times }: UnitCertificate): UnitCertificateTable {
  return {
    ...{ serial, unit, site, reason, key: key as KeyId }, // the answer's schema has its pattern
    issuedAt: Date.parse(times.issuedAt),
    startsAt: Date.parse(times.startsAt),
    endsAt: Date.parse(times.endsAt),
    revokedAt: times.revokedAt === null ? null : Date.parse(times.revokedAt),
  }
}
