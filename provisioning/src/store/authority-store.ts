import { createCertificateTable } from './certificate-table.ts'
import { createClaimTable } from './claim-table.ts'
import { openDatabase } from './database.ts'
import { createEventTable } from './event-table.ts'

/** Events and unused claims are kept for 400 days: longer than a year's audit, shorter than a law would ask why. */
const KEPT_MS = 400 * 86_400_000

/** All that the authority must not forget, in one file of its own. */
export type AuthorityStore = ReturnType<typeof openAuthorityStore>

export function openAuthorityStore(file: string) {
  const database = openDatabase(file)
  const claims = createClaimTable(database)
  const certificates = createCertificateTable(database)
  const events = createEventTable(database)
  return {
    claims,
    certificates,
    events,
    /** All of it is stored, or nothing is. The work is done at once: it waits for nothing. */
    atOnce: <Result>(work: () => Result): Result => database.transaction(work).immediate(),
    forgetOld(now: number): void {
      claims.forgetExpiredBefore(now - KEPT_MS)
      events.forgetBefore(now - KEPT_MS)
    },
    close: () => void database.close(),
  }
}
