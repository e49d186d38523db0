import Type from 'typebox'

/**
 * Days and times as they are lived at a museum: in Europe/Paris, by the time zone data of the machine. A civil day is
 * counted from 2020-01-01, which fits two bytes until 2199.
 */
const ZONE = 'Europe/Paris'
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_ZERO_MS = Date.UTC(2020, 0, 1)

/** Days since 2020-01-01, as they are lived in Paris. */
export type CivilDay = number

/** `2026-08-15` */
export const CivilDate = Type.String({ pattern: '^20\\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' })
/** `09:30`; 24:00 is the end of the day. */
export const TimeOfDay = Type.String({ pattern: '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$' })

export type CivilTime = { day: CivilDay /** Since midnight by the clock on the wall, 0 to 1439. */; minutes: number }

const wallClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
  hourCycle: 'h23',
})

/** What the wall clock shows at `nowMs`, as if it were UTC: its distance to `nowMs` is the offset. */
function wallMs(nowMs: number): number {
  const hour = Math.floor(nowMs / HOUR_MS)
  if (hour !== lastHour.hour) lastHour = { hour, offsetMs: shownMs(hour * HOUR_MS) - hour * HOUR_MS }
  return nowMs + lastHour.offsetMs
}

/**
 * The offset changes on a full hour of UTC alone, and rows are read in order of time: the formatter, 4 µs a call, is asked
 * once for an hour of them.
 */
let lastHour = { hour: Number.NaN, offsetMs: 0 }

function shownMs(momentMs: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of wallClock.formatToParts(momentMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** The civil day and the minute of it. */
export function civilTimeOf(nowMs: number): CivilTime {
  const wall = wallMs(nowMs) - DAY_ZERO_MS
  const day = Math.floor(wall / DAY_MS)
  return { day, minutes: Math.floor((wall - day * DAY_MS) / MINUTE_MS) }
}

export const civilDayOf = (nowMs: number): CivilDay => civilTimeOf(nowMs).day

/**
 * The moment at which the clock on the wall shows it. An hour that does not exist in spring means one hour later; of one
 * that comes twice in autumn the first is meant.
 */
export function momentOf({ day, minutes }: CivilTime): number {
  const wall = DAY_ZERO_MS + day * DAY_MS + minutes * MINUTE_MS
  // Summer's offset is the greater one, so that the moment it gives is the earlier of two.
  const candidates = [wall - 120 * MINUTE_MS, wall - 60 * MINUTE_MS]
  return candidates.find((moment) => wallMs(moment) === wall) ?? wall - 60 * MINUTE_MS
}

/** 1 is Monday, 7 is Sunday. 2020-01-01 was a Wednesday. */
export const weekdayOf = (day: CivilDay): number => ((((day + 2) % 7) + 7) % 7) + 1

export const civilDayOfDate = (date: string): CivilDay => (Date.parse(`${date}T00:00:00.000Z`) - DAY_ZERO_MS) / DAY_MS
export const dateOfCivilDay = (day: CivilDay): string => new Date(DAY_ZERO_MS + day * DAY_MS).toISOString().slice(0, 10)

export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
