import type { ClockState } from '@vigie/contract/clock'
import type { Command } from '@vigie/contract/command'
import type { TakenCommand } from './command-memory.ts'

/** Longer than a day is no command but a plan. Beyond: refused. It bounds how long an id must be remembered. */
const LIFE_MAX_MS = 24 * 3_600_000
/** A person asks a few times a day. Beyond: refused, until some have expired. */
export const MAX_REMEMBERED = 256

/** What is to be done with a command that came. */
export type Judgement =
  /** It came before: say again how far it is. */
  | { kind: 'again'; taken: TakenCommand }
  /** Not taken, and not remembered: it may come again. */
  | { kind: 'not-now'; reason: 'clock-unknown' | 'too-many-commands' | 'lives-too-long' }
  | { kind: 'too-late' }
  | { kind: 'take' }

/** Nothing is taken twice, and nothing by a clock that cannot say whether it is too late. */
export function judgeCommand(
  { id, issuedAt, expiresAt }: Command,
  by: { taken: ReadonlyMap<string, TakenCommand>; clock: ClockState; nowMs: number },
): Judgement {
  const before = by.taken.get(id)
  if (before) return { kind: 'again', taken: before }
  if (by.clock === 'unknown') return { kind: 'not-now', reason: 'clock-unknown' }
  const expiresAtMs = Date.parse(expiresAt)
  if (expiresAtMs - Date.parse(issuedAt) > LIFE_MAX_MS) return { kind: 'not-now', reason: 'lives-too-long' }
  if (expiresAtMs <= by.nowMs) return { kind: 'too-late' }
  return by.taken.size >= MAX_REMEMBERED ? { kind: 'not-now', reason: 'too-many-commands' } : { kind: 'take' }
}
