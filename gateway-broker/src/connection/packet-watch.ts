import type { Duplex } from 'node:stream'
import { PACKET_BODY_MAX_BYTES } from '../limits.ts'

export type PacketViolation = 'packet-too-long' | 'packet-not-expected' | 'packet-length-malformed'

const CONNECT = 1
/** MQTT 3.1.1 §2.2.3: a length is at most four bytes of seven bits. */
const LENGTH_BYTES_MAX = 4

/**
 * Follows a client's bytes from fixed header to fixed header, whatever the chunks, and says the first thing that is
 * wrong: a packet longer than its type may be, a type that no client sends, anything before CONNECT.
 * @param onPacket told of each packet that begins
 */
export function createPacketWatch(onPacket: () => void = () => {}): (chunk: Uint8Array) => PacketViolation | undefined {
  let type: number | undefined
  let length = 0
  let lengthBytes = 0
  let bodyLeft = 0
  let isFirst = true

  return (chunk) => {
    let at = 0
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const here = Math.min(bodyLeft, chunk.length - at)
        bodyLeft -= here
        at += here
        continue
      }
      const byte = chunk[at] ?? 0
      at += 1
      if (type === undefined) {
        type = byte >> 4
        if (!PACKET_BODY_MAX_BYTES.has(type) || (isFirst && type !== CONNECT)) return 'packet-not-expected'
        isFirst = false
        onPacket()
        continue
      }
      length += (byte & 0x7f) * 128 ** lengthBytes
      lengthBytes += 1
      if (length > (PACKET_BODY_MAX_BYTES.get(type) ?? 0)) return 'packet-too-long'
      if (byte >= 0x80) {
        if (lengthBytes === LENGTH_BYTES_MAX) return 'packet-length-malformed'
        continue
      }
      bodyLeft = length
      type = undefined
      length = 0
      lengthBytes = 0
    }
    return undefined
  }
}

/** How fast a socket may be read. */
export type Pace = {
  /** How long to wait before the next read, in milliseconds; 0: not at all. */
  waitMs(): number
  /** What a read gave. */
  took(bytes: number, packets: number): void
}

export type ReadRules = {
  refuse(violation: PacketViolation): void
  /** Whether anything may be read now; when that changes, whoever decides it says so by an event 'readable'. */
  mayRead(): boolean
  /** Absent: as fast as it comes. */
  pace?: Pace
  /** Told each time that a read is put off. */
  slowed?(): void
}

/**
 * Puts a watch and a pace on what is read from a socket. It wraps `read` because aedes pulls with it and has no limit of
 * its own; a stream in between would copy every frame once more and hide the socket's back-pressure. While it waits, the
 * socket's buffer fills up and the peer's network stack with it: nothing is lost and nothing is gathered.
 */
export function watchReads(socket: Duplex, { refuse, mayRead, pace, slowed }: ReadRules): void {
  let packets = 0
  let isWaiting = false
  const watch = createPacketWatch(() => {
    packets += 1
  })
  const read = socket.read.bind(socket)
  const readLater = (waitMs: number) => {
    if (isWaiting) return
    isWaiting = true
    slowed?.()
    setTimeout(() => {
      isWaiting = false
      if (!socket.destroyed) socket.emit('readable')
    }, waitMs)
  }
  socket.read = (size?: number) => {
    if (!mayRead()) return null
    const waitMs = pace?.waitMs() ?? 0
    if (waitMs > 0) {
      readLater(waitMs)
      return null
    }
    const chunk: Buffer | null = read(size)
    if (chunk === null) return null
    packets = 0
    const violation = watch(chunk)
    if (violation === undefined) {
      pace?.took(chunk.length, packets)
      return chunk
    }
    refuse(violation)
    return null
  }
}
