import { HARD, numberInWords } from './wording.ts'

const UNITS = [
  { of: 1e9, name: 'Go' },
  { of: 1e6, name: 'Mo' },
  { of: 1e3, name: 'ko' },
]

/** "1,2 Go", "340 Mo", "12 ko": as French people write bytes, by thousands. */
export function bytesInWords(bytes: number): string {
  const unit = UNITS.find(({ of }) => bytes >= of) ?? { of: 1, name: 'octets' }
  const value = bytes / unit.of
  return `${numberInWords(value >= 100 ? Math.round(value) : value)}${HARD}${unit.name}`
}
