import type { TelemetrySample } from '@vigie/contract/telemetry'

/** So little that only minutes of frames are left; records keep their room all the same. */
const DISK_NEARLY_FULL = 0.05
/** What industrial boards are made for at the processor is -40 to 105 °C; there is time to act before. */
const COLD_C = -20
const HOT_C = 85
/** More than a quartz drifts in a minute: somebody set the wall clock, or the cloud's word moved honest time. */
const CLOCK_STEP_MS = 2_000

/** Whether a sample tells something that somebody should know at once, and not with the next batch. */
export function isNews(before: TelemetrySample | null, sample: TelemetrySample): boolean {
  if (before === null) return true
  return (
    isDiskNearlyFull(sample) !== isDiskNearlyFull(before) ||
    isOutOfRange(sample) !== isOutOfRange(before) ||
    hasStepped(before.clockOffsetMs, sample.clockOffsetMs)
  )
}

const isDiskNearlyFull = ({ diskFreeBytes, diskTotalBytes }: TelemetrySample) =>
  diskFreeBytes !== null && diskTotalBytes !== null && diskFreeBytes < diskTotalBytes * DISK_NEARLY_FULL

const isOutOfRange = ({ temperatureC }: TelemetrySample) =>
  temperatureC !== null && (temperatureC < COLD_C || temperatureC > HOT_C)

const hasStepped = (before: number | null, now: number | null) =>
  before !== null && now !== null && Math.abs(now - before) > CLOCK_STEP_MS
