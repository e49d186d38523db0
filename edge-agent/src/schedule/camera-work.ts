import { join } from 'node:path'
import type { CameraId, SiteId, UnitId } from '@vigie/contract/ids'
import type { AgentLog } from '../agent-log.ts'
import type { CameraPort } from '../camera/camera-port.ts'
import type { HonestTime } from '../clock/honest-time.ts'
import type { Orders } from '../command/orders.ts'
import { createFrameCapture } from '../frame/capture-frame.ts'
import type { UnitKey } from '../frame/seal-frame.ts'
import type { SentFrames } from '../frame/sent-frames.ts'
import type { Attempt } from '../health/camera-condition.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { type PlannedCamera, type SitePlan, viewsOf } from '../settings.ts'
import type { Stamp } from '../stamp.ts'
import { runTogether } from '../together.ts'
import { createDoorbell } from '../uplink/doorbell.ts'
import { type AskedFrames, createAskedFrames } from './asked-frames.ts'
import { runCameraLoop } from './camera-loop.ts'
import { takeFirstLook } from './first-look.ts'
import { type PlanInForce, planInForce } from './plan-in-force.ts'
import { sunHeight } from './sun-height.ts'

export type CameraWorkDeps = {
  site: SiteId
  unit: UnitId
  key: UnitKey
  dataFolder: string
  time: HonestTime
  stamp: Stamp
  keep: Outbox['keep']
  sentFrames: SentFrames
  orders: Pick<Orders, 'isWatched' | 'isThrifty'>
  openCamera(camera: PlannedCamera): CameraPort
  /** Told how each attempt went; not waited for longer than it takes to keep a report. */
  onAttempt(attempt: Attempt): Promise<void>
  log: AgentLog
}

/** One camera at work by its plan. */
export type CameraWork = {
  id: CameraId
  /** Where it stands. */
  url: string
  /** The port by which its pictures come: whoever else asks the camera waits for its turn there. */
  port(): CameraPort
  asked: Pick<AskedFrames<unknown>, 'ask' | 'giveUp'>
  /** Something has changed by which its plan goes. */
  ring(): void
  /** Takes pictures until aborted; then its connection to the camera is closed. */
  run(signal: AbortSignal): Promise<void>
}

export function createCameraWork(plan: SitePlan, camera: PlannedCamera, deps: CameraWorkDeps): CameraWork {
  const { site, unit, time, orders, log } = deps
  const held: { port?: CameraPort } = {}
  const connected = () => {
    held.port ??= deps.openCamera(camera)
    return held.port
  }
  const isDated = () => time.state() !== 'unknown'
  const views = viewsOf({ site, unit }, camera).map((view) => ({
    view,
    capture: createFrameCapture(view, {
      camera: connected,
      time,
      stamp: deps.stamp,
      key: deps.key,
      keep: deps.keep,
      sentFrames: deps.sentFrames,
      sunHeightDeg: () => (isDated() ? sunHeight(plan.place, time.now()) : null),
      learntFolder: join(deps.dataFolder, 'views'),
    }),
  }))
  const bell = createDoorbell(time)
  const asked = createAskedFrames(views, bell.ring)

  let before: PlanInForce | null = null
  function intervalMs(): number {
    const now = planInForce(camera.document.schedule, {
      place: plan.place,
      nowMs: isDated() ? time.now() : null,
      ...{ isWatched: orders.isWatched(), isThrifty: orders.isThrifty() },
    })
    if (now.name !== before?.name) log.planChanged(camera.id, now)
    before = now
    return now.intervalS * 1000
  }

  async function takePictures(signal: AbortSignal): Promise<void> {
    try {
      await runCameraLoop(
        { views, intervalMs, dwellS: camera.document.tour?.dwellS },
        {
          time,
          outOfTurn: { asked, bell },
          async onCaptured(view, captured) {
            log.captured(view, captured)
            if (captured.outcome === 'held-back') return
            const { answerMs } = captured
            await deps.onAttempt({ camera: view.camera, preset: view.preset, fault: null, answerMs })
          },
          async onFault(view, fault, error) {
            log.failed(view, error)
            await deps.onAttempt({ camera: view.camera, preset: view.preset, fault, answerMs: null })
          },
          onSkipped: log.skipped,
        },
        signal,
      )
    } finally {
      // Whoever else asks the camera hears why: that another plan holds is no bug of theirs.
      held.port?.close(signal.reason)
    }
  }
  const firstLook = { name: `${site}/${camera.id}`, time, intervalMs, ask: () => void asked.ask(() => {}) }

  return {
    id: camera.id,
    url: camera.target.url,
    port: connected,
    asked,
    ring: bell.ring,
    run: (signal) => runTogether(signal, [takePictures, (stopped) => takeFirstLook(firstLook, stopped)]),
  }
}
