import type { FaultCode } from '../faults.ts'
import { faultCodeOf } from '../faults.ts'
import type { FrameCapture, View } from '../frame/capture-frame.ts'
import type { Time } from '../time.ts'
import type { Doorbell } from '../uplink/doorbell.ts'
import type { AskedFrames } from './asked-frames.ts'
import { dueTimes } from './due-times.ts'
import { planOnTour } from './tour.ts'

/** A view, with what takes one picture of it. */
export type ScheduledView = { view: View; capture: FrameCapture }

/** Frames out of turn, and what wakes the loop for them and for a plan that has changed. */
export type OutOfTurn = { asked: AskedFrames<ScheduledView>; bell: Doorbell }

export type CameraLoopEvents = {
  onCaptured(view: View, captured: Awaited<ReturnType<FrameCapture>>): Promise<void>
  onFault(view: View, fault: FaultCode, error: unknown): Promise<void>
  onSkipped(view: View, skipped: number): void
}

/** What a frame's header can say of the time to the next (contract/seen-view.ts). */
const INTERVAL_MAX_S = 3600

/** The views of a camera in the order of its tour, and how often. */
export type CameraPlan = { views: readonly ScheduledView[]; intervalMs: () => number; dwellS?: number | undefined }

/** The loop of one camera: its views, each at its planned times, never two at once. Returns when aborted. */
export async function runCameraLoop(
  { views, intervalMs, dwellS }: CameraPlan,
  { time, outOfTurn: { asked, bell }, ...events }: { time: Time; outOfTurn: OutOfTurn } & CameraLoopEvents,
  signal: AbortSignal,
): Promise<void> {
  const planned = views.map((thing, place) => {
    const { site, camera } = thing.view
    const onTour = { place, of: views.length, ...(dwellS !== undefined && { dwellS }) }
    return { thing, plan: () => planOnTour(`${site}/${camera}`, onTour, intervalMs()) }
  })
  const options = { wait: bell.heard, takeAsked: asked.takeNext }
  for await (const { thing, skipped, nextInMs } of dueTimes(planned, time, signal, options)) {
    if (skipped > 0) events.onSkipped(thing.view, skipped)
    try {
      const intervalS = Math.min(INTERVAL_MAX_S, Math.max(1, Math.round(nextInMs / 1000)))
      await events.onCaptured(thing.view, await thing.capture(signal, intervalS))
      asked.tried(null)
    } catch (error) {
      if (signal.aborted) return
      const fault = faultCodeOf(error)
      // What is no fault of the table is a bug: the agent stops, and starts again with its outbox as it was.
      if (fault === null) throw error
      await events.onFault(thing.view, fault, error)
      asked.tried(fault)
    }
  }
}
