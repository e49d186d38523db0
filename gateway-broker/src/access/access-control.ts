import { TOPIC_MAX_BYTES } from '@vigie/contract/bounds'
import { maySubscribe } from '@vigie/contract/topics'
import type { AedesOptions, Client } from 'aedes'
import { nameOf } from '../connection/principal.ts'
import type { createCounters } from '../counters.ts'
import { UNIT_BACKLOG_MAX_BYTES } from '../limits.ts'
import type { Refusals } from '../refusals.ts'
import { refuseConnect } from './connect-rules.ts'
import type { Peer } from './peer.ts'
import { createPresenceOrder } from './presence-order.ts'
import { refusePublish } from './publish-rules.ts'

/** MQTT 3.1.1 §3.2.2.3. */
const IDENTIFIER_REJECTED = 2
const NOT_AUTHORIZED = 5

/** A rule was broken: counted and logged where it was judged, so whoever catches it has nothing to add. */
export class RefusedError extends Error {
  readonly code = 'refused'
}

type Hooks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'published' | 'authorizeSubscribe' | 'authorizeForward'
  >
>

export type AccessDeps = {
  peerOf: (client: Client) => Peer | undefined
  counters: ReturnType<typeof createCounters>
  refusals: Refusals
}

/** Puts the rules where aedes asks for them. What it asks about a connection that is not known is refused. */
export function createAccessControl({ peerOf, counters, refusals }: AccessDeps): Hooks {
  const order = createPresenceOrder()
  const refuse = (event: string, reason: string, peer: Peer | undefined, more: Record<string, unknown> = {}) => {
    const party = peer === undefined ? {} : { party: nameOf(peer.principal), address: peer.address }
    refusals(event, reason, { ...party, ...more })
    return new RefusedError(reason)
  }

  return {
    preConnect(client, packet, done) {
      const peer = peerOf(client)
      if (peer !== undefined) {
        peer.request = {
          clientId: packet.clientId,
          protocolVersion: packet.protocolVersion ?? 0,
          keepalive: packet.keepalive ?? 0,
          clean: packet.clean ?? false,
          ...(packet.will === undefined ? {} : { will: { topic: packet.will.topic } }),
        }
      }
      done(null, peer !== undefined)
    },

    authenticate(client, _username, _password, done) {
      const peer = peerOf(client)
      const reason = peer?.request === undefined ? 'not-connected' : refuseConnect(peer.principal, peer.request)
      if (reason === undefined) return done(null, true)
      const error = refuse('client.refused', reason, peer, { clientId: excerpt(client.id) })
      const returnCode = reason === 'client-id-not-own' ? IDENTIFIER_REJECTED : NOT_AUTHORIZED
      done(Object.assign(error, { returnCode }), false)
    },

    /** Asked for what a client publishes and, when `client.closed`, for the will that it left. */
    authorizePublish(client, packet, done) {
      const peer = client === null ? undefined : peerOf(client)
      const { topic, qos, retain } = packet
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
      const reason =
        peer === undefined
          ? 'not-connected'
          : (refusePublish(peer.principal, { topic, qos, retain, payloadBytes: payload.byteLength }) ??
            (order.isOutdated(topic, payload) ? 'presence-outdated' : undefined))
      if (reason !== undefined)
        return done(refuse('publish.refused', reason, peer, { topic: excerpt(topic), qos, retain }))
      counters.taken(payload.byteLength)
      peer?.deliveries.began(packet.payload.length)
      done()
    },

    /** Told when everybody has taken it, or was given up. */
    published({ payload }, client, done) {
      if (client !== null) peerOf(client)?.deliveries.ended(payload.length)
      done()
    },

    authorizeSubscribe(client, subscription, done) {
      const peer = peerOf(client)
      if (peer !== undefined && maySubscribe(peer.principal, subscription.topic)) {
        peer.filters.add(subscription.topic)
        return done(null, subscription)
      }
      refuse('subscribe.refused', 'filter-not-allowed', peer, { filter: excerpt(subscription.topic) })
      done(null, null) // answered with 0x80; the other filters of the packet stand
    },

    authorizeForward(client, packet) {
      const peer = peerOf(client)
      if (peer === undefined || !maySubscribe(peer.principal, packet.topic)) return null
      if (
        peer.principal.role === 'unit' &&
        client.conn.writableLength + packet.payload.length > UNIT_BACKLOG_MAX_BYTES
      ) {
        counters.dropped()
        return null
      }
      return packet
    },
  }
}

/** Text from the wire goes to the log bounded. */
const excerpt = (text: string) => text.slice(0, TOPIC_MAX_BYTES)
