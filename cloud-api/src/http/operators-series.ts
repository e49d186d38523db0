import type { SiteId, UnitId } from '@vigie/contract/ids'
import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import Type, { type Static, type TSchema } from 'typebox'
import type { SeriesStore } from '../series/series-store.ts'

const DAY_MS = 86_400_000

export const SERIES_DEFAULT_MS = DAY_MS

/** So many readings fill a chart of 720 px; telemetry comes once a minute, so no step is shorter. */
const READINGS = 720
const SHORTEST_STEP_S = 60

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const forEachClass = <Schema extends TSchema>(schema: Schema) =>
  Type.Object(Object.fromEntries(ITEM_CLASSES.map((name) => [name, schema])) as Record<ItemClass, Schema>) // keys are exactly the classes

const Reading = Type.Object({
  at: Type.String({ format: 'date-time', description: 'Where the step begins.' }),
  temperatureC: orNull(Type.Number()),
  diskFreeBytes: orNull(Type.Number()),
  diskTotalBytes: orNull(Type.Number()),
  memoryBytes: orNull(Type.Number()),
  memoryFreeBytes: orNull(Type.Number()),
  clockOffsetMs: orNull(Type.Number()),
  answerMs: Type.Record(Type.String(), Type.Number(), { description: 'By camera, for those that answered.' }),
  queue: forEachClass(Type.Object({ items: orNull(Type.Number()), bytes: orNull(Type.Number()) })),
  sentBytes: forEachClass(orNull(Type.Number())),
  wire: Type.Object(
    { sentBytes: orNull(Type.Number()), receivedBytes: orNull(Type.Number()) },
    { description: 'All that its connections carried since it started: payloads, MQTT and TLS.' },
  ),
})

export const Series = Type.Object(
  {
    site: Type.String(),
    from: Type.String({ format: 'date-time' }),
    to: Type.String({ format: 'date-time' }),
    stepSeconds: Type.Integer(),
    readings: Type.Array(Reading, { description: 'In order; steps in which nothing was measured are left out.' }),
  },
  { $id: 'Series', description: 'Means over each step; null where nothing was measured.' },
)
export type Series = Static<typeof Series>

/** Reads a period in steps that make at most READINGS of it. */
export async function readSeries(
  series: Pick<SeriesStore, 'read'>,
  { site, unit }: { site: SiteId; unit: UnitId | undefined },
  { from, to }: { from: number; to: number },
): Promise<Series> {
  const minutes = Math.max(1, Math.ceil((to - from) / 1000 / SHORTEST_STEP_S / READINGS))
  const stepS = minutes * SHORTEST_STEP_S
  const readings = await series.read({ site, unit, from, to, stepS })
  return {
    site,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    stepSeconds: stepS,
    readings: readings.map((reading) => ({ ...reading, at: new Date(reading.at).toISOString() })),
  }
}
