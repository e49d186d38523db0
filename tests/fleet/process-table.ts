import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second in /proc: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100

/** One process as Linux counts it. */
export type ProcessUsage = {
  pid: number
  parent: number
  /** Changes when the system gives the pid to another process. */
  startedAt: number
  /** Resident memory; pages that several processes share count in each. */
  rssBytes: number
  /** Resident memory with shared pages divided among those who share them: what sums up rightly. */
  pssBytes: number
  /** Processor time since its start. */
  cpuS: number
}

/** Reads one process; undefined when there is none, or this is not Linux. */
export function readProcess(pid: number): ProcessUsage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold anything: fields are counted after its end. See proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const field = (number: number) => Number(fields[number - 3])
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return {
      pid,
      parent: field(4),
      startedAt: field(22),
      rssBytes: kibibytes(memory, 'Rss'),
      pssBytes: kibibytes(memory, 'Pss'),
      cpuS: (field(14) + field(15)) / TICKS_A_SECOND,
    }
  } catch {
    return undefined // it ended, or is another user's
  }
}

/** A process and everything below it. */
export function readProcessTree(root: number): ProcessUsage[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((found) => found !== undefined)
  const below = (parent: number): ProcessUsage[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)])
  return [...all.filter(({ pid }) => pid === root), ...below(root)]
}

function kibibytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024
}
