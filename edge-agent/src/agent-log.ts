import type { CameraId, ItemId } from '@vigie/contract/ids'
import type { LineLog } from './command/log-tail.ts'
import type { ConfigurationNews } from './configuration/desired-configuration.ts'
import { faultCodeOf } from './faults.ts'
import type { FrameCapture, View } from './frame/capture-frame.ts'
import type { Kept, OutboxEvent, OutboxOpening, OutgoingItem, SettledItem } from './outbox/outbox.ts'
import type { Backlog } from './outbox/tally.ts'
import type { PlanInForce } from './schedule/plan-in-force.ts'

/** What an agent writes into its log: one event name a line, ids as fields, nothing of a picture's content. */
export type AgentLog = ReturnType<typeof createAgentLog>

export function createAgentLog(log: LineLog) {
  const fault = (error: unknown) => ({ fault: faultCodeOf(error), detail: error instanceof Error ? error.message : '' })
  return {
    started(start: { boot: string; boots: number; software: string; opening: OutboxOpening; backlog: Backlog }): void {
      const { opening, ...fields } = start
      log.info(fields, 'agent.started')
      const { rebuilt, missing } = opening
      if (rebuilt) log.error(rebuilt, 'outbox.set-aside')
      else if (missing > 0) log.warn({ missing }, 'outbox.pictures-missing')
    },

    captured({ camera, preset }: View, captured: Awaited<ReturnType<FrameCapture>>): void {
      if (captured.outcome === 'held-back') {
        const { outcome: _, ...measured } = captured
        log.warn({ camera, preset, ...measured }, 'picture.held-back')
        return
      }
      const { envelope, outcome, ...measured } = captured
      log.info(
        { camera, preset, id: envelope.id, at: envelope.at, clock: envelope.clock, ...measured },
        outcome === 'frame' ? 'frame.captured' : 'view.unchanged',
      )
    },

    failed({ camera, preset }: View, error: unknown): void {
      log.warn({ camera, preset, ...fault(error) }, 'frame.failed')
    },

    skipped({ camera, preset }: View, skipped: number): void {
      log.warn({ camera, preset, skipped }, 'capture.skipped')
    },

    outbox(event: OutboxEvent): void {
      if (event.kind === 'frame-saved') log.info({ id: event.id }, 'frame.saved')
      else if (event.kind === 'frames-dropped') log.warn({ class: 'frame', dropped: event.dropped }, 'outbox.dropped')
      else if (event.kind === 'disk-failing') log.error(fault(event.error), 'disk.failing')
      else if (event.kind === 'disk-working') log.info('disk.working')
      else {
        const { kind, ...rebuilt } = event
        log.error(rebuilt, `outbox.set-aside`)
      }
    },

    kept({ class: name, id }: OutgoingItem, kept: Kept): void {
      if (!kept.kept) log.warn({ class: name, id, reason: kept.reason }, 'item.not-kept')
      else if (kept.dropped > 0) log.warn({ class: name, dropped: kept.dropped }, 'outbox.dropped')
      if (kept.kept) log.debug({ class: name, id }, 'item.kept')
    },

    notKept({ class: name, id }: OutgoingItem, error: unknown): void {
      log.error({ class: name, id, ...fault(error) }, 'item.not-kept')
    },

    command(command: ItemId, step: string, reason: string | undefined): void {
      log.info({ command, step, ...(reason !== undefined && { reason }) }, 'command.progress')
    },

    clockChanged(change: 'known' | 'corrected', offsetMs: number | null): void {
      log.info({ change, offsetMs }, 'clock.set')
    },

    clockNotKept(error: unknown): void {
      log.warn(fault(error), 'clock.not-kept')
    },

    planChanged(camera: CameraId, { name, intervalS }: PlanInForce): void {
      log.info({ camera, plan: name, intervalS }, 'schedule.changed')
    },

    cameraFound(camera: CameraId, url: string): void {
      log.warn({ camera, url }, 'camera.found')
    },

    cameraTrouble(camera: CameraId, error: unknown): void {
      log.warn({ camera, ...fault(error) }, 'camera.not-learnt')
    },

    configuration(news: ConfigurationNews): void {
      if (news.kind === 'not-taken') log.error({ fault: news.reason, detail: news.detail }, 'configuration.not-taken')
      else if (news.kind === 'damaged') log.error({ files: news.files, isLost: news.isLost }, 'configuration.damaged')
      else if (news.kind === 'refused') log.warn(news.refused, 'configuration.refused')
      else if (news.kind === 'not-kept') log.error(fault(news.error), 'configuration.not-kept')
      else log.info({ version: news.of.version, attempt: news.of.attempt }, `configuration.${news.kind}`)
    },

    connected(session: number, isResumed: boolean): void {
      log.info({ session, isResumed }, 'uplink.connected')
    },

    lost(error: unknown, retryInMs: number): void {
      log.warn({ ...fault(error), retryInMs }, 'uplink.lost')
    },

    settled(settled: readonly SettledItem[]): void {
      for (const { item, receipt } of settled) {
        const fields = { class: item.class, id: item.id, outcome: receipt.outcome, reason: receipt.reason }
        if (receipt.outcome === 'stored') log.debug(fields, 'item.settled')
        else log.warn(fields, 'item.settled')
      }
    },

    stopped(): void {
      log.info('agent.stopped')
    },
  }
}
