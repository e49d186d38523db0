import { isSiteId, isUnitId } from '@vigie/contract/ids'
import type { Principal } from '@vigie/contract/topics'

/** The common name of the cloud's certificate. No unit's id may start with it: the cloud's client ids do. */
export const CLOUD = 'cloud'

/**
 * Whom a client certificate names, once TLS has checked its chain: CN=cloud is the cloud, any other CN a unit at the
 * site that stands in OU. Undefined when it names nobody: an id that is none, a field that is missing or stands twice.
 */
export function principalOf(subject: { CN?: unknown; OU?: unknown } | undefined): Principal | undefined {
  const { CN: name, OU: site } = subject ?? {}
  if (name === CLOUD) return { role: 'cloud' }
  if (typeof name !== 'string' || typeof site !== 'string') return undefined
  if (name.startsWith(CLOUD) || !isUnitId(name) || !isSiteId(site)) return undefined
  return { role: 'unit', unit: name, site }
}

/** One word for logs and for counting a party's connections. */
export const nameOf = (principal: Principal): string => (principal.role === 'cloud' ? CLOUD : principal.unit)
