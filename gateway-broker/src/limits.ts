import { GATE_JWS_MAX_BYTES, JSON_MESSAGE_MAX_BYTES, PAYLOAD_MAX_BYTES, TOPIC_MAX_BYTES } from '@vigie/contract/bounds'

/**
 * Every limit of the broker with its reason and what happens beyond it. The fleet is 41 units today; the numbers leave
 * room for ten times that, and what counts connections for 2,000.
 */

/** So many at once, and so many a second after that. */
export type Rate = { burst: number; perS: number }

/**
 * TCP connections at once: 2,000 units, some of their half-open predecessors, cloud-api instances. Beyond: whoever has been longest
 * without finishing TLS gives its place to the new one, so that silent connections keep nobody out; when all have finished,
 * the new one is closed.
 */
export const CONNECTIONS_MAX = 2_560

/** A unit needs one connection, and a second while it replaces a half-open one. Beyond: the new one is closed. */
export const CONNECTIONS_OF_A_UNIT_MAX = 4

/** Instances of cloud-api, each while it replaces its own. Beyond: the new one is closed. */
export const CONNECTIONS_OF_THE_CLOUD_MAX = 32

/**
 * Connection attempts from one address, or from one IPv6 network. A mobile operator may put all units behind one address,
 * so 2,000 may come at once, and once more. After that 20 a second: at 2 to 3 ms of processor for a handshake, one address
 * takes at most a twentieth of a core. Beyond: closed before TLS; who comes again later is let in.
 */
export const ATTEMPTS_OF_AN_ADDRESS: Rate = { burst: 4_096, perS: 20 }

/** Addresses and parties whose attempts are remembered: 0.4 MB. Beyond: whoever tried longest ago is forgotten. */
export const ATTEMPTS_KEPT_MAX = 4_096

/**
 * Connections that a party makes. A unit's back-off doubles from one second, so on the worst of links it makes some ten a
 * minute; one that restarts in a loop makes one a second. Beyond: closed when TLS has told who it is; it tries again.
 */
export const ATTEMPTS_OF_A_UNIT: Rate = { burst: 60, perS: 1 }
export const ATTEMPTS_OF_THE_CLOUD: Rate = { burst: 64, perS: 4 }

/**
 * Handshakes that begin in any case, however busy the broker is. Each costs 2 to 3 ms of processor, for an ECDSA signature
 * and the check of a chain: half a core, and 410 units that come back together are all in after 2 s. Beyond: one begins in
 * each turn of the event loop, so that newcomers get all that those leave who are inside; the others wait their turn.
 */
export const HANDSHAKES: Rate = { burst: 4, perS: 200 }

/**
 * The hello of a TLS client is 0.3 to 3 kB: a key share of ML-KEM and a session ticket with a certificate in it are the
 * longest parts. OpenSSL would set aside 131 kB for one that is only announced. Beyond: closed.
 */
export const CLIENT_HELLO_MAX_BYTES = 8 * 1024

/** For the hello, and once more for the rest of TLS. Over a bad 4G link it takes 2 to 3 s in all. Beyond: closed. */
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000

/**
 * For so long a unit may come back by the ticket of an earlier handshake, which spares its SIM 3 kB. A certificate that
 * ended, or an authority that changed, is noticed by the next whole handshake at the latest; a restart ends all tickets.
 */
export const TLS_TICKETS_FOR_S = 86_400

/**
 * How often the revocation list and the TLS files are looked at: a stolen unit is out 10 s and one answer after the
 * authority signed its list, well within the minute that is promised. 8,640 answers a day of 200 bytes each.
 */
export const TRUST_LOOK_EVERY_MS = 10_000

/** 40 bytes for each certificate: a list of 25,000. Beyond: not read, and the last list stays in force. */
export const REVOCATION_LIST_MAX_BYTES = 1024 * 1024

/** The list of a fleet of 2,000 that was revoked whole is 80 kB. Beyond: given up, and asked again at the next look. */
export const REVOCATION_ANSWER_WITHIN_MS = 8_000

/** CONNECT follows the handshake at once. Beyond: closed. */
export const CONNECT_TIMEOUT_MS = 10_000

/** With no sign of life for 1.5 times this a unit is declared lost. 0 would mean never, so it is refused too. */
export const KEEPALIVE_MAX_S = 600

/**
 * What is read from a unit, on all its connections together. An LTE modem of category 4 sends 50 Mbit/s at most, 6.25 MB/s: a unit on a SIM never notices.
 * The burst is 270 frames of 120 kB. Beyond: the unit is read more slowly, so it sends more slowly; nothing is lost.
 */
export const UNIT_BYTES: Rate = { burst: 32 * 1024 * 1024, perS: 8 * 1024 * 1024 }

/**
 * Packets read from a unit, of any type. It says a dozen things a minute; after a month without network it has some ten
 * thousand small records to send. A unit gone mad would send fifty thousand a second and leave nothing of the broker for
 * the others. Beyond: read more slowly.
 */
export const UNIT_PACKETS: Rate = { burst: 5_000, perS: 500 }

/**
 * How long a subscriber may leave its socket full before it is closed. Until then those who publish to it wait: cloud-api
 * that is busy for a moment slows the units down and loses nothing. Longer than cloud-api waits for room (10 s), so that a
 * slow store does not cost its connection; shorter than a unit's keepalive (240 s), whose pings are not read while it waits.
 */
export const DRAIN_TIMEOUT_MS = 20_000

/**
 * How long one instance of cloud-api may take nothing at all while another one reads: that one stores what the units say,
 * and they need not wait for the first. Beyond: closed; it comes back when it can.
 */
export const STALLED_BESIDE_ANOTHER_MS = 3_000
export const STALLED_LOOK_EVERY_MS = 500

/**
 * What a client has said and somebody has not taken yet. Two frames under way keep the network busy. Beyond: it is not read
 * until room is there again, so with 410 units and a cloud that does not read, some 150 MB are held and no more.
 */
export const IN_DELIVERY_MAX_BYTES = 256 * 1024

/** What aedes keeps of a message in delivery beside its payload, about. */
export const MESSAGE_IN_DELIVERY_BYTES = 2 * 1024

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
/** The cloud leaves one longer thing for each unit of a museum: the signed catalogue of its gates. Beyond: as above. */
export const RETAINED_OF_THE_CLOUD_MAX_BYTES = GATE_JWS_MAX_BYTES

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

/** Refusals that are logged: 250 bytes each, at most 110 MB a day. Beyond: counted only. */
export const REFUSALS_LOGGED: Rate = { burst: 200, perS: 5 }

/** How often the counters are logged. */
export const COUNTERS_INTERVAL_MS = 60_000

/** Limits that a test may set otherwise, because it cannot wait so long or come so often. */
export const ADJUSTABLE = {
  drainTimeoutMs: DRAIN_TIMEOUT_MS,
  handshakeTimeoutMs: TLS_HANDSHAKE_TIMEOUT_MS,
  connectTimeoutMs: CONNECT_TIMEOUT_MS,
  connectionsMax: CONNECTIONS_MAX,
  addressAttempts: ATTEMPTS_OF_AN_ADDRESS,
  unitBytes: UNIT_BYTES,
  unitPackets: UNIT_PACKETS,
}
export type AdjustableLimits = typeof ADJUSTABLE
