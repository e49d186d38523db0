import type { ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import type { TelemetrySample } from '@vigie/contract/telemetry'

/** A unit's health at one moment. */
export type TelemetryPoint = Pick<
  TelemetrySample,
  | 'temperatureC'
  | 'diskFreeBytes'
  | 'diskTotalBytes'
  | 'memoryBytes'
  | 'memoryFreeBytes'
  | 'cameras'
  | 'queue'
  | 'sentBytes'
  | 'wire'
  | 'clockOffsetMs'
> & {
  /** The item that brought it, perhaps with others. */
  id: ItemId
  site: SiteId
  unit: UnitId
  /** When it was measured, in milliseconds since 1970 UTC. */
  at: number
}

/** The health of a site's unit over one step: means of what was measured in it, null where nothing was. */
export type SeriesReading = {
  /** Where the step begins, in milliseconds; a multiple of the step. */
  at: number
  temperatureC: number | null
  diskFreeBytes: number | null
  diskTotalBytes: number | null
  memoryBytes: number | null
  memoryFreeBytes: number | null
  clockOffsetMs: number | null
  /** Milliseconds from request to last byte, for each camera that answered. */
  answerMs: Record<string, number>
  /** The most that waited. */
  queue: Record<ItemClass, { items: number | null; bytes: number | null }>
  /** The greatest count since boot: falls when the unit starts again. */
  sentBytes: Record<ItemClass, number | null>
  /** What the connections carried since boot, likewise; null for a unit that does not count it. */
  wire: { sentBytes: number | null; receivedBytes: number | null }
}

export type SeriesQuery = { site: SiteId; unit?: UnitId | undefined; from: number; to: number; stepS: number }

/** A point that will never be taken, and why. */
export type RefusedPoint = { id: ItemId; detail: string }

/** Series are kept for a winter, a summer and the winter before to compare with. */
export const SERIES_KEPT_MS = 400 * 86_400_000

/**
 * Where series are kept. Two implementations: InfluxDB, and tables of SQLite. The same point written again changes
 * nothing: site, unit and time are its name.
 */
export type SeriesStore = {
  /**
   * Writes points. When it returns, all but the refused ones are on the disk. Throws a Fault `series-unavailable`, and
   * then any of them may have been stored.
   */
  write(points: readonly TelemetryPoint[]): Promise<RefusedPoint[]>
  /**
   * Readings of [from, to), in order of time, steps without any point left out. Of one unit where one is named: a site's
   * own history goes over the boxes that stood there one after the other, but boxes side by side must not be mixed.
   */
  read(query: SeriesQuery): Promise<SeriesReading[]>
  /** Resolves when the store answers; for /health. */
  check(): Promise<void>
  /** Forgets what is older than SERIES_KEPT_MS, where the store does not do so by itself. */
  forget(now: number): Promise<void>
  close(): Promise<void>
}

/** A record with something for each class of items. */
export const forEachClass = <Value>(of: (name: ItemClass) => Value) =>
  Object.fromEntries(ITEM_CLASSES.map((name) => [name, of(name)])) as Record<ItemClass, Value> // all classes
