/** A reader in front of a moving curtain reads twice a second. */
const EVERY_MS = 60_000

/** Tells what happens often at most once a minute, with how often it was. */
export function createRarely(monotonicMs: () => number) {
  let toldMs: number | null = null
  let times = 0
  return (tell: (times: number) => void): void => {
    times += 1
    const nowMs = monotonicMs()
    if (toldMs !== null && nowMs - toldMs < EVERY_MS) return
    tell(times)
    toldMs = nowMs
    times = 0
  }
}
