import type { Clock } from '@vigie/contract/clock'
import type { Envelope } from '@vigie/contract/envelope'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import type { ItemClass } from '@vigie/contract/item-class'
import { WIRE_VERSION } from '@vigie/contract/version'
import type { HonestTime } from './clock/honest-time.ts'

/** One moment of this run of the agent: its date may become known only later. */
export type Moment = { monoMs: number }

/**
 * The moment when a camera was asked for what it has just answered. A picture may be older than that but never younger,
 * so that no age is ever told too young.
 */
export function momentOf(clock: Pick<Clock, 'monotonicMs'>, answerMs = 0): Moment {
  return { monoMs: clock.monotonicMs() - answerMs }
}

/** Gives every message of a unit its id, boot, number and time. */
export type Stamp = {
  /** @param moment when the thing happened; now, unless said otherwise */
  next(series: ItemClass | 'presence' | 'progress' | 'preview', moment?: Moment): Envelope
}

/** One stamp for each boot: numbers count from 0 in each class. */
export function createStamp(
  who: { unit: UnitId; boot: BootId },
  deps: { time: Pick<HonestTime, 'monotonicMs' | 'date'>; newId: () => ItemId },
): Stamp {
  const numbers = new Map<string, number>()
  return {
    next(series, moment = momentOf(deps.time)) {
      const seq = numbers.get(series) ?? 0
      numbers.set(series, seq + 1)
      return {
        v: WIRE_VERSION,
        id: deps.newId(),
        unit: who.unit,
        boot: who.boot,
        seq,
        ...deps.time.date(moment.monoMs),
      }
    },
  }
}
