import type { UnitId } from '@vigie/contract/ids'
import type { OutgoingItem } from '../outbox/outbox.ts'
import { dueTimes } from '../schedule/due-times.ts'
import { phaseOf } from '../schedule/next-capture.ts'
import type { Time } from '../time.ts'
import type { HealthReports, TakenSample } from './health-reports.ts'
import { isNews } from './sample-news.ts'

export type HealthLoopDeps = {
  reports: HealthReports
  keep: (item: OutgoingItem) => Promise<unknown>
  time: Time
  /** Whether somebody looks closely: then each sample leaves when it is taken. */
  isWatched: () => boolean
}

const SAMPLE_EVERY_MS = 60_000
/** A message each minute costs a SIM 26 MB a month, in tens a fifth of it. So much history dies with the process, and no more. */
const BATCH_EVERY_MS = 10 * 60_000
/** A state that changes is told at once; this is for a cloud that has lost it, and it weighs 0.6 MB a month. */
const STATE_EVERY_MS = 60 * 60_000

/**
 * Reports at once how the unit starts, then its telemetry, sampled each minute and sent by the ten, and its state each
 * hour. When it is told to stop, what was sampled is kept before it returns.
 */
export async function runHealthLoop(
  unit: UnitId,
  { reports, keep, time, isWatched }: HealthLoopDeps,
  signal: AbortSignal,
): Promise<void> {
  const samples: TakenSample[] = []
  let lastSample: TakenSample | null = null
  let batchStartedMs = time.monotonicMs()

  async function keepBatch(): Promise<void> {
    const batch = samples.splice(0)
    batchStartedMs = time.monotonicMs()
    if (batch.length > 0) await keep(reports.telemetry(batch))
  }

  await keep(reports.state())
  const planned = [
    { thing: 'sample' as const, intervalMs: SAMPLE_EVERY_MS },
    { thing: 'state' as const, intervalMs: STATE_EVERY_MS },
  ].map(({ thing, intervalMs }) => ({
    thing,
    plan: { intervalMs, phaseMs: phaseOf(`${unit}/${thing}`, intervalMs) },
  }))
  for await (const { thing } of dueTimes(planned, time, signal)) {
    if (thing === 'state') {
      await keep(reports.state())
      continue
    }
    const sample = await reports.sample()
    samples.push(sample)
    // The last of ten may come a little early.
    const isDue = time.monotonicMs() - batchStartedMs > BATCH_EVERY_MS - SAMPLE_EVERY_MS / 2
    if (isDue || isWatched() || isNews(lastSample, sample)) await keepBatch()
    lastSample = sample
  }
  await keepBatch()
}
