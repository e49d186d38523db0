import type { Clock, ClockState } from './clock.ts'
import { civilDayOf, civilDayOfDate } from './gate/civil-time.ts'
import type { SignedLists } from './signed-lists.ts'

/** What a gate should tell a person about its lists. It goes on deciding by them all the same. */
export type ListTrouble = {
  cause: 'catalogue-missing' | 'lists-old' | 'keys-ending'
  /** For whoever looks into it. */
  about: string
}

/** A link that is down for a night is no news; what was taken back a day ago and is not known here may let somebody in. */
const OLD_AFTER_S = 24 * 3_600
/** A box that was just set up hears its catalogue within seconds. */
const MISSING_AFTER_S = 15 * 60
/** The key of a season is told three weeks before it begins. With a week left, two weeks of telling were missed. */
const ENDING_WITHIN_DAYS = 7

/** @param upS for how long this has been looked at: of lists whose age nobody knows it is at least that */
export function listTroubles(
  { catalogue, ageS }: Pick<SignedLists, 'catalogue' | 'ageS'>,
  { nowMs, state, upS }: { nowMs: number; state: ClockState; upS: number },
): ListTrouble[] {
  const current = catalogue()
  if (current === null) return upS < MISSING_AFTER_S ? [] : [{ cause: 'catalogue-missing', about: 'none has come' }]
  const troubles: ListTrouble[] = []
  const age = ageS()
  if ((age ?? upS) >= OLD_AFTER_S) {
    const hours = Math.floor((age ?? upS) / 3_600)
    troubles.push({ cause: 'lists-old', about: `${hours} h${age === null ? ', since the start' : ''}` })
  }
  const ends = current.keys.filter(({ test = false }) => !test).map(({ until }) => until)
  const last = ends.toSorted().at(-1)
  const isEnding = last === undefined || civilDayOfDate(last) - civilDayOf(nowMs) < ENDING_WITHIN_DAYS
  // By a clock that knows nothing every key has ended, or none.
  if (isEnding && state !== 'unknown') troubles.push({ cause: 'keys-ending', about: last ?? 'no key' })
  return troubles
}

/** What goes on being wrong is said once a day: it stands in a ledger, and people come by once a day. */
const AGAIN_AFTER_MS = 24 * 3_600_000
const LOOK_EVERY_MS = 60_000

/** To be asked often: raises what is wrong with the lists. */
export function createListWatch({
  lists,
  clock,
  raise,
}: {
  lists: Pick<SignedLists, 'catalogue' | 'ageS'>
  clock: Clock & { state(): ClockState }
  raise(cause: ListTrouble['cause'], about: string): void
}): { look(): void } {
  const beganMs = clock.monotonicMs()
  const said = new Map<string, number>()
  let lookedMs = Number.NEGATIVE_INFINITY
  return {
    look() {
      const monoMs = clock.monotonicMs()
      if (monoMs - lookedMs < LOOK_EVERY_MS) return
      lookedMs = monoMs
      const now = { nowMs: clock.now(), state: clock.state(), upS: (monoMs - beganMs) / 1000 }
      for (const { cause, about } of listTroubles(lists, now)) {
        if (monoMs - (said.get(cause) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) continue
        said.set(cause, monoMs)
        raise(cause, about)
      }
    },
  }
}
