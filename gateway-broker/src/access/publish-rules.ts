import { PAYLOAD_MAX_BYTES } from '@vigie/contract/bounds'
import { mayPublish, mayRetain, type Principal } from '@vigie/contract/topics'
import { QOS_MAX, RETAINED_MAX_BYTES, RETAINED_OF_THE_CLOUD_MAX_BYTES } from '../limits.ts'

/** What of a PUBLISH packet, or of a will that becomes one, matters here. */
export type PublishRequest = { topic: string; qos: number; retain: boolean; payloadBytes: number }

export type PublishRefusal =
  | 'topic-not-allowed'
  | 'qos-not-allowed'
  | 'payload-too-long'
  | 'retain-not-allowed'
  | 'retain-needs-qos-1'
  | 'retained-too-long'

/** Judges a PUBLISH by the contract's topic grammar and sizes. A refusal costs the connection. */
export function refusePublish(principal: Principal, request: PublishRequest): PublishRefusal | undefined {
  const { topic, qos, retain, payloadBytes } = request
  if (!mayPublish(principal, topic)) return 'topic-not-allowed'
  if (qos > QOS_MAX) return 'qos-not-allowed'
  if (payloadBytes > PAYLOAD_MAX_BYTES) return 'payload-too-long'
  if (retain && !mayRetain(topic)) return 'retain-not-allowed'
  // aedes 1.2.0 loses a retained QoS 0 message to live subscribers when another follows in the same packet of the network:
  // it stores the first, delivers the second meanwhile and then takes the first for a duplicate.
  if (retain && qos === 0) return 'retain-needs-qos-1'
  const retainedMax = principal.role === 'cloud' ? RETAINED_OF_THE_CLOUD_MAX_BYTES : RETAINED_MAX_BYTES
  if (retain && payloadBytes > retainedMax) return 'retained-too-long'
  return undefined
}
