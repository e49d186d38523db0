import { type Progress, REFUSED_FOR_NOW } from '@vigie/contract/command'

/**
 * Where a command stands. `queued`: in the store; `delivered`: sent to a unit that was there; the rest are the unit's own
 * words, but for an `expired` that nobody answered in time, which the unit may still correct.
 */
export type CommandStep = 'queued' | 'delivered' | 'accepted' | 'done' | 'refused' | 'expired'

/** What of a command its life goes by; times in milliseconds of the cloud's clock. */
export type CommandLife = {
  step: CommandStep
  expiresAt: number
  /** Null: a second person has to approve it first. Set at once where nobody has to. */
  approvedAt: number | null
  sentAt: number | null
  sends: number
  deliveredAt: number | null
  acceptedAt: number | null
  endedAt: number | null
  /** Why it was refused or expired; `no-word` and `not-delivered` are the cloud's own. */
  endReason: string | null
  /** As JSON text, as the unit gave it. */
  result: string | null
}

/** A unit that took it in time may have been cut off since; its word is waited for so long past the end. */
export const WORD_WITHIN_MS = 30_000
/** What was accepted may take its time (a look, a drill), and its unit remembers it for an hour past its end. */
export const END_WITHIN_MS = 3_600_000

const OWN_REASONS: readonly (string | null)[] = ['not-delivered', 'no-word']

/** The unit has the last word: once it said how a command ended, nothing changes that any more. */
export const isOver = ({ step, endReason }: Pick<CommandLife, 'step' | 'endReason'>): boolean =>
  step === 'done' || step === 'refused' || (step === 'expired' && !OWN_REASONS.includes(endReason))

export function afterSending(life: CommandLife, at: number): CommandLife {
  const sent = { ...life, sentAt: at, sends: life.sends + 1 }
  return life.step === 'queued' ? { ...sent, step: 'delivered', deliveredAt: at } : sent
}

/** What a unit says, however often and in whatever order it comes. */
export function afterWord(
  life: CommandLife,
  { step, reason, result }: Pick<Progress, 'step' | 'reason' | 'result'>,
  at: number,
): CommandLife {
  const told = result === undefined ? life.result : JSON.stringify(result)
  // A word that was lost may have had what this one brings again.
  if (isOver(life)) return life.step === step && life.result === null ? { ...life, result: told } : life
  const deliveredAt = life.deliveredAt ?? at
  if (step === 'refused' && reason !== undefined && REFUSED_FOR_NOW.includes(reason)) {
    // Not taken: it is sent again until it expires, and who looks sees why it does not go on.
    return life.step === 'accepted'
      ? life
      : { ...life, deliveredAt, endReason: reason, step: 'delivered', endedAt: null }
  }
  if (step === 'accepted') {
    if (life.step === 'accepted') return life
    return { ...life, step, deliveredAt, acceptedAt: at, endedAt: null, endReason: null }
  }
  const acceptedAt = life.acceptedAt ?? (step === 'done' ? at : null)
  return { ...life, step, deliveredAt, acceptedAt, endedAt: at, endReason: reason ?? null, result: told }
}

/** What time alone does to a command; the same life when nothing. */
export function afterTime(life: CommandLife, now: number): CommandLife {
  if (life.endedAt !== null) return life
  const isAccepted = life.step === 'accepted'
  if (now < life.expiresAt + (isAccepted ? END_WITHIN_MS : WORD_WITHIN_MS)) return life
  return { ...life, step: 'expired', endedAt: now, endReason: life.step === 'queued' ? 'not-delivered' : 'no-word' }
}

/** From the first sending to the next; doubled each time. A unit answers in a second on a good line. */
const AGAIN_FIRST_MS = 5_000
const AGAIN_MOST_MS = 60_000

/**
 * Whether a command is to be sent now, to a unit that is there since `presentSince`. One that was accepted is asked for
 * again too: the word on its end may have been lost, and the unit answers without doing it twice.
 */
export function isDue(life: CommandLife, { now, presentSince }: { now: number; presentSince: number }): boolean {
  if (life.approvedAt === null || life.endedAt !== null) return false
  if (life.step !== 'accepted' && now >= life.expiresAt) return false
  if (life.sentAt === null || life.sentAt < presentSince) return true
  const waitMs =
    life.step === 'accepted' ? AGAIN_MOST_MS : Math.min(AGAIN_MOST_MS, AGAIN_FIRST_MS * 2 ** (life.sends - 1))
  return now - life.sentAt >= waitMs
}
