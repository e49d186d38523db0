import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'

/** What the outbox does with one class of items. */
export type ClassRule = {
  /** Bytes of payload that may wait. Beyond: `whenFull`. */
  maxBytes: number
  /** `drop-oldest`: the oldest of the class give way, and are counted. `refuse`: the newcomer is refused, and its maker told. */
  whenFull: 'drop-oldest' | 'refuse'
  /** In which order its items leave. */
  leaves: 'oldest-first' | 'newest-first'
  /** How many turns it has, against the other classes, when several wait. */
  weight: number
}

export type ClassRules = Record<ItemClass, ClassRule>

const MiB = 1024 * 1024

/**
 * The rules, by right of way. No class ever takes another's room, so tickets and alarms are dropped for nothing: when
 * their own room is full the newcomer is refused, and whoever made it decides.
 *
 * - ticket: 32 MiB hold about 60,000 scans, a year of a small museum.
 * - alarm: 4 MiB hold about 8,000.
 * - state: 1 MiB holds about 2,500 changes; each tells the whole, so the oldest are the least.
 * - telemetry: 16 MiB hold two weeks of minutes; older ones draw no chart that anybody looks at. The newest leaves first:
 *   it says how a view looks now, and must not wait behind history.
 * - frame: the newest picture is worth most, and one of two days ago may not be kept any more.
 */
export function classRules(options: { frameMaxBytes: number }): ClassRules {
  return {
    ticket: { maxBytes: 32 * MiB, whenFull: 'refuse', leaves: 'oldest-first', weight: 16 },
    alarm: { maxBytes: 4 * MiB, whenFull: 'refuse', leaves: 'oldest-first', weight: 8 },
    state: { maxBytes: 1 * MiB, whenFull: 'drop-oldest', leaves: 'oldest-first', weight: 4 },
    telemetry: { maxBytes: 16 * MiB, whenFull: 'drop-oldest', leaves: 'newest-first', weight: 2 },
    frame: { maxBytes: options.frameMaxBytes, whenFull: 'drop-oldest', leaves: 'newest-first', weight: 1 },
  }
}

/** 512 MiB hold three days of one view at 120 kB a minute; the cloud takes no picture older than two. */
export const FRAME_MAX_BYTES = 512 * MiB

/** One value for each class. */
export function forEachClass<Value>(value: (name: ItemClass) => Value): Record<ItemClass, Value> {
  return Object.fromEntries(ITEM_CLASSES.map((name) => [name, value(name)])) as Record<ItemClass, Value> // keys are exactly the classes
}
