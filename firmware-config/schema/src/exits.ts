import type { LaneFacts } from './configuration/lane.ts'

/**
 * Whether who leaves a museum is counted; else who is inside is reckoned from how long a visit takes. A document names every
 * passage of its museum, and a lane that lets people out counts them, with a reader or without. Where none of them leads out,
 * people leave by a door that nothing counts.
 */
export const areExitsCounted = (lanes: readonly Partial<Pick<LaneFacts, 'direction'>>[]): boolean =>
  lanes.some(({ direction }) => direction === 'out' || direction === 'both')
