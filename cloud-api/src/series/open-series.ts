import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../settings.ts'
import { createSqliteSeries } from '../store/sqlite-series.ts'
import { createInfluxSeries } from './influx-series.ts'
import type { SeriesStore } from './series-store.ts'

/** The series store that the settings name: InfluxDB when they do, else a SQLite file in the data folder. */
export async function openSeries(settings: Settings): Promise<SeriesStore> {
  const { influxUrl, influxDatabase, influxUser, influxPasswordFile, dataFolder } = settings
  if (influxUrl === undefined) return createSqliteSeries(join(dataFolder, 'series.sqlite'))
  const password = influxPasswordFile === undefined ? undefined : readFileSync(influxPasswordFile, 'utf8').trimEnd()
  return createInfluxSeries({ url: influxUrl, database: influxDatabase, user: influxUser, password })
}
