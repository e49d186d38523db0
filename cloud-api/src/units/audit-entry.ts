import { isSiteId } from '@vigie/contract/ids'
import type { OfficeEvent } from '@vigie/contract/office'
import type { AuditEntry } from '../store/audit.ts'

const ACTIONS: Record<OfficeEvent['kind'], string> = {
  'claim-made': 'claim.made',
  'claim-bound': 'claim.bound',
  'claim-withdrawn': 'claim.withdrawn',
  enrolled: 'unit.enrolled',
  renewed: 'unit.renewed',
  refused: 'unit.refused',
  revoked: 'unit.revoked',
  'authority-started': 'authority.started',
}

/** What stands in the trail of something that happened at the authority: who is the person who asked for it, or a box. */
export function auditEntryOf(event: OfficeEvent): AuditEntry {
  const { kind, unit, site, claim, serial, by, address, isAlarm, reason } = event
  const about = Object.entries({ claim, serial, address, isAlarm: isAlarm || null })
  return {
    at: Date.parse(event.at),
    who: by ?? unit ?? 'authority',
    action: ACTIONS[kind],
    what: unit ?? claim ?? serial ?? 'authority',
    site: site !== null && isSiteId(site) ? site : null,
    after: Object.fromEntries(about.filter(([, value]) => value !== null)),
    reason: reason ?? undefined,
  }
}
