import { BASE45_ALPHABET } from './base45.ts'

/**
 * The code that is printed to teach a reader: it holds every character that a ticket may hold, the space in the middle
 * where no reader trims it, and ends in a sum, so that a setting that changes one character is found.
 */
const BODY = `VGCAL:${BASE45_ALPHABET}`

export const CALIBRATION_CODE = BODY + sumOf(BODY)

/** What a text that should be the calibration code tells of the settings it came through. */
export function readCalibration(text: string): 'right' | 'lower-case' | 'damaged' | 'another-code' {
  if (text === CALIBRATION_CODE) return 'right'
  if (text.toUpperCase() === CALIBRATION_CODE) return 'lower-case'
  return /vgcal/i.test(text) ? 'damaged' : 'another-code'
}

/** Two characters that change with any one character and with any two that change places. */
function sumOf(text: string): string {
  let sum = 0
  for (const [place, one] of [...text].entries()) sum = (sum + (place + 1) * (BASE45_ALPHABET.indexOf(one) + 1)) % 2025
  return BASE45_ALPHABET.charAt(sum % 45) + BASE45_ALPHABET.charAt(Math.floor(sum / 45))
}
