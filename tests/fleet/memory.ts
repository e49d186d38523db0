import { type ProcessUsage, readProcessTree } from './process-table.ts'

/** What a whole fleet takes of its machine, by name of process. */
export type MemoryReport = {
  processes: (ProcessUsage & { name: string })[]
  rssBytes: number
  pssBytes: number
}

/** Reads the tree below a process; `names` says which pid is what, others are called by their pid. */
export function readMemory(root: number, names: ReadonlyMap<number, string>): MemoryReport {
  const processes = readProcessTree(root).map((one) => ({ ...one, name: names.get(one.pid) ?? `process ${one.pid}` }))
  const sum = (of: (one: ProcessUsage) => number) => processes.reduce((total, one) => total + of(one), 0)
  return { processes, rssBytes: sum(({ rssBytes }) => rssBytes), pssBytes: sum(({ pssBytes }) => pssBytes) }
}

/** The report as a small table: resident memory, its fair share (PSS), processor time. */
export function describeMemory({ processes, rssBytes, pssBytes }: MemoryReport): string {
  const line = (name: string, rss: number, pss: number, cpu: string) =>
    `  ${name.padEnd(14)} ${inMiB(rss)} MiB resident  ${inMiB(pss)} MiB share  ${cpu}`
  return [
    ...processes.map((one) => line(one.name, one.rssBytes, one.pssBytes, `${one.cpuS.toFixed(1)} s processor`)),
    line('all', rssBytes, pssBytes, ''),
  ].join('\n')
}

const inMiB = (bytes: number) => (bytes / 1_048_576).toFixed(0).padStart(5)
