import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startFleet } from '../../fleet/fleet.ts'

/**
 * The most resident memory that a process with one agent was seen to hold, in bytes, looked at each second.
 * @param pace 60: a picture each second; 1 / 60: one an hour, so that none is taken while we look
 */
export async function agentMemoryBytes(pace: number, seconds: number): Promise<number> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-bench-'))
  const fleet = await startFleet({ dataFolder, ports: 'free', sites: 1, pace })
  try {
    let most = 0
    for (let second = 0; second < seconds; second += 1) {
      await pause(1_000)
      const agent = fleet.memory().processes.find(({ name }) => name === 'agents-1')
      most = Math.max(most, agent?.rssBytes ?? 0)
    }
    return most
  } finally {
    await fleet.stop()
    rmSync(dataFolder, { recursive: true, force: true })
  }
}
