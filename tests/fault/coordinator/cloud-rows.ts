import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'

/** A stored frame; times in milliseconds. */
export type StoredFrame = {
  id: string
  unit: string
  sha256: string
  capturedAt: number
  receivedAt: number
  clock: string
}

/** What the cloud has, read from its own database whatever its processes do. */
export type CloudRows = {
  frames: StoredFrame[]
  /** The newest state of each camera that the cloud knows: by unit, when it was made. */
  statesAt: Map<string, number>
  /** By unit, when it measured what is stored. */
  telemetryAt: Map<string, number[]>
  deadLetters: { item: string | null; reason: string; detail: string }[]
}

type Row = Record<string, string | number | null>

/** @param databaseUrl of PostgreSQL; without it the SQLite file in the cloud's folder */
export async function readCloudRows(dataFolder: string, databaseUrl?: string): Promise<CloudRows> {
  const cloud = join(dataFolder, 'cloud')
  const query = databaseUrl === undefined ? sqliteRows(join(cloud, 'vigie.sqlite')) : postgresRows(databaseUrl)
  const frames = await query('SELECT id, unit, sha256, captured_at, received_at, clock FROM frame')
  const states = await query('SELECT unit, max(at) AS at FROM camera_state GROUP BY unit')
  const letters = await query('SELECT item, reason, detail FROM dead_letter')
  const telemetry = await sqliteRows(join(cloud, 'series.sqlite'))('SELECT unit, at FROM unit_health')
  const telemetryAt = new Map<string, number[]>()
  for (const { unit, at } of telemetry)
    telemetryAt.set(String(unit), [...(telemetryAt.get(String(unit)) ?? []), Number(at)])
  return {
    frames: frames.map((row) => ({
      ...{ id: String(row['id']), unit: String(row['unit']), sha256: String(row['sha256']) },
      ...{
        capturedAt: Number(row['captured_at']),
        receivedAt: Number(row['received_at']),
        clock: String(row['clock']),
      },
    })),
    statesAt: new Map(states.map(({ unit, at }) => [String(unit), Number(at)])),
    telemetryAt,
    deadLetters: letters.map(({ item = null, reason, detail }) => ({
      ...{ item: item === null ? null : String(item), reason: String(reason), detail: String(detail) },
    })),
  }
}

/** Where the cloud keeps a picture. */
export const pictureFile = (dataFolder: string, sha256: string): string =>
  join(dataFolder, 'cloud', 'frames', sha256.slice(0, 2), sha256.slice(2, 4), `${sha256}.jpg`)

/** Whether the file of a stored picture is there and is the picture that was signed. */
export function isPictureWhole(dataFolder: string, sha256: string): boolean {
  const file = pictureFile(dataFolder, sha256)
  return existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256
}

function sqliteRows(file: string) {
  return async (sql: string): Promise<Row[]> => {
    const database = new Database(file, { readonly: true })
    try {
      return database.prepare(sql).all() as Row[] // the columns are those that the query names
    } finally {
      database.close()
    }
  }
}

function postgresRows(connectionString: string) {
  return async (sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString })
    await client.connect()
    try {
      return (await client.query<Row>(sql)).rows
    } finally {
      await client.end()
    }
  }
}
