import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FleetPlaces } from './places.ts'

/** The cloud answers a moment before it has looked whether anybody has an account. */
const LOOKS = 20
const LOOK_EACH_MS = 100

/** The link that the cloud has left for the first administrator; null when somebody has an account. */
export async function readFirstAdministrator({ cloud }: FleetPlaces): Promise<string | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    try {
      return (await readFile(join(cloud, 'first-administrator.txt'), 'utf8')).trim()
    } catch {
      await pause(LOOK_EACH_MS)
    }
  }
  return null
}
