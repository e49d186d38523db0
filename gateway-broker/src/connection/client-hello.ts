import type { Socket } from 'node:net'
import { CLIENT_HELLO_MAX_BYTES } from '../limits.ts'

export type HelloRefusal = 'not-tls' | 'hello-too-long'

/** RFC 8446 §5.1 and §4: a record's header, then the handshake message's type and length. */
const RECORD_HEADER_BYTES = 5
const HEAD_BYTES = RECORD_HEADER_BYTES + 4
const HANDSHAKE_RECORD = 22
const CLIENT_HELLO = 1

/**
 * Waits until a peer has begun to say hello in TLS and tells whether it does so within bounds; what was read is put back.
 * OpenSSL sets aside the whole announced length of a hello, up to 131 kB, before it has seen more than nine bytes.
 */
export function awaitClientHello(socket: Socket, judged: (refusal: HelloRefusal | undefined) => void): void {
  const look = () => {
    const head: Buffer | null = socket.read(HEAD_BYTES)
    if (head === null) return
    socket.off('readable', look)
    // At the end of what was sent, `read` gives less than it was asked for.
    if (head.length < HEAD_BYTES) return judged('not-tls')
    socket.unshift(head)
    judged(refuseHello(head))
  }
  socket.on('readable', look)
  look()
}

function refuseHello(head: Buffer): HelloRefusal | undefined {
  const isHello = head[0] === HANDSHAKE_RECORD && head[RECORD_HEADER_BYTES] === CLIENT_HELLO
  if (!isHello) return 'not-tls'
  return head.readUIntBE(RECORD_HEADER_BYTES + 1, 3) > CLIENT_HELLO_MAX_BYTES ? 'hello-too-long' : undefined
}
