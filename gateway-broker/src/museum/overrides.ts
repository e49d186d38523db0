import { inOrder } from '@vigie/contract/gate/order'
import { isRowOf, type Row, type RowOf } from '@vigie/contract/gate/row'

/** Somebody let in against the word of the gate; `isBeyond`: more than one person may on one day. */
export type Override = { row: RowOf<'decision'> & Row; isBeyond: boolean }

/**
 * The overrides among the rows of one civil day, in order. Beyond its quota is what a phone made alone, where nobody could
 * refuse it: it happened, so it is kept, and it is told.
 */
export function overridesAmong(rows: readonly Row[], perDay: number): Override[] {
  const used = new Map<string, number>()
  return inOrder(rows.filter(isOverride)).flatMap((row) => {
    if (!isRowOf(row, 'decision')) return []
    const by = row.body.forced?.by ?? ''
    used.set(by, (used.get(by) ?? 0) + 1)
    return [{ row, isBeyond: (used.get(by) ?? 0) > perDay }]
  })
}

export const isOverride = ({ body }: Row): boolean => body.kind === 'decision' && body.forced !== undefined
