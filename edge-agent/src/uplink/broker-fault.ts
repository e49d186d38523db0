import { AgentFault } from '../faults.ts'

/** Node's codes for a certificate of the other end that is not believed. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH)/
/** TLS alerts by which the other end says that ours is not believed. */
const REFUSED =
  /^ERR_SSL_\w*(ALERT_CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_BAD_CERTIFICATE|ALERT_ACCESS_DENIED|CERTIFICATE_REQUIRED)/
const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|ETIMEDOUT)$/

export type Failure = { kind: 'untrusted' | 'refused' | 'unreachable' | 'silent'; name: string }

/** What went wrong with a connection, whoever is at its other end; `name` is the code of it, or a few words. */
export function kindOfFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'silent', name: 'the connection closed' }
  const name = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (UNTRUSTED.test(name)) return { kind: 'untrusted', name }
  if (REFUSED.test(name)) return { kind: 'refused', name }
  if (UNREACHABLE.test(name)) return { kind: 'unreachable', name }
  return { kind: 'silent', name: name || error.message.slice(0, 80) }
}

const BROKER_FAULTS = {
  untrusted: 'broker-untrusted',
  refused: 'broker-refused',
  unreachable: 'broker-unreachable',
  silent: 'broker-silent',
} as const

/** Says in a fault of ours what mqtt.js, TLS or the network said; null stands for a connection that just closed. */
export function brokerFault(error: unknown): AgentFault {
  if (error instanceof AgentFault) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // A number is the reason of a CONNACK: 2 identifier, 4 password, 5 not authorised.
  if (typeof code === 'number') return new AgentFault('broker-refused', `CONNACK ${code}`, { cause: error })
  const { kind, name } = kindOfFailure(error)
  return new AgentFault(BROKER_FAULTS[kind], name, { cause: error })
}
