import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const HOST = '127.0.0.1'
const ASK_AGAIN_MS = 100

/** Whether nobody on this machine listens on a port of the loopback interface. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, HOST, () => server.close(() => resolve(true)))
  })
}

/** The first of so many consecutive free ports. They are only looked for, not held: another process may be faster. */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = await anyFreePort()
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map((port) => (port > 65_535 ? false : isPortFree(port))))
    if (free.every(Boolean)) return first
  }
  throw new Error(`no ${count} consecutive free ports`)
}

/** Waits until somebody listens on a port; rejects with the signal's reason when that comes first. */
export async function waitForPort(port: number, signal: AbortSignal): Promise<void> {
  while (!(await isListening(port))) await pause(ASK_AGAIN_MS, undefined, { signal })
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
    socket.once('connect', () => socket.destroy().once('close', () => resolve(true)))
    socket.once('error', () => resolve(false))
  })
}

function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, HOST, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
