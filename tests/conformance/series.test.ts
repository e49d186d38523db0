import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInfluxSeries } from '@vigie/cloud-api/series/influx-series'
import { SERIES_KEPT_MS, type SeriesStore, type TelemetryPoint } from '@vigie/cloud-api/series/series-store'
import { createSqliteSeries } from '@vigie/cloud-api/store/sqlite-series'
import type { CameraId, ItemId, SiteId, UnitId } from '@vigie/contract/ids'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Influx, startInflux } from '../fixtures/influx.ts'
import { newUlid } from '../fixtures/trial-fleet.ts'
import { until } from '../fixtures/until.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Not far from now: InfluxDB drops what is older than the database's duration. */
const START = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 24 * HOUR_MS
const site = 'essai-1' as SiteId
const cam1 = 'cam1' as CameraId
const nothing = { items: 0, bytes: 0 }

const pointAt = (minute: number, change: Partial<TelemetryPoint> = {}): TelemetryPoint => ({
  id: newUlid() as ItemId,
  site,
  unit: 'vg-0001' as UnitId,
  at: START + minute * MINUTE_MS,
  temperatureC: 20,
  diskFreeBytes: 5_000_000_000,
  diskTotalBytes: 8_000_000_000,
  memoryBytes: 90_000_000,
  memoryFreeBytes: 500_000_000,
  cameras: [{ camera: cam1, answerMs: 200 }],
  queue: { ticket: nothing, alarm: nothing, state: nothing, telemetry: nothing, frame: { items: 3, bytes: 400_000 } },
  sentBytes: { ticket: 0, alarm: 0, state: 100, telemetry: 200, frame: 300_000 },
  wire: { sentBytes: 320_000, receivedBytes: 9_000 },
  clockOffsetMs: -12,
  ...change,
})

/** Every promise of the port, on each store. */
function seriesKeepTheirPromises(open: () => Promise<() => SeriesStore | Promise<SeriesStore>>) {
  let openAgain: () => SeriesStore | Promise<SeriesStore>
  let series: SeriesStore
  beforeEach(async () => {
    openAgain = await open()
    series = await openAgain()
  })
  afterEach(() => series.close())
  const read = (query: Partial<Parameters<SeriesStore['read']>[0]> = {}) =>
    series.read({ site, from: START, to: START + HOUR_MS, stepS: 60, ...query })

  test('gives back what was measured, whole and by the minute', async () => {
    expect(await series.write([pointAt(0), pointAt(2)])).toEqual([])
    const readings = await read()
    expect(readings.map(({ at }) => (at - START) / MINUTE_MS)).toEqual([0, 2])
    expect(readings[0]).toEqual({
      at: START,
      temperatureC: 20,
      diskFreeBytes: 5_000_000_000,
      diskTotalBytes: 8_000_000_000,
      memoryBytes: 90_000_000,
      memoryFreeBytes: 500_000_000,
      clockOffsetMs: -12,
      answerMs: { cam1: 200 },
      queue: {
        ticket: nothing,
        alarm: nothing,
        state: nothing,
        telemetry: nothing,
        frame: { items: 3, bytes: 400_000 },
      },
      sentBytes: { ticket: 0, alarm: 0, state: 100, telemetry: 200, frame: 300_000 },
      wire: { sentBytes: 320_000, receivedBytes: 9_000 },
    })
  })

  test('takes means of gauges and the most of counters over a longer step', async () => {
    const queue = pointAt(0).queue
    await series.write([
      pointAt(0, { temperatureC: 10, cameras: [{ camera: cam1, answerMs: 100 }] }),
      pointAt(4, { temperatureC: 21.5, queue: { ...queue, frame: { items: 9, bytes: 1 } }, cameras: [] }),
      pointAt(5, { temperatureC: -7 }),
    ])
    const readings = await read({ stepS: 300 })
    expect(readings.map(({ temperatureC }) => temperatureC)).toEqual([15.75, -7])
    expect(readings[0]?.queue.frame).toEqual({ items: 9, bytes: 400_000 })
    expect(readings[0]?.answerMs).toEqual({ cam1: 100 })
  })

  test('says null where a box knows nothing, never a number', async () => {
    const unknown = { temperatureC: null, diskFreeBytes: null, diskTotalBytes: null, clockOffsetMs: null }
    await series.write([pointAt(0, { ...unknown, cameras: [{ camera: cam1, answerMs: null }] })])
    expect(await read()).toMatchObject([{ ...unknown, answerMs: {}, memoryBytes: 90_000_000 }])
  })

  test('takes a unit that does not count what its connections carry, and says null for it', async () => {
    const { wire: _, ...uncounted } = pointAt(0)
    await series.write([uncounted, pointAt(1)])
    const readings = await read()
    expect(readings.map(({ wire }) => wire)).toEqual([
      { sentBytes: null, receivedBytes: null },
      { sentBytes: 320_000, receivedBytes: 9_000 },
    ])
  })

  test('writes a point that comes again once', async () => {
    const point = pointAt(0)
    await series.write([point])
    await series.write([point, { ...point, id: newUlid() as ItemId }])
    expect(await read({ stepS: 3600 })).toMatchObject([{ temperatureC: 20 }])
  })

  test('tells the boxes of one site apart where one is named, and takes them together where none is', async () => {
    const beside = { unit: 'vg-0002' as UnitId, temperatureC: 40 }
    await series.write([pointAt(0, { temperatureC: 20 }), pointAt(0, beside)])
    expect(await read({ unit: 'vg-0002' as UnitId })).toMatchObject([{ temperatureC: 40 }])
    expect(await read({ unit: "x' OR '1'='1" as UnitId })).toEqual([])
    expect(await read()).toMatchObject([{ temperatureC: 30 }])
  })

  test('tells sites, cameras and times apart', async () => {
    const elsewhere = { site: 'essai-2' as SiteId, unit: 'vg-0002' as UnitId, temperatureC: 1 }
    const two = [
      { camera: cam1, answerMs: 100 },
      { camera: 'cam2' as CameraId, answerMs: 300 },
    ]
    await series.write([pointAt(0, { cameras: two }), pointAt(0, elsewhere), pointAt(60), pointAt(-1)])
    const readings = await read()
    expect(readings).toHaveLength(1)
    expect(readings[0]).toMatchObject({ temperatureC: 20, answerMs: { cam1: 100, cam2: 300 } })
    expect(await read({ site: 'essai-2' as SiteId })).toMatchObject([{ temperatureC: 1 }])
    expect(await read({ site: "x' OR '1'='1" as SiteId })).toEqual([])
  })

  test('is empty before anything was written', async () => {
    expect(await read()).toEqual([])
    await series.check()
  })

  test('takes a fleet that comes back from a day without network in one write', async () => {
    const points = Array.from({ length: 500 }, (_, index) => pointAt(index - 500))
    expect(await series.write(points)).toEqual([])
    const readings = await read({ from: START - 24 * HOUR_MS, to: START, stepS: 3600 })
    expect(readings).toHaveLength(9)
  })

  test('has what it acknowledged after it was closed and opened again', async () => {
    await series.write([pointAt(0)])
    await series.close()
    series = await openAgain()
    expect(await read()).toHaveLength(1)
  })
}

