import type { LiveCause } from '../store/tables.ts'
import type { Position } from './positions.ts'

/**
 * What matters most first. Who hears of presence or a state reads more than the event brings; who hears of freshness has
 * a view to judge anew, whatever picture came with it.
 */
const BY_WEIGHT: readonly LiveCause[] = ['presence', 'state', 'freshness', 'frame', 'unchanged']

/** Why a webcam is spoken of to a client that knows of it up to `seq`, when several things happened to it since. */
export function weightiestCause({ byCause }: Pick<Position, 'byCause'>, seq: number): LiveCause {
  const cause = BY_WEIGHT.find((one) => (byCause.get(one) ?? 0) > seq)
  if (cause === undefined) throw new Error(`nothing happened after ${seq}`)
  return cause
}
