import type { SessionTable } from '../store/people-tables.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A session that nobody uses ends: longer than the longest shift of the watch room, 12 h, and shorter than a day off. */
export const IDLE_MS = 13 * HOUR_MS
/** Used or not, after a week the person proves again who it is. */
export const LIFE_MS = 7 * 24 * HOUR_MS
/** From the right password to the second factor: time to find the phone. */
export const SECOND_FACTOR_WITHIN_MS = 5 * MINUTE_MS
/** What changes the account itself wants the person to have been proved present in this time. */
export const CONFIRMED_FOR_MS = 10 * MINUTE_MS
/** An administrator works without a second factor for so long at most. */
export const SECOND_FACTOR_GRACE_MS = 7 * 24 * HOUR_MS
/** The last use of a session is written this often: not with every request. */
export const SEEN_EACH_MS = MINUTE_MS

type Life = Pick<SessionTable, 'seenAt' | 'endsAt'>

export const isOver = ({ seenAt, endsAt }: Life, now: number): boolean => now >= endsAt || now - seenAt >= IDLE_MS
