import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { DevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { startMosquitto, startVigieBroker } from '../../conformance/broker-processes.ts'
import { type ProcessUsage, readProcess } from '../../fleet/process-table.ts'

/** A broker under measurement, a process of its own. */
export type MeasuredBroker = { port: number; pid: number; stop(): Promise<unknown> }

/** Ours, and those that it is compared with: all over TLS with the same certificates. */
export const BROKERS: Readonly<Record<string, (authority: DevelopmentAuthority) => Promise<MeasuredBroker>>> = {
  'gateway-broker': (authority) => startVigieBroker(authority),
  // Client ids as they come, so that the cloud may have two connections, as with the others.
  'Mosquitto 2': (authority) => startMosquitto(authority, undefined, []),
  'bare aedes': (authority) => startBare('bare-aedes-main.js', authority),
}

/** A TLS server of Node that does nothing: the floor of what a connection costs. */
export const startBareTls = (authority: DevelopmentAuthority): Promise<MeasuredBroker> =>
  startBare('bare-tls-main.js', authority)

async function startBare(name: string, { caFile, broker }: DevelopmentAuthority): Promise<MeasuredBroker> {
  const main = new URL(`./${name}`, import.meta.url).pathname
  const child = spawn(process.execPath, [main, caFile, broker.certificateFile, broker.keyFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const exited = once(child, 'exit')
  const stop = () => {
    child.kill()
    return exited
  }
  return { port: JSON.parse(line).port, pid: child.pid ?? 0, stop }
}

export function usageOf({ pid }: MeasuredBroker): ProcessUsage {
  const usage = readProcess(pid)
  if (usage === undefined) throw new Error('the broker is gone, or this is not Linux')
  return usage
}

/** Looks again and again at what a broker holds, until it is told to stop; gives the most that was seen, in bytes. */
export function watchMemory(broker: MeasuredBroker): () => number {
  let most = usageOf(broker).rssBytes
  const timer = setInterval(() => {
    most = Math.max(most, readProcess(broker.pid)?.rssBytes ?? 0)
  }, 25)
  return () => {
    clearInterval(timer)
    return Math.max(most, readProcess(broker.pid)?.rssBytes ?? 0)
  }
}
