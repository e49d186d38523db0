import type { MachineHealth } from './machine.ts'
import type { WireBytes } from './traffic.ts'

/*
 * No figure of a sample is finer than somebody needs it. One that is the same in all samples of a batch is said once; one
 * that moves for nothing is said ten times, and that was 1.2 MB of a SIM's month.
 */
/** What people are shown of disk and memory. */
const MACHINE_STEP_BYTES = 1_000_000
/** A ping and its answer are 24 bytes each way, and all that an idle unit carries between two batches. */
const WIRE_STEP_BYTES = 1_000
/** Of a processor, by sensors that are right to one or two degrees. */
const TEMPERATURE_STEP_C = 0.5

export function machineRoughly(health: MachineHealth): MachineHealth {
  const { temperatureC, diskFreeBytes, diskTotalBytes, memoryBytes, memoryFreeBytes } = health
  return {
    temperatureC: temperatureC === null ? null : Math.round(temperatureC / TEMPERATURE_STEP_C) * TEMPERATURE_STEP_C,
    diskFreeBytes: diskFreeBytes === null ? null : whole(diskFreeBytes, MACHINE_STEP_BYTES),
    diskTotalBytes,
    memoryBytes: whole(memoryBytes, MACHINE_STEP_BYTES),
    memoryFreeBytes: whole(memoryFreeBytes, MACHINE_STEP_BYTES),
  }
}

export const wireRoughly = ({ sentBytes, receivedBytes }: WireBytes): WireBytes => ({
  sentBytes: whole(sentBytes, WIRE_STEP_BYTES),
  receivedBytes: whole(receivedBytes, WIRE_STEP_BYTES),
})

/** Never more than there is, so that a count never goes back. */
const whole = (bytes: number, step: number) => Math.floor(bytes / step) * step
