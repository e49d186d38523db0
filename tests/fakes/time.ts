/** A time whose hands move only when somebody waits: every wait is over at once, and the clocks have moved by it. */
export type FakeTime = {
  now(): number
  monotonicMs(): number
  wait(ms: number, signal: AbortSignal): Promise<void>
  /** Moves both clocks. */
  pass(ms: number): void
  /** Sets the wall clock, as a time server or a person does; the monotonic clock does not notice. */
  setWall(nowMs: number): void
}

/** What it lies about: nothing happens while it waits, so two waits side by side are served in turn, each in full. */
export function createFakeTime({ nowMs }: { nowMs: number }): FakeTime {
  let wallMs = nowMs
  let monoMs = 0
  function pass(ms: number): void {
    wallMs += ms
    monoMs += ms
  }
  return {
    now: () => wallMs,
    monotonicMs: () => monoMs,
    async wait(ms, signal) {
      signal.throwIfAborted()
      pass(ms)
    },
    pass,
    setWall(to) {
      wallMs = to
    },
  }
}

/** A clock of which everything is known: it dates what happened as one that the cloud has just confirmed. */
export function knownTime<Hands extends { now(): number; monotonicMs(): number }>(clock: Hands) {
  return {
    ...clock,
    date: (monoMs: number) => ({
      at: new Date(Math.round(clock.now() - clock.monotonicMs() + monoMs)).toISOString(),
      mono: Math.max(0, Math.round(monoMs)),
      clock: 'synchronised' as const,
    }),
  }
}
