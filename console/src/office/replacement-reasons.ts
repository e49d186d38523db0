import type { ReplacementWish } from '../api/fleet.ts'

/** Why a box is replaced, and when the old one is shut out by it. One that somebody else may hold is out at once. */
export const REPLACEMENT_REASONS = [
  { reason: 'Il est en panne', oldUnitEnds: 'when-new-runs' },
  { reason: 'On le remplace par un plus récent', oldUnitEnds: 'when-new-runs' },
  { reason: 'Il a été volé', oldUnitEnds: 'at-once' },
  { reason: 'Il a disparu', oldUnitEnds: 'at-once' },
] as const satisfies ReplacementWish[]
