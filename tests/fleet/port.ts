import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
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

/** Below what Linux gives to outgoing connections (32768 and up): one of those could take a port before its owner does. */
const PORTS = { first: 10_000, last: 32_000 }

/** Two test files that run at a time look in halves of their own: what one has found it does not hold yet. */
function portsOfThisWorker(): { first: number; last: number } {
  const worker = process.env['VITEST_POOL_ID']
  if (worker === undefined) return PORTS
  const middle = (PORTS.first + PORTS.last) / 2
  return Number(worker) % 2 === 0 ? { first: PORTS.first, last: middle } : { first: middle, last: PORTS.last }
}

/** The first of so many consecutive free ports. They are only looked for, not held: another process may be faster. */
export async function findFreePorts(count: number): Promise<number> {
  const range = portsOfThisWorker()
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = randomInt(range.first, range.last - count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map((port) => isPortFree(port)))
    if (free.every(Boolean)) return first
  }
  throw new Error(`no ${count} consecutive free ports`)
}

/**
 * Waits until somebody listens on a port; rejects with the signal's reason when that comes first.
 * @param pid of a process that may be in another network namespace, where nobody here can connect
 */
export async function waitForPort(port: number, signal: AbortSignal, pid?: () => number | undefined): Promise<void> {
  const isThere = async () => (await isListening(port)) || isListeningBeside(pid?.(), port)
  while (!(await isThere())) await pause(ASK_AGAIN_MS, undefined, { signal })
}

/** Whether somebody listens on a port in the network namespace of a process. See proc(5), /proc/net/tcp. */
function isListeningBeside(pid: number | undefined, port: number): boolean {
  const [LISTEN, localPort] = ['0A', port.toString(16).toUpperCase().padStart(4, '0')]
  const sockets = (table: string) => {
    try {
      return readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n')
    } catch {
      return [] // it is not there yet, or any more
    }
  }
  return sockets('tcp').some((line) => new RegExp(`^\\s*\\d+: \\w+:${localPort} \\w+:\\w+ ${LISTEN} `).test(line))
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
    socket.once('connect', () => socket.destroy().once('close', () => resolve(true)))
    socket.once('error', () => resolve(false))
  })
}
