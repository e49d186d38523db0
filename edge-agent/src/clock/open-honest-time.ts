import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Time } from '../time.ts'
import { RELEASED_MS } from '../version.ts'
import { createClockMemory } from './clock-memory.ts'
import { createHonestTime, type HonestTime } from './honest-time.ts'
import type { MachineBoot } from './machine-boot.ts'

/** The honest time of the unit whose data folder this is, with what it remembers of it. */
export function openHonestTime(
  dataFolder: string,
  { time, machine }: { time: Time; machine: MachineBoot },
): HonestTime {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const memory = createClockMemory(join(dataFolder, 'clock.json'))
  return createHonestTime({ time, machine, memory }, { releasedMs: RELEASED_MS })
}
