import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a port of this machine that is cut and mended: who is on it is cut off, and nobody comes in meanwhile. */
export async function openFlappingLink(portNow: () => number) {
  const sockets = new Set<Socket>()
  let isUp = true
  const server = createServer((near) => {
    if (!isUp) return void near.destroy()
    const far = connect({ host: '127.0.0.1', port: portNow(), noDelay: true })
    near.setNoDelay(true)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    set(up: boolean): void {
      isUp = up
      if (!up) for (const socket of sockets) socket.destroy()
    },
    close(): void {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
