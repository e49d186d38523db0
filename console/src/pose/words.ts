import { HARD, NARROW, numberInWords } from '../look/wording.ts'

/** How long something took: "12 s", "4 min 05", "1 h 12". */
export function lastingInWords(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}${HARD}s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}${HARD}min${HARD}${String(whole % 60).padStart(2, '0')}`
  return `${Math.floor(minutes / 60)}${HARD}h${HARD}${String(minutes % 60).padStart(2, '0')}`
}

/** "800 m", "12 km": how far away something is. */
export const distanceInWords = (metres: number): string =>
  metres < 950
    ? `${numberInWords(Math.round(metres / 50) * 50)}${HARD}m`
    : `${numberInWords(Math.round(metres / 1000))}${HARD}km`

/** "Étape 3 sur 9 : Raccordement". */
export const stepInWords = (number: number, of: number, title: string): string =>
  `Étape ${number} sur ${of}${NARROW}: ${title}`
