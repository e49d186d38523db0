import type { CheckLimits } from './check-limits.ts'
import type { DetailScore } from './detail-score.ts'
import type { LightScore } from './light-score.ts'
import type { ViewMatch } from './view-reference.ts'

/** Published with a doubt: one sees less than one should, but what one sees is the road. */
export const DOUBTS = ['picture-black', 'picture-overexposed', 'picture-blurred'] as const
/** Withheld: it is no road, or masks may not fit. The first of them is the one that is told. */
export const WITHHOLDING = ['picture-not-road', 'view-moved'] as const

export type Doubt = (typeof DOUBTS)[number]
export type Withholding = (typeof WITHHOLDING)[number]
export type CheckCode = Doubt | Withholding

/** What one picture says of one check; null: nothing, as a night says nothing of the light. */
export type Verdict = boolean | null
export type Verdicts = Record<CheckCode, Verdict>

/** What is known of one picture. */
export type Evidence = {
  light: LightScore
  detail: DetailScore
  /** Null while the view's reference is still being learnt, or nothing is seen that could be matched. */
  match: ViewMatch | null
  /** Degrees over the horizon; null when the clock is not known. */
  sunHeightDeg: number | null
}

/** From here on it is day in any valley: with the sun lower a mountain's shadow makes dusk. */
const DAY_DEG = 5
/** With less to see than that (dense fog, a white wall of snow) nothing can be said of the lens. */
const STRUCTURE_MIN = 0.01
/** Less than half of a card of seven bars is flat and neither black nor white; skies and fog are flat too, but not in a few greys. */
const CARD = { structureShare: 0.002, flatShare: 0.4, loneShare: 0.8 }
/** Where a moved picture lies best it stood 3.4 to 7 deviations out; a view that lay well as it was 1.9 to 8. */
const FOUND_AGAIN = 3.3
const IN_PLACE = 1.9
/** What is left of a view beside a lorry has fewer edges, and lies somewhere by chance more easily. */
const PART_IN_PLACE = 3
/** Another view altogether lay best at 3.3 and less, and as it was at 1.1 and less. */
const LOST = 1.2

/** Judges one picture alone. Fog and night are no faults. */
export function judgePicture({ light, detail, match, sunHeightDeg }: Evidence, limits: CheckLimits): Verdicts {
  const isDay = sunHeightDeg === null ? null : sunHeightDeg > DAY_DEG
  const hasStructure = detail.structureShare >= STRUCTURE_MIN
  const { flatShare, loneShare, structureShare } = detail
  const isNotRoad = structureShare >= CARD.structureShare && flatShare >= CARD.flatShare && loneShare >= CARD.loneShare
  const verdicts: Verdicts = {
    'picture-black': isDay ? light.p95 < limits.darkP95 : null,
    'picture-overexposed': light.whiteShare >= limits.whiteShare,
    'picture-blurred': hasStructure ? detail.abruptShare < limits.abruptShare : null,
    'picture-not-road': isNotRoad,
    'view-moved': match && hasMoved(match, isDay === true, limits),
  }
  // What is no picture of the road says nothing of where the camera looks.
  return isNotRoad ? { ...verdicts, 'view-moved': null } : verdicts
}

function hasMoved({ whole, parts }: ViewMatch, isDay: boolean, limits: CheckLimits): Verdict {
  const { shift, best, here } = whole
  const isAside = Math.max(Math.abs(shift.x), Math.abs(shift.y)) >= limits.movedShare
  if (here >= 0.8 * best && here >= IN_PLACE) return false
  if (parts.some((part) => part.here >= 0.9 * part.best && part.here >= PART_IN_PLACE)) return false
  if (isAside && best >= FOUND_AGAIN && here < 0.7 * best) return true
  // Nothing lies anywhere: by day another view, by night only the night.
  return isDay && here < LOST ? true : null
}
