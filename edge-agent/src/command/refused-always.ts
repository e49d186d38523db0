import type { Doer } from './doer.ts'

/** What a unit answers to what it has nothing to do it with. */
export const refusedAlways = (reason: 'lane-absent' | 'no-network'): Doer<unknown> => ({
  refusal: () => reason,
  run: () => ({ step: 'refused', reason }),
})
