import type { PictureDocument, PresetDocument } from '@vigie/config-schema/site-document'
import type { Envelope } from '@vigie/contract/envelope'
import type { CameraId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { CameraPort } from '../camera/camera-port.ts'
import { AgentFault } from '../faults.ts'
import type { Kept, OutgoingItem } from '../outbox/outbox.ts'
import { momentOf, type Stamp } from '../stamp.ts'
import type { Time } from '../time.ts'
import { createFramePipeline } from './frame-pipeline.ts'
import { sealProcessedFrame, type UnitKey } from './seal-frame.ts'

/** One view of a camera, and how its pictures become frames. */
export type View = {
  site: SiteId
  unit: UnitId
  camera: CameraId
  preset: PresetId
  /** The camera's own preset to turn to; null for a camera that has only this view and never turns. */
  turnTo: string | null
  picture: PictureDocument
  masks: PresetDocument['masks']
}

export type CaptureDeps = {
  /** Made when it is first needed: a wrong address is this camera's fault, not the end of the agent. */
  camera: () => CameraPort
  time: Time
  stamp: Stamp
  key: UnitKey
  keep: (item: OutgoingItem) => Promise<Kept>
}

/** @param intervalS seconds to the next planned capture, by the schedule in force */
export type FrameCapture = (signal: AbortSignal, intervalS: number) => Promise<CapturedFrame>

export type CapturedFrame = {
  envelope: Envelope
  bytes: number
  answerMs: number
  processMs: number
  dropped: number
  /** Where it is: in memory alone while receipts come within seconds. */
  kept: 'disk' | 'memory'
}

/**
 * The way of one view's frames: ask the camera, mask, seal, keep. The function it returns does this once; it throws a
 * CameraFault or an AgentFault when no frame came of it, or the signal's reason.
 */
export function createFrameCapture(view: View, deps: CaptureDeps): FrameCapture {
  const { site, unit, camera, preset, picture, masks } = view
  const pipeline = masks ? createFramePipeline({ picture, masks }) : null
  const topic = buildTopic({ site, unit, what: 'frame', camera, preset })

  return async (signal, intervalS) => {
    // Before the camera is asked: of a view whose masks nobody approved there is no picture, not even in memory.
    if (!pipeline) throw new AgentFault('mask-missing', `${camera} ${preset}`)
    const { bytes: raw, answerMs } = await deps.camera().grabPicture(view.turnTo, signal)
    const moment = momentOf(deps.time, answerMs)
    const startedMs = deps.time.monotonicMs()
    const frame = await pipeline.processFrame(raw)
    const envelope = deps.stamp.next('frame', moment)
    const payload = sealProcessedFrame(frame, { envelope, view: { site, camera, preset }, key: deps.key, intervalS })
    const kept = await deps.keep({ id: envelope.id, class: 'frame', topic, payload })
    if (!kept.kept) throw new AgentFault('outbox-full', 'frame')
    const processMs = Math.round(deps.time.monotonicMs() - startedMs)
    const { dropped, where } = kept
    return { envelope, bytes: payload.byteLength, answerMs, processMs, dropped, kept: where }
  }
}
