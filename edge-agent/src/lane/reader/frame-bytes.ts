import type { ScanEnd } from '@vigie/config-schema/lane-profiles'

/** A whole scan's bytes without what ends it, or what had to be thrown away. */
export type Frame =
  | { kind: 'scan'; bytes: Uint8Array }
  /** So many bytes without an end. The next scan is taken from the next end, or the next silence, on. */
  | { kind: 'too-long' }
  /** It stopped in the middle: a cable that was pulled, or a reader that is set to another end. */
  | { kind: 'unfinished'; length: number }

export type Framing = {
  /** Takes what one read gave: a byte, a scan, or several. */
  push(chunk: Uint8Array): Frame[]
  /** Says that nothing came for `waitMs()`. */
  silence(): Frame[]
  /** How long to listen for silence; null: nothing is under way. */
  waitMs(): number | null
}

/** A ticket has 141 characters; the longest code that a reader of QR gives has 4,296, and nobody prints it on a ticket. */
export const SCAN_MAX_BYTES = 4096

/** Some 60 characters at 9600 baud: a reader sends a code without a pause. */
export const SILENCE_MS = 60

/** Far more than a loaded machine delays a read, far less than the time between two visitors. */
export const UNFINISHED_MS = 1_000

const [NUL, STX, ETX, LF, CR, XON, XOFF] = [0x00, 0x02, 0x03, 0x0a, 0x0d, 0x11, 0x13]

/** Padding and flow control, which some readers and adapters let through. */
const DROPPED: ReadonlySet<number> = new Set([NUL, XON, XOFF])

/** Null: it ends by silence. */
const END: Record<ScanEnd, number | null> = { cr: CR, lf: LF, crlf: LF, etx: ETX, silence: null }

/** What may stand around a scan beside its end: the other half of CR LF, and the STX of STX ... ETX. */
const isTrimmed = (byte: number | undefined) => byte === CR || byte === LF || byte === STX || byte === ETX

/** Cuts a stream of bytes into scans. It keeps 4096 bytes at most, whatever comes. */
export function createFraming(ends: ScanEnd): Framing {
  const end = END[ends]
  const buffer = new Uint8Array(SCAN_MAX_BYTES)
  let length = 0
  let isSkipping = false

  function take(): Frame[] {
    const bytes = trimmed(buffer.subarray(0, length))
    length = 0
    if (isSkipping) {
      isSkipping = false
      return []
    }
    return bytes.length === 0 ? [] : [{ kind: 'scan', bytes }]
  }

  return {
    push(chunk) {
      const frames: Frame[] = []
      for (const byte of chunk) {
        if (byte === end) frames.push(...take())
        else if (DROPPED.has(byte) || isSkipping) continue
        else if (length < SCAN_MAX_BYTES) buffer[length++] = byte
        else {
          isSkipping = true
          length = 0
          frames.push({ kind: 'too-long' })
        }
      }
      // The LF of a CR LF that comes by itself is no scan that has begun.
      if (buffer.subarray(0, length).every(isTrimmed)) length = 0
      return frames
    },
    silence() {
      if (end === null || isSkipping) return take()
      const cut = length
      length = 0
      return cut > 0 ? [{ kind: 'unfinished', length: cut }] : []
    },
    waitMs() {
      if (length === 0 && !isSkipping) return null
      return end === null || isSkipping ? SILENCE_MS : UNFINISHED_MS
    },
  }
}

export function trimmed(bytes: Uint8Array): Uint8Array {
  let from = 0
  let to = bytes.length
  while (from < to && isTrimmed(bytes[from])) from += 1
  while (to > from && isTrimmed(bytes[to - 1])) to -= 1
  return bytes.slice(from, to)
}
