import { HARD, numberInWords, timeOfDay } from '../look/wording.ts'

/** "84, à 14 h 05". The jauge at its highest. */
export const peakInWords = (peak: { persons: number; at: string } | null): string =>
  peak === null ? numberInWords(0) : `${numberInWords(peak.persons)}, à${HARD}${timeOfDay(Date.parse(peak.at))}`
