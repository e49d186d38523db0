import type { ItemId } from '../ids.ts'
import { isRowOf, type Row, type RowOf } from './row.ts'

/** What a decision that was `ok` came to: of the persons granted, who went through, and who did not. */
export type Grant = {
  row: RowOf<'decision'>
  passed: number
  returned: number
  isUndone: boolean
  /** Granted, and neither used nor given back: somebody may be about to go through. */
  open: number
  /** How many persons it still stands for: used, or held for them. Never negative. */
  held: number
}

/**
 * The grants among rows that are in order. What came of each is a sum, so that it does not matter when the rows about it
 * came or what their clocks said; no sum goes beyond what was granted.
 */
export function grantsOf(rows: readonly Row[]): Grant[] {
  const passed = new Map<ItemId, number>()
  const returned = new Map<ItemId, number>()
  const undone = new Set<ItemId>()
  const add = (to: Map<ItemId, number>, decision: ItemId, persons: number) =>
    to.set(decision, (to.get(decision) ?? 0) + persons)
  for (const { body } of rows) {
    if (body.kind === 'passage' && body.decision !== null) add(passed, body.decision, 1)
    if (body.kind === 'returned') add(returned, body.decision, body.persons)
    if (body.kind === 'undo') undone.add(body.decision)
  }
  const grants: Grant[] = []
  for (const row of rows) {
    if (!isRowOf(row, 'decision') || row.body.outcome !== 'ok' || row.body.persons === 0) continue
    const granted = row.body.persons
    const through = row.lane === null ? granted : Math.min(granted, passed.get(row.id) ?? 0)
    const back = Math.min(granted - through, returned.get(row.id) ?? 0)
    const isUndone = undone.has(row.id)
    const open = isUndone ? 0 : granted - through - back
    grants.push({ row, passed: through, returned: back, isUndone, open, held: isUndone ? 0 : granted - back })
  }
  return grants
}
