import { buildTopic, type Principal } from '@vigie/contract/topics'
import { CLOUD } from '../connection/principal.ts'
import { KEEPALIVE_MAX_S } from '../limits.ts'

/** What of a CONNECT packet matters here. */
export type ConnectRequest = {
  clientId: string
  protocolVersion: number
  /** Seconds. */
  keepalive: number
  clean: boolean
  will?: { topic: string }
}

export type ConnectRefusal =
  | 'client-id-not-own'
  | 'protocol-not-3.1.1'
  | 'session-not-clean'
  | 'keepalive-not-allowed'
  | 'will-not-own-presence'

/**
 * Judges a CONNECT. The client id is bound to the party, because a second connection with the same id takes over from the
 * first: nobody may throw another out. Sessions are clean, because the broker keeps nothing for who is away.
 */
export function refuseConnect(principal: Principal, request: ConnectRequest): ConnectRefusal | undefined {
  const { clientId, will } = request
  const isOwn = principal.role === 'cloud' ? clientId.startsWith(CLOUD) : clientId === principal.unit
  if (!isOwn) return 'client-id-not-own'
  if (request.protocolVersion !== 4) return 'protocol-not-3.1.1'
  if (!request.clean) return 'session-not-clean'
  if (request.keepalive === 0 || request.keepalive > KEEPALIVE_MAX_S) return 'keepalive-not-allowed'
  // The rest of a will is judged when it is published.
  if (will !== undefined && !isOwnPresence(principal, will.topic)) return 'will-not-own-presence'
  return undefined
}

function isOwnPresence(principal: Principal, topic: string): boolean {
  if (principal.role === 'cloud') return false
  return topic === buildTopic({ site: principal.site, unit: principal.unit, what: 'presence' })
}
