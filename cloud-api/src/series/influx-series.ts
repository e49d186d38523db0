import { HttpError, InfluxDB, type Point, setLogger } from '@influxdata/influxdb-client'
import { Fault } from '../faults.ts'
import { influxPointsOf } from './influx-points.ts'
import { type InfluxAccess, influxName, queryInflux, wordOf } from './influx-query.ts'
import { readingStatements, readingsOf } from './influx-readings.ts'
import { type RefusedPoint, SERIES_KEPT_MS, type SeriesStore, type TelemetryPoint } from './series-store.ts'

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
      const isMissing = error instanceof HttpError && error.statusCode === 404
      if (!isMissing) throw error
      await makeDatabase()
      await send(points)
    }
  }

  const makeDatabase = () => {
    const hours = SERIES_KEPT_MS / 3_600_000
    const policy = `WITH DURATION ${hours}h REPLICATION 1 NAME ${influxName('vigie')}`
    return queryInflux(access, [`CREATE DATABASE ${influxName(database)} ${policy}`])
  }

  const hasDatabase = async () => {
    const [found = []] = await queryInflux(access, ['SHOW DATABASES'])
    return found.some(({ rows }) => rows.some(({ name }) => name === database))
  }

  /** InfluxDB stores the good lines of a write that has bad ones, and names only one of these. */
  async function findRefused(points: readonly TelemetryPoint[]): Promise<RefusedPoint[]> {
    const refused: RefusedPoint[] = []
    for (const point of points) {
      const lines = influxPointsOf(point)
      try {
        await sendOrMake(lines)
      } catch (error) {
        if (!isRefusal(error)) throw faultOf(error)
        refused.push({ id: point.id, detail: error.message.slice(0, 300) })
      }
    }
    return refused
  }

  return {
    write: async (points) => {
      const lines = points.flatMap(influxPointsOf)
      try {
        await sendOrMake(lines)
        return []
      } catch (error) {
        if (isRefusal(error)) return findRefused(points)
        throw faultOf(error)
      }
    },
    read: async (query) => {
      try {
        return readingsOf(await queryInflux(access, readingStatements(query)))
      } catch (error) {
        // 1.6 answers several questions about a database that is not there with "not executed", and no word of why.
        if (await hasDatabase()) throw error
        return []
      }
    },
    check: async () => {
      await queryInflux(access, ['SHOW DATABASES'])
    },
    // The database was made with a duration: it forgets by itself.
    forget: async () => {},
    close: async () => {},
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
