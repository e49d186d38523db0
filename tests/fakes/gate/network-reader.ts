import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** A reader behind a server of serial ports: whoever connects gets what is shown to it. */
export async function createNetworkReader({ after = '\r', port = 0 } = {}) {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
    socket.resume()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    /** As a lane document names it. */
    port: `tcp://127.0.0.1:${address.port}`,
    /** Somebody holds a code in front of it; whether anybody listens. */
    show(code: string): boolean {
      for (const socket of open) socket.write(`${code}${after}`)
      return open.size > 0
    },
    async stop(): Promise<void> {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
