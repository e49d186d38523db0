import { join } from 'node:path'
import type { CameraChecks } from '@vigie/config-schema/camera-profile'
import type { PictureDocument, PresetDocument } from '@vigie/config-schema/site-document'
import type { Envelope } from '@vigie/contract/envelope'
import type { CameraId, ItemId, PresetId, SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { Unchanged } from '@vigie/contract/unchanged'
import type { CameraPort } from '../camera/camera-port.ts'
import { AgentFault } from '../faults.ts'
import type { Kept, OutgoingItem } from '../outbox/outbox.ts'
import { momentOf, type Stamp } from '../stamp.ts'
import type { Time } from '../time.ts'
import { limitsOf } from './check-limits.ts'
import { createProbeComparison } from './compare-probes.ts'
import { createFramePipeline } from './frame-pipeline.ts'
import { createLearntViewFile } from './learnt-view.ts'
import { judgeJpeg } from './open-jpeg.ts'
import { createPictureChecks } from './picture-checks.ts'
import type { Doubt, Withholding } from './picture-verdicts.ts'
import { type Probe, probePicture } from './probe-picture.ts'
import { sealProcessedFrame, type UnitKey } from './seal-frame.ts'
import type { SentFrames } from './sent-frames.ts'

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
  checks: CameraChecks
}

export type CaptureDeps = {
  /** Made when it is first needed: a wrong address is this camera's fault, not the end of the agent. */
  camera: () => CameraPort
  time: Time
  stamp: Stamp
  key: UnitKey
  keep: (item: OutgoingItem) => Promise<Kept>
  sentFrames: SentFrames
  /** Of the sun over the site, now; null when the clock is not known. */
  sunHeightDeg: () => number | null
  /** Where what was learnt of each view is kept. */
  learntFolder: string
}

type Captured = {
  envelope: Envelope
  answerMs: number
  processMs: number
  dropped: number
  /** Where it is: in memory alone, as a frame may be while receipts come within seconds. */
  kept: 'disk' | 'memory'
}
/** A frame that was kept. */
export type CapturedFrame = Captured & { outcome: 'frame'; bytes: number }
/** The camera was asked, and nothing that a person would see has changed since `frame`. */
export type SeenUnchanged = Captured & { outcome: 'unchanged'; frame: ItemId }
/** The camera gave a picture that may not show the road, or not under its masks: the next ones tell. */
export type HeldBack = { outcome: 'held-back'; suspected: Withholding; answerMs: number; processMs: number }

/**
 * Takes one picture of a view. Throws a CameraFault or an AgentFault when nothing came of it, or the signal's reason.
 * @param intervalS seconds to the next planned capture, by the schedule in force
 */
export type FrameCapture = (signal: AbortSignal, intervalS: number) => Promise<CapturedFrame | SeenUnchanged | HeldBack>

/** A cloud that has lost a picture gets one again, and whoever looks gets one that is no older than that. */
const WHOLE_EVERY_S = 15 * 60

/** The last frame of a view that was kept. */
type Last = { id: ItemId; monoMs: number; probe: Probe; doubts: Doubt[] }

/** The way of one view's frames: ask the camera, look whether it has changed, mask, seal, keep. */
export function createFrameCapture(view: View, deps: CaptureDeps): FrameCapture {
  const { site, unit, camera, preset, picture, masks } = view
  const overlays = view.checks.overlays ?? []
  const unwatched = { zones: masks?.zones ?? [], overlays }
  const compare = createProbeComparison(unwatched)
  const approved = masks && {
    pipeline: createFramePipeline({ picture, masks, overlays }),
    checks: createPictureChecks(
      { limits: limitsOf(view.checks), unwatched },
      {
        ...{ time: deps.time, sunHeightDeg: deps.sunHeightDeg },
        learnt: createLearntViewFile(join(deps.learntFolder, `${camera}-${preset}`), masks.version),
      },
    ),
  }
  const wholeEveryMs = (picture.wholeEveryS ?? WHOLE_EVERY_S) * 1000
  const topics = {
    frame: buildTopic({ site, unit, what: 'frame', camera, preset }),
    unchanged: buildTopic({ site, unit, what: 'unchanged' }),
  }
  let last: Last | null = null

  async function keep(item: OutgoingItem): Promise<Pick<Captured, 'dropped' | 'kept'>> {
    const kept = await deps.keep(item)
    if (!kept.kept) throw new AgentFault('outbox-full', item.class)
    return { dropped: kept.dropped, kept: kept.where }
  }

  return async (signal, intervalS) => {
    // Before the camera is asked: of a view whose masks nobody approved there is no picture, not even in memory.
    if (!approved) throw new AgentFault('mask-missing', `${camera} ${preset}`)
    const { pipeline, checks } = approved
    const { bytes: raw, answerMs } = await deps.camera().grabPicture(view.turnTo, signal)
    const moment = momentOf(deps.time, answerMs)
    const startedMs = deps.time.monotonicMs()
    const jpeg = await judgeJpeg(raw)
    const probe = await probePicture(jpeg)
    const processMs = () => Math.round(deps.time.monotonicMs() - startedMs)

    if (checks.repeats(probe)) throw new AgentFault('picture-frozen')
    const isStillGood = last && moment.monoMs - last.monoMs < wholeEveryMs && deps.sentFrames.stands(last.id)
    if (last && isStillGood && checks.isSettled(last.doubts) && compare(last.probe, probe) !== 'different') {
      const envelope = deps.stamp.next('telemetry', moment)
      const unchanged: Unchanged = { ...envelope, kind: 'unchanged', camera, preset, frame: last.id, intervalS }
      const payload = Buffer.from(JSON.stringify(unchanged))
      const kept = await keep({ id: envelope.id, class: 'telemetry', topic: topics.unchanged, payload })
      return { outcome: 'unchanged', envelope, frame: last.id, answerMs, processMs: processMs(), ...kept }
    }

    const frame = await pipeline.processFrame(jpeg)
    const { doubts, withheld, suspected } = checks.judge(probe, frame.detail)
    if (withheld) throw new AgentFault(withheld)
    if (suspected) return { outcome: 'held-back', suspected, answerMs, processMs: processMs() }
    const envelope = deps.stamp.next('frame', moment)
    const payload = sealProcessedFrame(frame, {
      envelope,
      view: { site, camera, preset },
      key: deps.key,
      intervalS,
      doubts,
    })
    const kept = await keep({ id: envelope.id, class: 'frame', topic: topics.frame, payload })
    deps.sentFrames.watch(envelope.id, last?.id ?? null)
    last = { id: envelope.id, monoMs: moment.monoMs, probe, doubts }
    return { outcome: 'frame', envelope, bytes: payload.byteLength, answerMs, processMs: processMs(), ...kept }
  }
}
