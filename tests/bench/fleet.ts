import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { type ProcessUsage, readProcess } from '../fleet/process-table.ts'
import { megabytes, printReport, type Row } from './measure/figures.ts'

/*
 * What the whole simulated fleet takes of one machine while every site takes its picture a minute: memory at the end,
 * processor time over the measured minutes. The floor is a Node process that does nothing, once for each of ours.
 */
const SITES = Number(process.argv[2] ?? 41)
const MINUTES = Number(process.argv[3] ?? 3)
const LIVE_WITHIN_MS = 15 * 60_000

const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
const startedMs = performance.now()
const fleet = await startFleet({ dataFolder, ports: 'free', sites: SITES, pace: 1, note: console.log })
try {
  await fleet.live(() => {}, AbortSignal.timeout(LIVE_WITHIN_MS))
  const liveAfterS = (performance.now() - startedMs) / 1000
  const before = fleet.memory()
  await pause(MINUTES * 60_000)
  const after = fleet.memory()
  const idle = await idleProcess()
  const rows = after.processes.map((one) => row(one, cpuS(before, one.pid)))
  printReport(
    `fleet: ${SITES} sites at one picture a minute each, over ${MINUTES} minutes`,
    [
      ...rows,
      {
        label: 'all',
        figures: { resident: megabytes(after.rssBytes), share: megabytes(after.pssBytes), 'core %': sumOfCores(rows) },
      },
      {
        label: 'floor: idle Node, as many',
        figures: {
          resident: megabytes(idle.rssBytes * after.processes.length),
          share: megabytes(idle.pssBytes * after.processes.length),
        },
      },
    ],
    [
      `All sites were live ${liveAfterS.toFixed(0)} s after the start. Bound: 1.5 GB resident in all. "share" divides pages that several processes use.`,
    ],
  )
} finally {
  await fleet.stop()
  rmSync(dataFolder, { recursive: true, force: true })
}

function row(one: ProcessUsage & { name: string }, cpuBeforeS: number): Row {
  return {
    label: one.name,
    figures: {
      resident: megabytes(one.rssBytes),
      share: megabytes(one.pssBytes),
      'core %': ((one.cpuS - cpuBeforeS) / (MINUTES * 60)) * 100,
    },
  }
}

function cpuS(report: ReturnType<Fleet['memory']>, pid: number): number {
  return report.processes.find((one) => one.pid === pid)?.cpuS ?? 0
}

function sumOfCores(rows: Row[]): number {
  return rows.reduce((sum, { figures }) => sum + Number(figures['core %']), 0)
}

async function idleProcess(): Promise<ProcessUsage> {
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const usage = readProcess(child.pid ?? 0)
  const ended = once(child, 'exit')
  child.kill()
  await ended
  if (usage === undefined) throw new Error('this benchmark reads /proc: it needs Linux')
  return usage
}
