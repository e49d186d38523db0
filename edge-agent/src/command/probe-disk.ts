import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@vigie/contract/clock'
import type { ResultOf } from '@vigie/contract/command-result'
import { AgentFault } from '../faults.ts'
import type { MachineHealth } from '../health/machine.ts'
import { isDiskFailure } from '../outbox/disk-failure.ts'

/** A record of the outbox, and so many of them: 64 kB and 16 syncs are nothing to a flash that writes frames all day. */
const RECORD_BYTES = 4096
const RECORDS = 16
const PIECE_BYTES = 1024 * 1024
/** Where Linux shows block devices; an eMMC tells its wear there (JEDEC 5.0, DEVICE_LIFE_TIME_EST: tenths, 11: beyond). */
const BLOCK_FOLDER = '/sys/block'

export type DiskProbeDeps = {
  clock: Pick<Clock, 'monotonicMs'>
  readMachine: () => Promise<Pick<MachineHealth, 'diskFreeBytes' | 'diskTotalBytes'>>
  blockFolder?: string
}

/**
 * Writes what the unit writes all day, makes it durable, and takes the time.
 * @throws AgentFault `disk-failing`
 */
export async function probeDisk(folder: string, deps: DiskProbeDeps): Promise<ResultOf<'disk'>> {
  const { clock, readMachine, blockFolder = BLOCK_FOLDER } = deps
  const file = join(folder, 'disk.probe')
  const { diskFreeBytes, diskTotalBytes } = await readMachine()
  try {
    const open = openSync(file, 'w', 0o600)
    const timed = (bytes: number) => {
      const startedMs = clock.monotonicMs()
      // Not zeros, which some file systems store as nothing.
      writeSync(open, Buffer.alloc(bytes, 'probe'))
      fsyncSync(open)
      return Math.max(0, Math.round((clock.monotonicMs() - startedMs) * 100) / 100)
    }
    try {
      const writesMs: number[] = []
      for (let record = 0; record < RECORDS; record += 1) {
        writesMs.push(timed(RECORD_BYTES))
        // Pictures go on meanwhile: a slow flash takes a second for all of this.
        await new Promise((resolve) => setImmediate(resolve))
      }
      const pieceMs = timed(PIECE_BYTES)
      const wornPercent = await readWear(blockFolder)
      const disk = { freeBytes: diskFreeBytes, totalBytes: diskTotalBytes }
      return { of: 'disk', ...disk, writesMs, pieceBytes: PIECE_BYTES, pieceMs, wornPercent }
    } finally {
      closeSync(open)
      rmSync(file, { force: true })
    }
  } catch (cause) {
    if (!isDiskFailure(cause)) throw cause
    throw new AgentFault('disk-failing', undefined, { cause })
  }
}

/** The worse of its two kinds of cells, of the first eMMC there is; null: none tells. */
async function readWear(folder: string): Promise<number | null> {
  try {
    for (const device of (await readdir(folder)).filter((name) => /^mmcblk\d+$/.test(name)).sort()) {
      const told = await readFile(join(folder, device, 'device', 'life_time'), 'utf8').catch(() => '')
      const tenths = told.trim().split(/\s+/).map(Number)
      const worst = Math.max(...tenths.filter((tenth) => tenth >= 1 && tenth <= 11))
      if (Number.isFinite(worst)) return worst * 10
    }
  } catch {
    // A machine without such a folder has no eMMC.
  }
  return null
}
