/** A technician stands before the box: the answer to what he did should come before he looks twice. */
const FIRST_WAITS = [
  { forMs: 15 * 60_000, waitS: 5 },
  { forMs: 4 * 3_600_000, waitS: 60 },
]
/** A box that was put on a shelf with its power on must not eat a SIM: a question costs some 5 kB. */
const LAST_WAIT_S = 900

/** Claims remembered at once. Beyond: the first one asks as if anew. */
const MAX_CLAIMS = 5_000

/** Says how many seconds a box waits that asked with a claim that nobody has bound yet: seldom, once it has asked for long. */
export function waitBeforeAsking(): (claim: string, now: number) => number {
  const firstAt = new Map<string, number>()
  return (claim, now) => {
    const since = now - (firstAt.get(claim) ?? now)
    if (!firstAt.has(claim)) firstAt.set(claim, now)
    const [oldest] = firstAt.keys()
    if (firstAt.size > MAX_CLAIMS && oldest !== undefined) firstAt.delete(oldest)
    return FIRST_WAITS.find(({ forMs }) => since < forMs)?.waitS ?? LAST_WAIT_S
  }
}
