import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import { laneProfileProblems } from '@vigie/config-schema/configuration/lane-problems'
import type { BoardProfile, ReaderProfile } from '@vigie/config-schema/lane-profiles'
import type { FaultCode } from '../faults.ts'

export type LaneProfiles = { readers: ReadonlyMap<string, ReaderProfile>; boards: ReadonlyMap<string, BoardProfile> }

const REASONS = {
  'profile-unknown': 'profile-unknown',
  'board-deaf': 'board-deaf',
  'contact-absent': 'lane-wrong',
  'port-missing': 'lane-wrong',
} as const satisfies Record<string, FaultCode>

/** Why this box cannot work these lanes; null: it can. `about`: the place in the documents. */
export function laneRefusal(
  lanes: readonly LaneFacts[],
  profiles: LaneProfiles,
): { reason: FaultCode; about: string } | null {
  const [problem] = laneProfileProblems(lanes, profiles)
  return problem === undefined ? null : { reason: REASONS[problem.is], about: `${problem.place}: ${problem.message}` }
}
