import type { FaultCode } from '../faults.ts'
import { faultCodeOf } from '../faults.ts'
import type { CapturedFrame, FrameCapture, View } from '../frame/capture-frame.ts'
import type { Time } from '../time.ts'
import { type DueOptions, dueTimes } from './due-times.ts'
import { phaseOf } from './next-capture.ts'

/** A view, with what takes one frame of it. */
export type ScheduledView = { view: View; capture: FrameCapture }

export type CameraLoopEvents = {
  onFrame(view: View, frame: CapturedFrame): Promise<void>
  onFault(view: View, fault: FaultCode, error: unknown): Promise<void>
  onSkipped(view: View, skipped: number): void
}

/** What a frame's header can say of the time to the next (contract/seen-view.ts). */
const INTERVAL_MAX_S = 3600

/** The loop of one camera: its views, each at its planned times, never two at once. Returns when aborted. */
export async function runCameraLoop(
  { views, intervalMs }: { views: readonly ScheduledView[]; intervalMs: () => number },
  { time, due = {}, ...events }: { time: Time; due?: DueOptions<ScheduledView> } & CameraLoopEvents,
  signal: AbortSignal,
): Promise<void> {
  const planned = views.map((thing) => {
    const { site, camera, preset } = thing.view
    const plan = () => ({ intervalMs: intervalMs(), phaseMs: phaseOf(`${site}/${camera}/${preset}`, intervalMs()) })
    return { thing, plan }
  })
  for await (const { thing, skipped, nextInMs } of dueTimes(planned, time, signal, due)) {
    if (skipped > 0) events.onSkipped(thing.view, skipped)
    try {
      const intervalS = Math.min(INTERVAL_MAX_S, Math.max(1, Math.round(nextInMs / 1000)))
      await events.onFrame(thing.view, await thing.capture(signal, intervalS))
    } catch (error) {
      if (signal.aborted) return
      const fault = faultCodeOf(error)
      // What is no fault of the table is a bug: the agent stops, and starts again with its outbox as it was.
      if (fault === null) throw error
      await events.onFault(thing.view, fault, error)
    }
  }
}
