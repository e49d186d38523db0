import type { PlannedSites } from '../../api/schemas.ts'

const KEY = 'vigie-pose-sites'

/** The sites as they were last told: a pole without signal has them too. Sites are public; nothing secret is kept. */
export function readKeptSites(storage: Pick<Storage, 'getItem'>): PlannedSites | null {
  try {
    return JSON.parse(storage.getItem(KEY) ?? 'null') as PlannedSites | null // written below
  } catch {
    return null
  }
}

export function keepSites(storage: Pick<Storage, 'setItem'>, sites: PlannedSites): void {
  try {
    storage.setItem(KEY, JSON.stringify(sites))
  } catch {
    // No room: they are asked for again.
  }
}
