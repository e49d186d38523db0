import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Five days of an agent process of 14 sites at one line a frame. Beyond: the file becomes `.1`, the older `.1` is gone. */
const LOG_MAX_BYTES = 20 * 1024 * 1024

export type RotatedLog = {
  write(text: Uint8Array | string): void
  /** Its last lines, for a person who must see why something died. */
  tail(lines: number): string
  close(): void
}

/** A log file that is continued across starts and never outgrows twice its bound. */
export function openRotatedLog(file: string, maxBytes = LOG_MAX_BYTES): RotatedLog {
  mkdirSync(dirname(file), { recursive: true })
  let descriptor = openSync(file, 'a')
  let bytes = statSync(file).size
  return {
    write(text) {
      if (bytes > maxBytes) {
        closeSync(descriptor)
        renameSync(file, `${file}.1`)
        descriptor = openSync(file, 'a')
        bytes = 0
      }
      bytes += typeof text === 'string' ? writeSync(descriptor, text) : writeSync(descriptor, text)
    },
    tail: (lines) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n'),
    close: () => closeSync(descriptor),
  }
}
