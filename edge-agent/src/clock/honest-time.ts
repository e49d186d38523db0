import type { ClockState } from '@vigie/contract/clock'
import type { Envelope } from '@vigie/contract/envelope'
import type { Time } from '../time.ts'
import type { ClockMemory, Remembered } from './clock-memory.ts'
import type { MachineBoot } from './machine-boot.ts'

/**
 * The time that the cloud wrote into a receipt, when that came by our monotonic clock, and for how long at most it had
 * been on its way: since the first sending of what it answers.
 */
export type ClockComparison = { cloudAtMs: number; receivedMonoMs: number; roundTripMs: number }

/** What an envelope says of its moment. */
export type Dated = Pick<Envelope, 'at' | 'mono' | 'clock' | 'machine'>

/**
 * The unit's honest time: what the cloud's receipts say, carried by the monotonic clock. What the wall clock does once it
 * has been compared changes nothing, whichever way it is set.
 */
export type HonestTime = Time & {
  state(): ClockState
  /** Says when something happened in this run of the agent, as well as it is known now. */
  date(monoMs: number): Dated
  /** The time of something that was dated while the clock was unknown; null while it is unknown still. */
  redate(undated: Pick<Dated, 'at' | 'machine'>): string | null
  /** Wall clock minus honest time; null while that is unknown. */
  offsetMs(): number | null
  /** How far off it may be, in milliseconds; null while it is unknown. */
  errorMs(): number | null
  /** Takes the cloud's word. Not null: it made the time known, or told another one, and that should be remembered. */
  compare(comparison: ClockComparison): 'known' | 'corrected' | null
  /** Takes the authority's word, as an estimate until the cloud confirms it. The same is told of it. */
  estimate(comparison: ClockComparison): 'known' | 'corrected' | null
  /** Keeps for the next start what is known now; durable when it returns. Throws what the disk says. */
  remember(): void
}

/** Known to 5 s is `synchronised`: a picture's age is told in minutes. Worse, it is an estimate that the next receipt may mend. */
const SYNCHRONISED_WITHIN_MS = 5_000
/** A quartz of a cheap box drifts by 2 to 5 s a day: after that a confirmation is only an estimate. */
const CONFIRMED_FOR_MS = 24 * 3_600_000
const DRIFT = 5 / 86_400
/** Receipts are written with milliseconds, but wait for their batch. */
const LEAST_ERROR_MS = 100
/** What answers more slowly tells no time that is worth having. */
const MAX_ROUND_TRIP_MS = 2 * 60_000
/** A wall clock that never was compared is believed within these years after the floor; outside, the floor counts. */
const BELIEVED_FOR_MS = 10 * 365 * 86_400_000
/** More power cuts than these while items wait, and the oldest items are dated as those of a boot that never knew the time. */
const BOOTS_REMEMBERED = 16

/** `began`: honest time when the machine had been up for 0 ms; exact to `errorMs` at `upMs`. */
type Anchor = { beganMs: number; errorMs: number; upMs: number }

