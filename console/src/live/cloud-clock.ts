/** The cloud's time, in milliseconds: ages are counted by it, whatever the reader's own clock says. */
export type CloudClock = {
  now(): number
  /** The cloud has just said what time it is. */
  set(cloudNow: number): void
}

/** @param cloudNow what the page says; @param monotonicMs goes on evenly; a sleep of the machine ends with a new list. */
export function createCloudClock(cloudNow: number, monotonicMs: () => number): CloudClock {
  let offset = cloudNow - monotonicMs()
  return {
    now: () => monotonicMs() + offset,
    set: (heard) => {
      offset = heard - monotonicMs()
    },
  }
}
