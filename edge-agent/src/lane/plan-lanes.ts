import type { LaneDocument, LaneFacts } from '@vigie/config-schema/configuration/lane'
import { laneProfileProblems } from '@vigie/config-schema/configuration/lane-problems'
import { areExitsCounted } from '@vigie/config-schema/exits'
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

/** What a box does at the passages of its museum. */
export type LanePlan = {
  /** Those that this box drives. */
  lanes: LaneFacts[]
  /** Where the broker of the museum gateway is; null: each box by itself. */
  gateway: string | null
  /** Whether who leaves the museum is counted; else who is inside is an estimate. */
  areExitsCounted: boolean
}

export const NO_LANES: LanePlan = { lanes: [], gateway: null, areExitsCounted: false }

/** A lane that names no box is driven by the only one that there is. */
export const lanePlanOf = ({ lanes, gateway }: Partial<LaneDocument>, unit: string): LanePlan => ({
  lanes: (lanes ?? []).filter((lane) => (lane.unit ?? unit) === unit),
  gateway: gateway?.url ?? null,
  areExitsCounted: areExitsCounted(lanes ?? []),
})
