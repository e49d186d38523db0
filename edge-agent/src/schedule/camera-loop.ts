import type { FaultCode } from '../faults.ts'
import { faultCodeOf } from '../faults.ts'
import type { CapturedFrame, View } from '../frame/capture-frame.ts'
import type { Time } from '../time.ts'
import { dueTimes } from './due-times.ts'
import { phaseOf } from './next-capture.ts'

/** A view, with what takes one frame of it. */
export type ScheduledView = { view: View; capture: (signal: AbortSignal) => Promise<CapturedFrame> }

export type CameraLoopEvents = {
  onFrame(view: View, frame: CapturedFrame): Promise<void>
  onFault(view: View, fault: FaultCode, error: unknown): Promise<void>
  onSkipped(view: View, skipped: number): void
}

/** The loop of one camera: its views, each at its planned times, never two at once. Returns when aborted. */
export async function runCameraLoop(
  { views, intervalMs }: { views: readonly ScheduledView[]; intervalMs: number },
  { time, ...events }: { time: Time } & CameraLoopEvents,
  signal: AbortSignal,
): Promise<void> {
  const planned = views.map((thing) => {
    const { site, camera, preset } = thing.view
    return { thing, plan: { intervalMs, phaseMs: phaseOf(`${site}/${camera}/${preset}`, intervalMs) } }
  })
  for await (const { thing, skipped } of dueTimes(planned, time, signal)) {
    if (skipped > 0) events.onSkipped(thing.view, skipped)
    try {
      await events.onFrame(thing.view, await thing.capture(signal))
    } catch (error) {
      if (signal.aborted) return
      const fault = faultCodeOf(error)
      // What is no fault of the table is a bug: the agent stops, and starts again with its outbox as it was.
      if (fault === null) throw error
      await events.onFault(thing.view, fault, error)
    }
  }
}
