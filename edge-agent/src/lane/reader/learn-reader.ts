import type { ScanEnd, SerialSettings } from '@vigie/config-schema/lane-profiles'
import type { Time } from '../../time.ts'
import { createDoorbell } from '../../uplink/doorbell.ts'
import type { OpenLine } from '../serial-line.ts'
import { type CalibrationScan, judgeCalibration } from './calibration-scan.ts'

/** The speeds that readers come with, the most common first; seven bits with parity are seen without being tried. */
const BAUDS = [9_600, 115_200, 19_200, 38_400, 57_600, 4_800, 2_400] as const

/** Longer than a pause within a code at 2400 baud, shorter than between two scans. */
const SCAN_ENDED_MS = 300

/** A person who has not shown the code by then has gone away. */
const SHOWN_WITHIN_MS = 60_000

export type LearnStep =
  | { kind: 'listening'; baud: number }
  | { kind: 'heard'; scan: Exclude<CalibrationScan, { is: 'learnt' }> }

export type Learnt =
  | { ok: true; serial: SerialSettings; ends: ScanEnd }
  /** `port-refused`: it is not there, or somebody else holds it. */
  | { ok: false; why: 'silent' | 'no-speed-fits' | 'port-refused' }

/**
 * Finds how a reader is set, by a person who shows it the calibration code once for each speed that does not fit. A code
 * that came whole but changed is shown again: it is the reader that has to be set otherwise.
 */
export async function learnReader(
  port: string,
  { openLine, time, onStep }: { openLine: OpenLine; time: Time; onStep(step: LearnStep): void },
  signal: AbortSignal,
): Promise<Learnt> {
  for (const baud of BAUDS) {
    const serial: SerialSettings = { baud, dataBits: 8, parity: 'none', stopBits: 1 }
    const bell = createDoorbell(time)
    let heard = Buffer.alloc(0)
    const line = await openLine(port, serial, (bytes) => {
      heard = Buffer.concat([heard, bytes]).subarray(-4096)
      bell.ring()
    }).catch((error: unknown) => {
      if (error instanceof TypeError) throw error
      return null
    })
    if (line === null) return { ok: false, why: 'port-refused' }
    try {
      onStep({ kind: 'listening', baud })
      for (let isNoise = false; !isNoise; ) {
        await bell.heard(SHOWN_WITHIN_MS, signal)
        if (heard.length === 0) return { ok: false, why: 'silent' }
        for (let length = -1; length !== heard.length; ) {
          length = heard.length
          await time.wait(SCAN_ENDED_MS, signal)
        }
        const scan = judgeCalibration(heard, serial)
        heard = Buffer.alloc(0)
        if (scan.is === 'learnt') return { ok: true, serial: scan.serial, ends: scan.ends }
        onStep({ kind: 'heard', scan })
        isNoise = scan.is === 'noise'
      }
    } finally {
      await line.close()
    }
  }
  return { ok: false, why: 'no-speed-fits' }
}