export function createHonestTime(
  { time, machine, memory }: { time: Time; machine: MachineBoot; memory: ClockMemory },
  { releasedMs }: { releasedMs: number },
): HonestTime {
  const upMs = (monoMs: number) => Math.max(0, Math.round(machine.upAtZeroMs + monoMs))
  const nowUpMs = () => upMs(time.monotonicMs())
  const remembered = memory.read()
  const boots = new Map(remembered?.boots.map(({ boot, began }) => [boot, Date.parse(began)]))
  const floor = floorOf(remembered, machine, nowUpMs(), releasedMs)
  /** An earlier run in this boot of the machine knew the time: its last word holds, carried on. */
  let anchor: Anchor | null = boots.has(machine.id)
    ? { beganMs: floor.beganMs, errorMs: SYNCHRONISED_WITHIN_MS, upMs: floor.upMs }
    : null
  let confirmedMonoMs = -Infinity

  /** No later than the truth: time has passed since the last that was known, by the clock that only goes forward. */
  const floorAt = (up: number) => Math.max(floor.beganMs + up, releasedMs)

  /** What an unknown clock says, as far as it can be believed. */
  function guessAt(monoMs: number): number {
    const lowest = floorAt(upMs(monoMs))
    const wallMs = Math.round(time.now() - (time.monotonicMs() - monoMs))
    return wallMs >= lowest && wallMs < lowest + BELIEVED_FOR_MS ? wallMs : lowest
  }

  const atMs = (monoMs: number) => (anchor ? anchor.beganMs + upMs(monoMs) : guessAt(monoMs))

  const uncertaintyMs = ({ errorMs, upMs: measured }: Anchor, up: number) => errorMs + (up - measured) * DRIFT

  const honest: HonestTime = {
    now: () => atMs(time.monotonicMs()),
    monotonicMs: time.monotonicMs,
    wait: time.wait,

    state() {
      if (anchor === null) return 'unknown'
      return time.monotonicMs() - confirmedMonoMs <= CONFIRMED_FOR_MS ? 'synchronised' : 'estimated'
    },

    date(monoMs) {
      const clock = honest.state()
      return {
        at: utc(atMs(monoMs)),
        mono: Math.max(0, Math.round(monoMs)),
        clock,
        ...(clock === 'unknown' && { machine: { boot: machine.id, mono: upMs(monoMs) } }),
      }
    },

    redate({ at, machine: made }) {
      if (anchor === null) return null
      const beganMs = made && boots.get(made.boot)
      if (made && beganMs !== undefined) return utc(beganMs + made.mono)
      // A boot that never knew the time: after the floor that it had, and before this one.
      return utc(Math.max(releasedMs, Math.min(Date.parse(at), boots.get(machine.id) ?? anchor.beganMs)))
    },

    offsetMs: () => (anchor ? Math.round(time.now() - honest.now()) : null),

    errorMs: () => (anchor ? Math.ceil(uncertaintyMs(anchor, nowUpMs())) : null),

    compare(comparison) {
      const isClose = comparison.roundTripMs / 2 <= SYNCHRONISED_WITHIN_MS
      if (isClose) confirmedMonoMs = comparison.receivedMonoMs
      return honest.estimate(comparison)
    },

    estimate({ cloudAtMs, receivedMonoMs, roundTripMs }) {
      if (roundTripMs > MAX_ROUND_TRIP_MS) return null
      const up = upMs(receivedMonoMs)
      const errorMs = Math.max(LEAST_ERROR_MS, roundTripMs / 2)
      const measured: Anchor = { beganMs: Math.round(cloudAtMs + roundTripMs / 2 - up), errorMs, upMs: up }
      const known = anchor
      const apartMs = known ? Math.abs(measured.beganMs - known.beganMs) : Infinity
      const isNews = known === null || apartMs > errorMs + uncertaintyMs(known, up)
      if (isNews || errorMs <= uncertaintyMs(known, up)) anchor = measured
      if (!isNews) return null
      // Otherwise it stays as it was first measured: what is dated by it and sent twice says the same time twice.
      boots.delete(machine.id) // so that it stands last
      boots.set(machine.id, measured.beganMs)
      return known === null ? 'known' : 'corrected'
    },

    remember() {
      const up = nowUpMs()
      memory.save({
        v: 1,
        last: { boot: machine.id, upMs: up, at: utc(anchor ? anchor.beganMs + up : floorAt(up)) },
        boots: [...boots].slice(-BOOTS_REMEMBERED).map(([boot, beganMs]) => ({ boot, began: utc(beganMs) })),
      })
    },
  }
  return honest
}

const utc = (ms: number) => new Date(ms).toISOString()

/**
 * Before which it cannot be now. In the boot of the machine that kept it time goes on from there; in a later one it was
 * kept before this boot began, whatever lies between.
 */
function floorOf(remembered: Remembered | null, machine: MachineBoot, nowUpMs: number, releasedMs: number) {
  if (!remembered) return { beganMs: releasedMs, upMs: 0 }
  const { boot, upMs, at } = remembered.last
  const beganMs = Date.parse(at) - (boot === machine.id ? upMs : 0)
  return { beganMs, upMs: boot === machine.id ? upMs : nowUpMs }
}
