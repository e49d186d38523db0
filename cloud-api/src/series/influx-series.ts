import { HttpError, InfluxDB, type Point, setLogger } from '@influxdata/influxdb-client'
import type { ItemClass } from '@vigie/contract/item-class'
import { Fault } from '../faults.ts'
import { influxPointsOf } from './influx-points.ts'
import { type InfluxAccess, type InfluxSeries, influxName, influxText, queryInflux, wordOf } from './influx-query.ts'
import {
  forEachClass,
  type RefusedPoint,
  SERIES_KEPT_MS,
  type SeriesReading,
  type SeriesStore,
  type TelemetryPoint,
} from './series-store.ts'

export type InfluxOptions = {
  /** As http://host:8086; a path before /write and /query is kept. */
  url: string
  database: string
  user?: string | undefined
  password?: string | undefined
}

/**
 * The client sends in the background, and flush() no longer waits for it, once this many lines are there: with 5,000,
 * 6,000 points were "written" and none was on the disk after a kill (measured with InfluxDB 1.6.7, 2026-11-22). A write
 * of ours has some 4,000 lines at most, and all of them wait for its flush.
 */
const MORE_LINES_THAN_ANY_WRITE = 1_000_000
const WRITE_WITHIN_MS = 10_000

/** Series in InfluxDB, by the routes that its versions share: /write and /query, with Basic access. */
export function createInfluxSeries({ url, database, user, password }: InfluxOptions): SeriesStore {
  const base = url.replace(/\/+$/, '')
  const basic = Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64')
  const headers: Record<string, string> = user === undefined ? {} : { authorization: `Basic ${basic}` }
  const access: InfluxAccess = { url: base, database, headers }
  const client = new InfluxDB({ url: base, headers, timeout: WRITE_WITHIN_MS })
  // The library would print failures on the console; they are thrown here.
  setLogger({ error: () => {}, warn: () => {} })

  /** Sends points in one request and waits for its answer. */
  async function send(points: readonly Point[]): Promise<void> {
    const api = client.getWriteApi('', '', 'ms', {
      batchSize: MORE_LINES_THAN_ANY_WRITE,
      flushInterval: 0,
      maxRetries: 0,
    })
    api.path = `/write?db=${encodeURIComponent(database)}&precision=ms`
    api.writePoints([...points])
    await api.flush()
  }

  async function sendOrMake(points: readonly Point[]): Promise<void> {
    try {
      await send(points)
    } catch (error) {
      if (!(error instanceof HttpError && error.statusCode === 404 && /database not found/.test(error.body ?? '')))
        throw error
      await makeDatabase()
      await send(points)
    }
  }

  const makeDatabase = () => {
    const hours = SERIES_KEPT_MS / 3_600_000
    const policy = `WITH DURATION ${hours}h REPLICATION 1 NAME ${influxName('vigie')}`
    return queryInflux(access, [`CREATE DATABASE ${influxName(database)} ${policy}`])
  }

  /** InfluxDB stores the good lines of a write that has bad ones, and names only one of these. */
  async function findRefused(points: readonly TelemetryPoint[]): Promise<RefusedPoint[]> {
    const refused: RefusedPoint[] = []
    for (const point of points) {
      try {
        await sendOrMake(influxPointsOf(point))
      } catch (error) {
        if (!isRefusal(error)) throw faultOf(error)
        refused.push({ id: point.id, detail: error.message.slice(0, 300) })
      }
    }
    return refused
  }

  return {
    write: async (points) => {
      try {
        await sendOrMake(points.flatMap(influxPointsOf))
        return []
      } catch (error) {
        if (isRefusal(error)) return findRefused(points)
        throw faultOf(error)
      }
    },
    read: async ({ site, from, to, stepS }) => {
      const where = `WHERE "site" = ${influxText(site)} AND time >= ${from}ms AND time < ${to}ms`
      const steps = `time(${stepS}s)`
      const select = (what: string[], measurement: string, by: string[]) =>
        [
          'SELECT',
          what.join(', '),
          'FROM',
          measurement,
          where,
          'GROUP BY',
          [steps, ...by].join(', '),
          'fill(none)',
        ].join(' ')
      const [health = [], outbox = [], answers = []] = await queryInflux(access, [
        select(
          Object.entries(GAUGES).map(([name, field]) => `mean(${field}) AS "${name}"`),
          'unit_health',
          [],
        ),
        select(
          ['items', 'bytes', 'sent_bytes'].map((field) => `max(${field}) AS "${field}"`),
          'outbox',
          ['"class"'],
        ),
        select(['mean(answer_ms) AS "answer_ms"'], 'camera_answer', ['"camera"']),
      ]).catch((error: unknown) => {
        if (error instanceof Fault && /database not found/.test(error.message)) return []
        throw error
      })
      return (health[0]?.rows ?? []).map(({ at, values }) => readingOf(at, values, outbox, answers))
    },
    check: async () => {
      await queryInflux(access, ['SHOW DATABASES'])
    },
    // The database was made with a duration: it forgets by itself.
    forget: async () => {},
    close: async () => {},
  }
}

const GAUGES = {
  temperatureC: 'temperature_c',
  diskFreeBytes: 'disk_free_bytes',
  diskTotalBytes: 'disk_total_bytes',
  memoryBytes: 'memory_bytes',
  memoryFreeBytes: 'memory_free_bytes',
  clockOffsetMs: 'clock_offset_ms',
} as const

function readingOf(
  at: number,
  gauges: Record<string, number | null>,
  outbox: readonly InfluxSeries[],
  answers: readonly InfluxSeries[],
): SeriesReading {
  const rowOf = (series: InfluxSeries | undefined) => series?.rows.find((row) => row.at === at)?.values ?? {}
  const ofClass = (name: ItemClass) => rowOf(outbox.find(({ tags }) => tags['class'] === name))
  const gauge = (name: keyof typeof GAUGES) => gauges[name] ?? null
  return {
    at,
    temperatureC: gauge('temperatureC'),
    diskFreeBytes: gauge('diskFreeBytes'),
    diskTotalBytes: gauge('diskTotalBytes'),
    memoryBytes: gauge('memoryBytes'),
    memoryFreeBytes: gauge('memoryFreeBytes'),
    clockOffsetMs: gauge('clockOffsetMs'),
    answerMs: Object.fromEntries(
      answers.flatMap((series) => {
        const answerMs = rowOf(series)['answer_ms'] ?? null
        return answerMs === null ? [] : [[series.tags['camera'] ?? '', answerMs]]
      }),
    ),
    queue: forEachClass((name) => ({ items: ofClass(name)['items'] ?? null, bytes: ofClass(name)['bytes'] ?? null })),
    sentBytes: forEachClass((name) => ofClass(name)['sent_bytes'] ?? null),
  }
}

/** 400: the points themselves are wrong. All else is a server that must be mended, or asked again. */
const isRefusal = (error: unknown): error is HttpError => error instanceof HttpError && error.statusCode === 400

function faultOf(error: unknown): unknown {
  if (error instanceof Fault) return error
  if (error instanceof HttpError) {
    return new Fault('series-unavailable', {
      cause: error,
      detail: `${error.statusCode} ${error.message.slice(0, 200)}`,
    })
  }
  return new Fault('series-unavailable', { cause: error, detail: wordOf(error) })
}
