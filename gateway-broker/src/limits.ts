import { JSON_MESSAGE_MAX_BYTES, PAYLOAD_MAX_BYTES, TOPIC_MAX_BYTES } from '@vigie/contract/bounds'

/**
 * Every limit of the broker with its reason and what happens beyond it. The fleet is 41 units today; the numbers leave
 * room for ten times that.
 */

/** TCP connections at once: 410 units, their half-open predecessors, cloud-api instances. Beyond: closed before TLS. */
export const CONNECTIONS_MAX = 512

/** A unit needs one connection, and a second while it replaces a half-open one. Beyond: the new one is closed. */
export const CONNECTIONS_OF_A_UNIT_MAX = 4

/** Instances of cloud-api, each while it replaces its own. Beyond: the new one is closed. */
export const CONNECTIONS_OF_THE_CLOUD_MAX = 32

/** A handshake over a bad 4G link takes 2 to 3 s. Beyond: closed, so that silent connections do not use up the places. */
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000

/** CONNECT follows the handshake at once. Beyond: closed. */
export const CONNECT_TIMEOUT_MS = 10_000

/** With no sign of life for 1.5 times this a unit is declared lost. 0 would mean never, so it is refused too. */
export const KEEPALIVE_MAX_S = 600

/**
 * How long a subscriber may leave its socket full before it is closed. Until then those who publish to it wait: cloud-api
 * that is busy for a moment slows the units down and loses nothing. Longer than cloud-api waits for room (10 s), so that a
 * slow store does not cost its connection; shorter than a unit's keepalive (60 s), whose pings are not read while it waits.
 */
export const DRAIN_TIMEOUT_MS = 20_000

/**
 * What may wait in the socket of a unit: a dozen full receipts in one burst. Beyond: not forwarded, and counted as
 * dropped; the unit sends unreceipted items again. Waiting, as for the cloud, would let one unit that does not read hold up
 * the receipts of all.
 */
export const UNIT_BACKLOG_MAX_BYTES = 128 * 1024

/** Acknowledgements for the unit's own packets count too. Beyond: what it sends is not read until it reads. */
export const UNIT_WRITE_MARK_BYTES = 2 * UNIT_BACKLOG_MAX_BYTES

/**
 * Packets that a client may send before it has its CONNACK, as MQTT allows: a unit that comes back sends its subscriptions,
 * its birth and what waits at once. aedes reads no further than one socket buffer (64 KiB) until then, which bounds the
 * memory; its own limit of 42 would cut off a unit for being quick. Beyond: closed.
 */
export const PACKETS_BEFORE_CONNACK_MAX = 1_000

/** Nothing in the grammar uses QoS 2, whose half-open handshakes are kept in memory. Refused; aedes may hold one at most. */
export const QOS_MAX = 1
export const QOS2_IN_FLIGHT_MAX = 1

/** A message kept for whoever subscribes later stays in memory as long as the broker runs. Beyond: refused, closed. */
export const RETAINED_MAX_BYTES = JSON_MESSAGE_MAX_BYTES

/**
 * The longest body of each MQTT control packet that a client may send, by packet type. A length is only announced: aedes
 * would gather up to 256 MB before it looks. Beyond, and for types that only a server sends: closed.
 */
export const PACKET_BODY_MAX_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 8 * 1024], // CONNECT: client id, and a farewell of about 250 bytes as last will
  [3, 2 + TOPIC_MAX_BYTES + 2 + PAYLOAD_MAX_BYTES], // PUBLISH
  [4, 2], // PUBACK
  [5, 2], // PUBREC
  [6, 2], // PUBREL
  [7, 2], // PUBCOMP
  [8, 8 * 1024], // SUBSCRIBE: eight filters are about 400 bytes
  [10, 8 * 1024], // UNSUBSCRIBE
  [12, 0], // PINGREQ
  [14, 0], // DISCONNECT
])

/** aedes tells itself every so often that it is alive, for clusters; nobody may read it. The longest its timer can take. */
export const HEARTBEAT_INTERVAL_MS = 536_870_911

/** How often the counters are logged. */
export const COUNTERS_INTERVAL_MS = 60_000
