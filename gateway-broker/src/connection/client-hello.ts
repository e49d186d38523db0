import type { Socket } from 'node:net'
import { CLIENT_HELLO_MAX_BYTES } from '../limits.ts'

export type HelloRefusal = 'not-tls' | 'hello-too-long'

/** RFC 8446 §5.1 and §4: a record's header, then the handshake message's type and length. */
const RECORD_HEADER_BYTES = 5
const HEAD_BYTES = RECORD_HEADER_BYTES + 4
const HANDSHAKE_RECORD = 22
const CLIENT_HELLO = 1

/**
 * Waits until the hello of a TLS client has come and tells whether it was within bounds; what was read is put back. OpenSSL
 * sets aside the whole announced length of a hello, up to 131 kB, before it has seen more than nine bytes, and TLS takes
 * 50 kB for a socket: both only for those who have said something whole.
 */
export function awaitClientHello(socket: Socket, judged: (refusal: HelloRefusal | undefined) => void): void {
  let wanted = HEAD_BYTES
  const look = () => {
    const bytes: Buffer | null = socket.read(wanted)
    if (bytes === null) return
    const refusal = bytes.length < wanted ? 'not-tls' : refuseHello(bytes) // `read` gives less at the end of all
    if (refusal === undefined) {
      socket.unshift(bytes)
      wanted = recordBytes(bytes)
      if (bytes.length < wanted && socket.readableLength < wanted) return
    }
    socket.off('readable', look)
    judged(refusal)
  }
  socket.on('readable', look)
  look()
}

function refuseHello(head: Buffer): HelloRefusal | undefined {
  const isHello = head[0] === HANDSHAKE_RECORD && head[RECORD_HEADER_BYTES] === CLIENT_HELLO
  if (!isHello) return 'not-tls'
  return head.readUIntBE(RECORD_HEADER_BYTES + 1, 3) > CLIENT_HELLO_MAX_BYTES ? 'hello-too-long' : undefined
}

/** The first record, which holds the hello or, when it is cut into several, its beginning. */
function recordBytes(head: Buffer): number {
  return Math.min(RECORD_HEADER_BYTES + head.readUInt16BE(RECORD_HEADER_BYTES - 2), HEAD_BYTES + CLIENT_HELLO_MAX_BYTES)
}
