import { readdir, readFile, statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'
import type { Telemetry } from '@vigie/contract/telemetry'

/** How the box does. What cannot be read is null. */
export type MachineHealth = Pick<
  Telemetry,
  'temperatureC' | 'diskFreeBytes' | 'diskTotalBytes' | 'memoryBytes' | 'memoryFreeBytes'
>

/** Where Linux shows its thermal sensors, in thousandths of a degree. */
const THERMAL_FOLDER = '/sys/class/thermal'
/** Zones that are the processor's, on ARM boards and PCs; without one of these the first zone stands for it. */
const PROCESSOR_ZONE = /cpu|soc|pkg|core/i

/** Reads the machine once. @param dataFolder whose disk is looked at */
export async function readMachine(dataFolder: string, thermalFolder = THERMAL_FOLDER): Promise<MachineHealth> {
  const [temperatureC, disk] = await Promise.all([readTemperature(thermalFolder), readDisk(dataFolder)])
  return { temperatureC, ...disk, memoryBytes: process.memoryUsage.rss(), memoryFreeBytes: freemem() }
}

async function readDisk(folder: string): Promise<Pick<MachineHealth, 'diskFreeBytes' | 'diskTotalBytes'>> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { diskFreeBytes: bavail * bsize, diskTotalBytes: blocks * bsize }
  } catch {
    return { diskFreeBytes: null, diskTotalBytes: null }
  }
}

async function readTemperature(folder: string): Promise<number | null> {
  try {
    const zones = (await readdir(folder)).filter((name) => name.startsWith('thermal_zone')).sort()
    const types = await Promise.all(zones.map((zone) => readFile(join(folder, zone, 'type'), 'utf8')))
    const zone = zones[types.findIndex((type) => PROCESSOR_ZONE.test(type))] ?? zones[0]
    if (zone === undefined) return null
    const degrees = Number(await readFile(join(folder, zone, 'temp'), 'utf8')) / 1000
    return degrees >= -60 && degrees <= 150 ? degrees : null
  } catch {
    return null
  }
}
