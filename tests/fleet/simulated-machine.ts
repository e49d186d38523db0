import { randomUUID } from 'node:crypto'
import type { MachineBootId } from '@vigie/contract/ids'
import type { MachineBoot } from '@vigie/edge-agent/clock/machine-boot'

/** The setting by which a runner tells its programs on which start of which machine they stand. */
export const MACHINE_BOOT = 'VIGIE_MACHINE_BOOT'

/** A machine that starts now, as a setting: all processes that are given it stand on the same one. */
export const machineStartedNow = (): string => `${randomUUID()} ${machineUpMs()}`

/** What a kernel would say of such a machine; null where the setting is not one. @param monotonicMs of this process, read in the same moment */
export function simulatedMachine(setting: string | undefined, monotonicMs: number): MachineBoot | null {
  const [id, startedUpMs] = (setting ?? '').split(' ')
  if (!id || startedUpMs === undefined) return null
  return { id: id as MachineBootId, upAtZeroMs: machineUpMs() - monotonicMs - Number(startedUpMs) } // it is a UUID, as of a kernel
}

/** hrtime is CLOCK_MONOTONIC, the same in all processes of the real machine. */
const machineUpMs = () => Number(process.hrtime.bigint() / 1_000_000n)
