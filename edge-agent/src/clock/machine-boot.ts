import { readFileSync } from 'node:fs'
import type { MachineBootId } from '@vigie/contract/ids'

/** One boot of the machine, in which several runs of the agent may follow each other. */
export type MachineBoot = {
  id: MachineBootId
  /** How long the machine had been up, in milliseconds, when the monotonic clock of this process stood at zero. */
  upAtZeroMs: number
}

/** Where Linux names the boot. */
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id'

/**
 * Reads which boot of the machine this is; null where no kernel says so.
 * @param monotonicMs of this process, read in the same moment
 */
export function readMachineBoot(monotonicMs: number, file = BOOT_ID_FILE): MachineBoot | null {
  try {
    const id = readFileSync(file, 'utf8').trim() as MachineBootId // what the kernel writes is a UUID
    // hrtime is CLOCK_MONOTONIC, which starts with the machine.
    return { id, upAtZeroMs: Number(process.hrtime.bigint() / 1_000_000n) - monotonicMs }
  } catch {
    return null
  }
}

/** Where no kernel names the boot, this run counts as one. */
export const thisRunAsBoot = (newId: () => string): MachineBoot => ({
  id: newId() as MachineBootId, // a ULID has the pattern
  upAtZeroMs: 0,
})
