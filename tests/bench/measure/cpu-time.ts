import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export type Cost = { wallMs: number; cpuMs: number }

/** Runs `work` once and gives its wall time and the processor time of this whole process, threads of libvips included. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage()
  const start = performance.now()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 }
}

/**
 * Runs a command to its end and gives its wall time and the processor time of its children, as the kernel counted them
 * for processes that this one has waited for. Rejects when it does not end with 0.
 */
export async function costOfCommand(command: string, args: readonly string[]): Promise<Cost> {
  const before = waitedChildrenMs()
  const start = performance.now()
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-400)
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${said}`))))
  })
  return { wallMs: performance.now() - start, cpuMs: waitedChildrenMs() - before }
}

/** cutime + cstime of /proc/self/stat, in milliseconds; the kernel counts in ticks of 10 ms. */
function waitedChildrenMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) * 10
}

/** The most memory that this process ever held at once, in bytes. */
export function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}
