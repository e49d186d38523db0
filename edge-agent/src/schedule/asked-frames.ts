import type { FaultCode } from '../faults.ts'

/** Frames of one camera that somebody asked for, out of turn. */
export type AskedFrames<View> = {
  /**
   * Asks for one frame of every view. Who asks while they are being taken gets the next ones.
   * @param tell told when all have been tried, with the first fault, or null
   * @returns false: too many have asked already, and `tell` is never called
   */
  ask(tell: (fault: FaultCode | null) => void): boolean
  /** The next view to take; undefined when none is asked for. */
  takeNext(): View | undefined
  /** How the view that was taken last went. Nothing happens when it was a planned one. */
  tried(fault: FaultCode | null): void
  /** Nobody will take them: tells all who asked why. */
  giveUp(fault: FaultCode): void
}

type Tell = (fault: FaultCode | null) => void

/** More people than these never wait for one camera. */
const MAX_ASKING = 16

export function createAskedFrames<View>(views: readonly View[], wake: () => void): AskedFrames<View> {
  let asking: Tell[] = []
  let round: { tells: Tell[]; left: View[]; fault: FaultCode | null; isInHand: boolean } | null = null

  return {
    ask(tell) {
      if (asking.length + (round?.tells.length ?? 0) >= MAX_ASKING) return false
      asking.push(tell)
      wake()
      return true
    },

    takeNext() {
      if (round === null && asking.length > 0) {
        round = { tells: asking, left: [...views], fault: null, isInHand: false }
        asking = []
      }
      const next = round?.left.shift()
      if (round !== null) round.isInHand = next !== undefined
      return next
    },

    tried(fault) {
      if (!round?.isInHand) return
      round.isInHand = false
      round.fault ??= fault
      if (round.left.length > 0) return
      const { tells, fault: first } = round
      round = null
      for (const tell of tells) tell(first)
    },

    giveUp(fault) {
      const tells = [...(round?.tells ?? []), ...asking]
      round = null
      asking = []
      for (const tell of tells) tell(fault)
    },
  }
}
