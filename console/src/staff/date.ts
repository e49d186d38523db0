import { dayInWords } from '../look/wording.ts'

/** A day as it stands on paper that is kept: "samedi 22 novembre 2026". @param date `2026-11-22` */
export const dateInWords = (date: string): string =>
  `${dayInWords(Date.parse(`${date}T12:00:00Z`))} ${date.slice(0, 4)}`
