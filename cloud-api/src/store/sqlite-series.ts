import { ITEM_CLASSES, type ItemClass } from '@vigie/contract/item-class'
import { sql } from 'kysely'
import { Fault } from '../faults.ts'
import {
  forEachClass,
  SERIES_KEPT_MS,
  type SeriesReading,
  type SeriesStore,
  type TelemetryPoint,
} from '../series/series-store.ts'
import { openSqlite, writeInOrder } from './database.ts'
import { migrate } from './migrate.ts'
import { telemetryTables } from './migrations/series-001-telemetry.ts'
import { wireBytes } from './migrations/series-002-wire-bytes.ts'
import { storeFaultOf } from './store-fault.ts'

const GAUGES = [
  'temperatureC',
  'diskFreeBytes',
  'diskTotalBytes',
  'memoryBytes',
  'memoryFreeBytes',
  'clockOffsetMs',
] as const satisfies (keyof TelemetryPoint & keyof SeriesReading)[]
type Gauge = (typeof GAUGES)[number]
type Counter = `${ItemClass}${'Items' | 'Bytes' | 'SentBytes'}`
type Wire = 'wireSentBytes' | 'wireReceivedBytes'

type UnitHealth = { site: string; at: number; unit: string } & Record<Gauge | Wire, number | null> &
  Record<Counter, number>
type SeriesTables = {
  unitHealth: UnitHealth
  cameraAnswer: { site: string; at: number; camera: string; answerMs: number }
}

/** Series in a SQLite file of their own: the rows are many, and losing them would not lose a frame. */
export async function createSqliteSeries(file: string): Promise<SeriesStore> {
  const database = openSqlite<SeriesTables>(file)
  const { kysely } = database
  await migrate(database, { '001-telemetry': telemetryTables, '002-wire-bytes': wireBytes })

  return {
    write: (points) =>
      asFault(
        writeInOrder(database, async (transaction) => {
          const answers = points.flatMap(answersOf)
          for (const row of points.map(healthOf)) await transaction.replaceInto('unitHealth').values(row).execute()
          for (const row of answers) await transaction.replaceInto('cameraAnswer').values(row).execute()
          return []
        }),
      ),
    read: ({ site, unit, from, to, stepS }) =>
      asFault(
        (async () => {
          // A bound number comes as a float; only integers divide as steps do.
          const stepMs = sql`cast(${stepS * 1000} as integer)`
          const step = sql<number>`(at / ${stepMs}) * ${stepMs}`
          const healths = kysely
            .selectFrom('unitHealth')
            .select(step.as('step'))
            .select(({ fn }) => GAUGES.map((name) => fn.avg<number | null>(name).as(name)))
            .select(({ fn }) => [...COUNTERS, ...WIRE].map((name) => fn.max(name).as(name)))
            .where('site', '=', site)
            .where('at', '>=', from)
            .where('at', '<', to)
          const health = await (unit === undefined ? healths : healths.where('unit', '=', unit))
            .groupBy(step)
            .orderBy('step')
            .execute()
          const answers = await kysely
            .selectFrom('cameraAnswer')
            .select([step.as('step'), 'camera', ({ fn }) => fn.avg<number>('answerMs').as('answerMs')])
            .where('site', '=', site)
            .where('at', '>=', from)
            .where('at', '<', to)
            .groupBy([step, 'camera'])
            .execute()
          const byStep = new Map<number, typeof answers>()
          for (const answer of answers) byStep.set(answer.step, [...(byStep.get(answer.step) ?? []), answer])
          return health.map(({ step: at, ...row }) => readingOf(at, row, byStep.get(at) ?? []))
        })(),
      ),
    forget: async (now) => {
      await asFault(
        writeInOrder(database, async (transaction) => {
          const before = now - SERIES_KEPT_MS
          await transaction.deleteFrom('unitHealth').where('at', '<', before).execute()
          await transaction.deleteFrom('cameraAnswer').where('at', '<', before).execute()
        }),
      )
    },
    check: () =>
      asFault(
        (async () => {
          await sql`select 1`.execute(kysely)
        })(),
      ),
    close: () => kysely.destroy(),
  }
}

const COUNTERS = ITEM_CLASSES.flatMap((name) => [`${name}Items`, `${name}Bytes`, `${name}SentBytes`] as const)

const WIRE = ['wireSentBytes', 'wireReceivedBytes'] as const satisfies Wire[]

function healthOf({ site, at, unit, queue, sentBytes, wire, ...point }: TelemetryPoint): UnitHealth {
  const counters = ITEM_CLASSES.flatMap((name): [Counter, number][] => [
    [`${name}Items`, queue[name].items],
    [`${name}Bytes`, queue[name].bytes],
    [`${name}SentBytes`, sentBytes[name]],
  ])
  const gauges = GAUGES.map((name): [Gauge, number | null] => [name, point[name]])
  return {
    site,
    at,
    unit,
    wireSentBytes: wire?.sentBytes ?? null,
    wireReceivedBytes: wire?.receivedBytes ?? null,
    ...(Object.fromEntries(gauges) as Record<Gauge, number | null>), // the list is complete
    ...(Object.fromEntries(counters) as Record<Counter, number>), // made from all classes
  }
}

function answersOf({ site, at, cameras }: TelemetryPoint): SeriesTables['cameraAnswer'][] {
  return cameras.flatMap(({ camera, answerMs }) => (answerMs === null ? [] : [{ site, at, camera, answerMs }]))
}

function readingOf(
  at: number,
  row: Record<Gauge | Counter | Wire, number | null>,
  answers: readonly { camera: string; answerMs: number }[],
): SeriesReading {
  const { temperatureC, diskFreeBytes, diskTotalBytes, memoryBytes, memoryFreeBytes, clockOffsetMs } = row
  return {
    at,
    temperatureC,
    diskFreeBytes,
    diskTotalBytes,
    memoryBytes,
    memoryFreeBytes,
    clockOffsetMs,
    answerMs: Object.fromEntries(answers.map(({ camera, answerMs }) => [camera, answerMs])),
    queue: forEachClass((name) => ({ items: row[`${name}Items`], bytes: row[`${name}Bytes`] })),
    sentBytes: forEachClass((name) => row[`${name}SentBytes`]),
    wire: { sentBytes: row.wireSentBytes, receivedBytes: row.wireReceivedBytes },
  }
}

async function asFault<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    const fault = storeFaultOf(error)
    if (fault === undefined) throw error
    const { retryable, message: detail } = fault
    throw new Fault('series-unavailable', { cause: error, retryable, detail })
  }
}
