import type { ScanEnd, SerialSettings } from '@vigie/config-schema/lane-profiles'
import { CALIBRATION_CODE, readCalibration } from '@vigie/contract/gate/calibration-code'
import { trimmed } from './frame-bytes.ts'
import { safeForm } from './scan.ts'

/** What the bytes of one scan of the calibration code tell of the settings under which they came. */
export type CalibrationScan =
  | { is: 'learnt'; serial: SerialSettings; ends: ScanEnd }
  /** Characters in the wrong places of the byte: another speed. */
  | { is: 'noise' }
  /** It came, but the reader changes its letters, adds to it, or was shown something else; `safe`: how it looked. */
  | { is: 'lower-case' | 'damaged' | 'another-code' | 'odd-frame'; safe: string }

const ENDS: readonly (readonly [string, ScanEnd])[] = [
  ['\r\n', 'crlf'],
  ['\r', 'cr'],
  ['\n', 'lf'],
  ['\x03', 'etx'],
]

/** What a reader may put before a code without harm: an AIM identifier, and an extended interpretation. */
const HARMLESS_BEFORE = /^(?:\][A-Za-z][0-9A-Za-z])?(?:\\\d{6})*$/

export function judgeCalibration(bytes: Uint8Array, tried: SerialSettings): CalibrationScan {
  const serial = withParityOf(bytes, tried)
  const text = asText(serial.dataBits === 7 ? bytes.map((byte) => byte & 0x7f) : bytes)
  const at = text.indexOf(CALIBRATION_CODE)
  if (at >= 0) {
    const [before, after] = [text.slice(0, at), text.slice(at + CALIBRATION_CODE.length)]
    const ends = after === '' ? 'silence' : ENDS.find(([end]) => after === end)?.[1]
    if (ends !== undefined && HARMLESS_BEFORE.test(asText(trimmed(Buffer.from(before, 'latin1')))))
      return { is: 'learnt', serial, ends }
    return {
      is: 'odd-frame',
      safe: `${safeForm(Buffer.from(before, 'latin1'))} ... ${safeForm(Buffer.from(after, 'latin1'))}`,
    }
  }
  const code = asText(trimmed(Buffer.from(text, 'latin1')))
  if (!/^[ -~]*$/.test(code)) return { is: 'noise' }
  const read = readCalibration(code)
  return { is: read === 'right' ? 'odd-frame' : read, safe: safeForm(Buffer.from(code)) }
}

const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/**
 * Seven bits and a parity, read as eight: the eighth is the parity of the others in every byte. A code that is long enough
 * does not come so by chance.
 */
function withParityOf(bytes: Uint8Array, tried: SerialSettings): SerialSettings {
  if (tried.dataBits === 7 || bytes.length < CALIBRATION_CODE.length || !bytes.some((byte) => byte > 0x7f)) return tried
  const odd = bytes.filter((byte) => bitsOf(byte) % 2 === 1).length
  if (odd === 0) return { ...tried, dataBits: 7, parity: 'even' }
  return odd === bytes.length ? { ...tried, dataBits: 7, parity: 'odd' } : tried
}

function bitsOf(byte: number): number {
  let bits = 0
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1
  return bits
}
