import type { ItemClass } from '@vigie/contract/item-class'
import { type InfluxRow, type InfluxSeries, influxText } from './influx-query.ts'
import { forEachClass, type SeriesQuery, type SeriesReading } from './series-store.ts'

const GAUGES = {
  temperatureC: 'temperature_c',
  diskFreeBytes: 'disk_free_bytes',
  diskTotalBytes: 'disk_total_bytes',
  memoryBytes: 'memory_bytes',
  memoryFreeBytes: 'memory_free_bytes',
  clockOffsetMs: 'clock_offset_ms',
} as const
const WIRE = { sentBytes: 'wire_sent_bytes', receivedBytes: 'wire_received_bytes' } as const
const COUNTERS = ['items', 'bytes', 'sent_bytes']
const mean = (field: string) => `mean(${field}) AS ${field}`
const most = (field: string) => `max(${field}) AS ${field}`

/** The three questions whose answers make readings: means of gauges, the most of counters, means of answer times. */
export function readingStatements(query: SeriesQuery): string[] {
  const unit = query.unit === undefined ? '' : ` AND "unit" = ${influxText(query.unit)}`
  const span = `"site" = ${influxText(query.site)}${unit} AND time >= ${query.from}ms AND time < ${query.to}ms`
  const ask = (what: string[], measurement: string, tags: string[]) =>
    [
      ['SELECT', what.join(', '), 'FROM', measurement, 'WHERE', span],
      ['GROUP BY', [`time(${query.stepS}s)`, ...tags].join(', '), 'fill(none)'],
    ]
      .flat()
      .join(' ')
  return [
    ask([...Object.values(GAUGES).map(mean), ...Object.values(WIRE).map(most)], 'unit_health', []),
    ask(COUNTERS.map(most), 'outbox', ['"class"']),
    ask([mean('answer_ms')], 'camera_answer', ['"camera"']),
  ]
}

/** Puts the three answers together, a reading for each step in which the unit said anything. */
export function readingsOf([health = [], outbox = [], answers = []]: readonly InfluxSeries[][]): SeriesReading[] {
  const byClass = rowsByTime(outbox, 'class')
  const byCamera = rowsByTime(answers, 'camera')
  const outboxOf = (name: ItemClass, at: number) => byClass.get(name)?.get(at)
  return (health[0]?.rows ?? []).map((row) => {
    const at = numberIn(row, 'time') ?? 0
    const gauge = (name: keyof typeof GAUGES) => numberIn(row, GAUGES[name])
    return {
      at,
      temperatureC: gauge('temperatureC'),
      diskFreeBytes: gauge('diskFreeBytes'),
      diskTotalBytes: gauge('diskTotalBytes'),
      memoryBytes: gauge('memoryBytes'),
      memoryFreeBytes: gauge('memoryFreeBytes'),
      clockOffsetMs: gauge('clockOffsetMs'),
      answerMs: Object.fromEntries(
        [...byCamera].flatMap(([camera, rows]) => {
          const answerMs = numberIn(rows.get(at), 'answer_ms')
          return answerMs === null ? [] : [[camera, answerMs]]
        }),
      ),
      queue: forEachClass((name) => {
        const waiting = outboxOf(name, at)
        return { items: numberIn(waiting, 'items'), bytes: numberIn(waiting, 'bytes') }
      }),
      sentBytes: forEachClass((name) => numberIn(outboxOf(name, at), 'sent_bytes')),
      wire: { sentBytes: numberIn(row, WIRE.sentBytes), receivedBytes: numberIn(row, WIRE.receivedBytes) },
    }
  })
}

const rowsByTime = (answer: readonly InfluxSeries[], tag: string) =>
  new Map(answer.map(({ tags, rows }) => [tags[tag] ?? '', new Map(rows.map((row) => [row['time'], row]))]))

function numberIn(row: InfluxRow | undefined, column: string): number | null {
  const value = row?.[column]
  return typeof value === 'number' ? value : null
}
