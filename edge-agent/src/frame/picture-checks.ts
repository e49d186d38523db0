import type { Time } from '../time.ts'
import type { CheckLimits } from './check-limits.ts'
import { afterVerdicts, CALM, doubtsOf, isSettled, suspectedOf, withheldFor } from './check-state.ts'
import { createProbeComparison } from './compare-probes.ts'
import type { DetailScore } from './detail-score.ts'
import { afterPicture, type FrozenState, isFrozen, type Light } from './frozen-watch.ts'
import type { LearntViewFile } from './learnt-view.ts'
import { lightScore } from './light-score.ts'
import { type CheckCode, type Doubt, judgePicture, type Withholding } from './picture-verdicts.ts'
import type { Probe } from './probe-picture.ts'
import { edgesOf, type ViewEdges } from './view-edges.ts'
import { emptyReference, learnView, matchView } from './view-reference.ts'
import { type UnwatchedParts, watchedPixels } from './watched-pixels.ts'

/** What is to become of a picture. */
export type Judgement = {
  doubts: Doubt[]
  /** Not to be published, and why. */
  withheld: Withholding | null
  /** Not to be published either, though it may be a chance: the next pictures tell. */
  suspected: Withholding | null
}

/** Whether the pictures of one view can be believed. */
export type PictureChecks = {
  /** Takes note of a picture that has come; true when the camera repeats itself. */
  repeats(probe: Probe): boolean
  /** Whether a picture that looks like the last frame needs no closer look. */
  isSettled(doubts: readonly Doubt[]): boolean
  /** Judges a picture that has changed. */
  judge(probe: Probe, detail: DetailScore): Judgement
}

export type PictureChecksDeps = {
  time: Pick<Time, 'monotonicMs'>
  /** Degrees over the horizon, now; null when the clock is not known. */
  sunHeightDeg: () => number | null
  learnt: LearntViewFile
}

/** Before so many pictures were learnt from, a view is not judged to have moved. */
const LEARNT_MIN = 6
const LEARN_FIRST_EVERY_MS = 10 * 60_000
const LEARN_EVERY_MS = 60 * 60_000
/** Of a picture's 8,000 pixels at half the probe's size. Fewer edges say nothing of where a camera looks. */
const EDGES_MIN = 150
/** The mean brightness, of 255, under which a camera may switch to the way it sees at night. */
const DARK_MEAN = 50
/** Learnt by good light: low sun draws shadows that are gone an hour later. */
const LEARN_SUN_DEG = 8

export function createPictureChecks(
  { limits, unwatched }: { limits: CheckLimits; unwatched: UnwatchedParts },
  { time, sunHeightDeg, learnt: file }: PictureChecksDeps,
): PictureChecks {
  const compare = createProbeComparison(unwatched)
  const stored = file.read()
  let { reference } = stored
  let frozen: FrozenState = { alike: 0, seen: stored.seen }
  let state = CALM
  let previous: Probe | null = null
  let learntAtMs = -Infinity
  let known: { widthPx: number; heightPx: number; watched: Uint8Array } | null = null

  function watchedOf({ widthPx, heightPx }: Probe): Uint8Array {
    if (known?.widthPx !== widthPx || known.heightPx !== heightPx) {
      known = { widthPx, heightPx, watched: watchedPixels(unwatched, { widthPx, heightPx }) }
    }
    return known.watched
  }

  /** Learns from a picture with nothing wrong about it, often at first, then once an hour for what the seasons change. */
  function learn(edges: ViewEdges): void {
    const nowMs = time.monotonicMs()
    const isNew = reference === null || reference.learnt < LEARNT_MIN
    if (nowMs - learntAtMs < (isNew ? LEARN_FIRST_EVERY_MS : LEARN_EVERY_MS)) return
    learntAtMs = nowMs
    reference = learnView(reference ?? emptyReference(edges), edges)
    file.write({ reference, seen: frozen.seen })
  }

  return {
    repeats(probe) {
      const light: Light = lightScore(probe, watchedOf(probe)).mean < DARK_MEAN ? 'dark' : 'light'
      const isAlike = previous !== null && compare(previous, probe) === 'identical'
      previous = probe
      frozen = afterPicture(frozen, { isAlike, light }, limits.frozenAfter)
      return isFrozen(frozen, light, limits.frozenAfter)
    },

    isSettled: (doubts) => isSettled(state) && doubtsOf(state).join() === doubts.join(),

    judge(probe, detail) {
      const watched = watchedOf(probe)
      const sunHeight = sunHeightDeg()
      const edges = edgesOf(probe, watched)
      const isOfSize = reference?.widthPx === edges.widthPx && reference.heightPx === edges.heightPx
      const isKnown = reference !== null && reference.learnt >= LEARNT_MIN
      const match = reference && isKnown && isOfSize && edges.count >= EDGES_MIN ? matchView(reference, edges) : null
      const verdicts = judgePicture(
        { light: lightScore(probe, watched), detail, match, sunHeightDeg: sunHeight },
        limits,
      )
      // Masks are drawn in shares of the picture: in one of other proportions they hide something else.
      if (isKnown && !isOfSize) verdicts['view-moved'] = true
      state = afterVerdicts(state, verdicts)
      const isGood = (Object.keys(verdicts) as CheckCode[]).every((code) => verdicts[code] !== true) // its keys are the codes
      const isSure = !isKnown || verdicts['view-moved'] === false
      const isLit = sunHeight !== null && sunHeight > LEARN_SUN_DEG
      if (isGood && isSure && isLit && isSettled(state) && edges.count >= EDGES_MIN) learn(edges)
      return { doubts: doubtsOf(state), withheld: withheldFor(state), suspected: suspectedOf(state) }
    },
  }
}
