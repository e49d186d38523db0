import type { Row } from './row.ts'

/**
 * The one order in which rows of several origins are read, so that every side that holds the same rows says the same of
 * them: by their time, then by origin, then by number. A wrong clock changes who was first, and is marked on the row.
 */
export function compareRows(a: Row, b: Row): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1
  if (a.origin !== b.origin) return a.origin < b.origin ? -1 : 1
  return a.seq - b.seq
}

/** Every row once, in order, whichever way it came. */
export function inOrder(...sets: (readonly Row[])[]): Row[] {
  const byId = new Map<string, Row>()
  for (const set of sets) for (const row of set) if (!byId.has(row.id)) byId.set(row.id, row)
  return [...byId.values()].sort(compareRows)
}
