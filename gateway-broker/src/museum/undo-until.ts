import { type RowOf, UNDO_WITHIN_MS } from '@vigie/contract/gate/row'

/** Until when this person may take a decision back; null: it is not theirs, or let nobody in. */
export const undoUntil = ({ at, body }: RowOf<'decision'>, staff: string): string | null =>
  body.outcome === 'ok' && body.by === staff ? new Date(Date.parse(at) + UNDO_WITHIN_MS).toISOString() : null
