import type { Clock, ClockState } from '@vigie/contract/clock'
import type { Envelope } from '@vigie/contract/envelope'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import { WIRE_VERSION } from '@vigie/contract/version'

/** One moment, on both clocks. */
export type Moment = { atMs: number; monoMs: number }

/**
 * The moment when a camera was asked for what it has just answered. A picture may be older than that but never younger,
 * so that no age is ever told too young.
 */
export function momentOf(clock: Clock, answerMs = 0): Moment {
  return { atMs: clock.now() - answerMs, monoMs: clock.monotonicMs() - answerMs }
}

/** Gives every message of a unit its id, boot, number and time. */
export type Stamp = {
  /** @param moment when the thing happened; now, unless said otherwise */
  next(series: ItemClass | 'presence' | 'progress', moment?: Moment): Envelope
}

/** One stamp for each boot: numbers count from 0 in each class. */
export function createStamp(
  who: { unit: UnitId; boot: BootId },
  deps: { clock: Clock; newId: () => ItemId; clockState: () => ClockState },
): Stamp {
  const numbers = new Map<string, number>()
  return {
    next(series, moment = momentOf(deps.clock)) {
      const seq = numbers.get(series) ?? 0
      numbers.set(series, seq + 1)
      return {
        v: WIRE_VERSION,
        id: deps.newId(),
        unit: who.unit,
        boot: who.boot,
        seq,
        at: new Date(moment.atMs).toISOString(),
        mono: Math.max(0, Math.round(moment.monoMs)),
        clock: deps.clockState(),
      }
    },
  }
}
