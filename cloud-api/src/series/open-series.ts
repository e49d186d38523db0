import { join } from 'node:path'
import type { Settings } from '../settings.ts'
import { createSqliteSeries } from '../store/sqlite-series.ts'
import { createInfluxSeries } from './influx-series.ts'
import type { SeriesStore } from './series-store.ts'

/** The series store that the settings name: InfluxDB when they do, else a SQLite file in the data folder. */
export async function openSeries(settings: Settings, password: string | undefined): Promise<SeriesStore> {
  const { influxUrl: url, influxDatabase: database, influxUser: user, dataFolder } = settings
  if (url === undefined) return createSqliteSeries(join(dataFolder, 'series.sqlite'))
  return createInfluxSeries({ url, database, user, password })
}
