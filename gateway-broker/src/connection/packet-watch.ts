import type { Duplex } from 'node:stream'
import { PACKET_BODY_MAX_BYTES } from '../limits.ts'

export type PacketViolation = 'packet-too-long' | 'packet-not-expected' | 'packet-length-malformed'

const CONNECT = 1
/** MQTT 3.1.1 §2.2.3: a length is at most four bytes of seven bits. */
const LENGTH_BYTES_MAX = 4

/**
 * Follows a client's bytes from fixed header to fixed header, whatever the chunks, and says the first thing that is
 * wrong: a packet longer than its type may be, a type that no client sends, anything before CONNECT.
 */
export function createPacketWatch(): (chunk: Uint8Array) => PacketViolation | undefined {
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

/**
 * Puts a watch on what is read from a socket. It wraps `read` because aedes pulls with it and has no limit of its own; a
 * stream in between would copy every frame once more and hide the socket's back-pressure.
 */
export function watchReads(socket: Duplex, refuse: (violation: PacketViolation) => void): void {
  const watch = createPacketWatch()
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size)
    const violation = chunk === null ? undefined : watch(chunk)
    if (violation === undefined) return chunk
    refuse(violation)
    return null
  }
}
