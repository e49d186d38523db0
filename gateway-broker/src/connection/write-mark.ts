import type { Duplex } from 'node:stream'

/**
 * Lets a socket take up to `maxBytes` before `write` says that it is full. Node says so at 16 KiB, which two receipts sent
 * together pass although the unit reads well, and a TLS server cannot make its sockets with another mark.
 */
export function raiseWriteMark(socket: Duplex, maxBytes: number): void {
  const write = socket.write.bind(socket)
  socket.write = (...chunkAndMore: unknown[]) => {
    Reflect.apply(write, undefined, chunkAndMore)
    return socket.writableLength < maxBytes
  }
}
