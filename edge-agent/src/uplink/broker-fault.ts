import { AgentFault } from '../faults.ts'

/** Node's codes for a certificate of the broker that is not believed. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|HOSTNAME_MISMATCH)/
/** TLS alerts by which a broker says that ours is not believed. */
const REFUSED =
  /^ERR_SSL_\w*(ALERT_CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_BAD_CERTIFICATE|ALERT_ACCESS_DENIED|CERTIFICATE_REQUIRED)/
const UNREACHABLE = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|ETIMEDOUT)$/

/** Says in a fault of ours what mqtt.js, TLS or the network said; null stands for a connection that just closed. */
export function brokerFault(error: unknown): AgentFault {
  if (error instanceof AgentFault) return error
  if (!(error instanceof Error)) return new AgentFault('broker-silent', 'the connection closed')
  const code = 'code' in error ? error.code : undefined
  // A number is the reason of a CONNACK: 2 identifier, 4 password, 5 not authorised.
  if (typeof code === 'number') return new AgentFault('broker-refused', `CONNACK ${code}`, { cause: error })
  const name = typeof code === 'string' ? code : ''
  if (UNTRUSTED.test(name)) return new AgentFault('broker-untrusted', name, { cause: error })
  if (REFUSED.test(name)) return new AgentFault('broker-refused', name, { cause: error })
  if (UNREACHABLE.test(name)) return new AgentFault('broker-unreachable', name, { cause: error })
  return new AgentFault('broker-silent', name || error.message.slice(0, 80), { cause: error })
}