describe('in SQLite', () => {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  const open = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-series-'))
    folders.push(folder)
    return () => createSqliteSeries(join(folder, 'series.sqlite'))
  }
  seriesKeepTheirPromises(open)

  test('forgets what is older than 400 days', async () => {
    const series = await (await open())()
    await series.write([pointAt(0), pointAt(1)])
    await series.forget(START + SERIES_KEPT_MS + 1)
    const readings = await series.read({ site, from: 0, to: START + HOUR_MS, stepS: 60 })
    expect(readings.map(({ at }) => at)).toEqual([START + MINUTE_MS])
    await series.close()
  })
})

describe('in InfluxDB', () => {
  let influx: Influx
  let databases = 0
  beforeAll(async () => {
    influx = await startInflux()
  })
  afterAll(() => influx.stop())
  const open = async () => {
    databases += 1
    const { url, user, password } = influx
    const database = `vigie_${databases}`
    return () => createInfluxSeries({ url, database, user, password })
  }
  seriesKeepTheirPromises(open)

  const ask = async (q: string, database = '') => {
    const { url, user, password } = influx
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const body = new URLSearchParams({ q, db: database, epoch: 'ms' })
    const response = await fetch(`${url}/query`, { method: 'POST', body, headers: { authorization } })
    return JSON.stringify(await response.json())
  }

  test('keeps what it acknowledged over a kill -9', async () => {
    const series = await (await open())()
    let acknowledged = 0
    const writing = (async () => {
      for (let minute = 0; minute < 2_000; minute += 20) {
        await series.write(Array.from({ length: 20 }, (_, index) => pointAt(minute + index)))
        acknowledged = minute + 20
      }
    })().catch((error: unknown) => error)
    await until(() => acknowledged >= 100)
    await influx.kill()
    expect(await writing).toMatchObject({ code: 'series-unavailable', retryable: true })
    const wereAcknowledged = acknowledged
    await influx.restart()
    const readings = await series.read({ site, from: START, to: START + 48 * HOUR_MS, stepS: 60 })
    const minutes = new Set(readings.map(({ at }) => (at - START) / MINUTE_MS))
    const lost = Array.from({ length: wereAcknowledged }, (_, minute) => minute).filter(
      (minute) => !minutes.has(minute),
    )
    expect(lost).toEqual([])
  })

  test('refuses by id the points that it will never take, and has stored the others', async () => {
    const series = await (await open())()
    await series.write([pointAt(0)])
    // InfluxDB drops what is older than its database keeps, and answers 400 "partial write".
    const bad = pointAt(1, { at: START - SERIES_KEPT_MS - HOUR_MS })
    const refused = await series.write([bad, pointAt(2), pointAt(3)])
    expect(refused).toMatchObject([{ id: bad.id, detail: expect.stringContaining('partial write') }])
    const readings = await series.read({ site, from: START, to: START + HOUR_MS, stepS: 60 })
    expect(readings.map(({ at }) => (at - START) / MINUTE_MS)).toEqual([0, 2, 3])
  })

  test('makes its database with a duration of 400 days', async () => {
    const series = await (await open())()
    await series.write([pointAt(0)])
    const policies = await ask(`SHOW RETENTION POLICIES ON "vigie_${databases}"`)
    expect(policies).toContain('"9600h0m0s"')
    expect(policies).not.toContain('"autogen"')
  })

  test('a wrong password and a server that is away are faults that pass', async () => {
    const { url, user } = influx
    const locked = createInfluxSeries({ url, database: 'vigie_1', user, password: 'wrong' })
    const away = createInfluxSeries({ url: 'http://127.0.0.1:9', database: 'vigie_1' })
    for (const series of [locked, away]) {
      const fault = { code: 'series-unavailable', retryable: true }
      await expect(series.write([pointAt(0)])).rejects.toMatchObject(fault)
      await expect(series.read({ site, from: START, to: START + 1, stepS: 60 })).rejects.toMatchObject(fault)
      await expect(series.check()).rejects.toMatchObject(fault)
    }
  })
})
