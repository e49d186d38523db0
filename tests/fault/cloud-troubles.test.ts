import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { type CloudProcess, patiently, startCloudProcess } from '../fixtures/cloud-process.ts'
import { postgresPrograms, startPostgres } from '../fixtures/postgres.ts'
import { type Said, trialPicture } from '../fixtures/trial-fleet.ts'

const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
const HOUR_MS = 3_600_000

let cloud: CloudProcess | undefined
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  await cloud?.stop()
  cloud = undefined
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Starts the cloud, lets its unit be known, and sees one frame stored. */
async function healthyCloud(options: Parameters<typeof startCloudProcess>[0] = {}) {
  const started = await startCloudProcess(options)
  cloud = started
  const first = await started.unit.frame({ picture: await trialPicture(1) })
  await started.say(started.unit.birth(1), first)
  await patiently(() => started.isStored(first))
  return { cloud: started, first }
}

const framesOf = async ({ unit }: CloudProcess, count: number): Promise<Said[]> => {
  const pictures = await Promise.all(Array.from({ length: count }, (_, seed) => trialPicture(100 + seed, BIG)))
  return Promise.all(pictures.map((picture) => unit.frame({ picture })))
}
const BIG = { widthPx: 1280, heightPx: 720 }

/** All stored, each once, each said at least once. */
async function expectStoredOnce(from: CloudProcess, frames: readonly Said[], count: () => number | Promise<number>) {
  await patiently(() => frames.every((frame) => from.isStored(frame)))
  const words = new Set(frames.flatMap(({ id }) => from.receipts.get(id)))
  const stored = await count()
  console.log(`items ${frames.length}, stored ${stored}, doubled ${stored - frames.length}, lost 0`)
  expect(words).toEqual(new Set(['stored']))
  expect(stored).toBe(frames.length)
}

const rowsIn = ({ dataFolder }: CloudProcess) => {
  const database = new Database(join(dataFolder, 'vigie.sqlite'), { readonly: true })
  const count = Number(database.prepare('SELECT count(*) FROM frame').pluck().get())
  database.close()
  return count
}

/** A small disk of its own; null, with the reason printed, where none can be made. */
function smallDisk(): string | null {
  if (process.getuid?.() !== 0) {
    console.log('not run: mounting a small disk needs root')
    return null
  }
  const folder = mkdtempSync(join(tmpdir(), 'vigie-small-disk-'))
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
  const [image, disk] = [join(folder, 'image'), join(folder, 'disk')]
  writeFileSync(image, '')
  truncateSync(image, 1_400_000_000) // sparse; more than the free space below which /health complains
  mkdirSync(disk)
  try {
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', image])
    execFileSync('mount', ['-o', 'loop', image, disk])
  } catch (error) {
    console.log(`not run: no loop mount here: ${error instanceof Error ? error.message : error}`)
    return null
  }
  cleanUps.push(() => execFileSync('umount', ['-l', disk]))
  return disk
}

describe('the disk of the cloud', () => {
  test('full: no receipt, said on /health; with room again all is stored once, and that is said too', async () => {
    const disk = smallDisk()
    if (disk === null) return
    const { cloud, first } = await healthyCloud({ dataFolder: join(disk, 'data') })
    expect((await cloud.health())['disk']).toMatchObject({ works: true })
    const ballast = join(disk, 'ballast')
    const { bavail, bsize } = statfsSync(disk)
    execFileSync('fallocate', ['-l', String(bavail * bsize - 64 * 1024), ballast])
    const rest = Buffer.alloc(4096, 1)
    try {
      for (let blocks = 0; blocks < 64; blocks += 1) writeFileSync(join(disk, `rest-${blocks}`), rest)
    } catch {
      // Full to the last block, as it should be.
    }
    const frames = await framesOf(cloud, 12)
    await cloud.say(...frames)
    await patiently(async () => (await cloud.health())['intake']?.works === false)
    const sick = await cloud.health()
    expect(sick['disk']).toMatchObject({ works: false, since: expect.any(String) })
    expect(sick['intake']?.detail).toMatch(/storing: (pictures|store)-unavailable since 20/)
    expect(frames.filter((frame) => cloud.isStored(frame))).toEqual([])
    expect(await cloud.statusOf('/api/v1/webcams')).toBe(200)

    rmSync(ballast)
    await expectStoredOnce(cloud, [first, ...frames], () => rowsIn(cloud))
    await patiently(async () => Object.values(await cloud.health()).every(({ works }) => works))
    expect((await cloud.health())['intake']).toMatchObject({ works: true, since: expect.any(String) })
  })
})

describe('the database of the cloud', () => {
  test('locked by another process: no receipt, pages go on; unlocked, all is stored once', async () => {
    const { cloud, first } = await healthyCloud()
    const other = new Database(join(cloud.dataFolder, 'vigie.sqlite'))
    other.exec('BEGIN IMMEDIATE')
    const frames = await framesOf(cloud, 5)
    await cloud.say(...frames)
    await patiently(async () => (await cloud.health())['intake']?.works === false)
    expect((await cloud.health())['intake']?.detail).toContain('storing: store-unavailable')
    expect(frames.some((frame) => cloud.isStored(frame))).toBe(false)
    expect(await cloud.statusOf('/api/v1/webcams')).toBe(200)
    other.exec('ROLLBACK')
    other.close()
    await expectStoredOnce(cloud, [first, ...frames], () => rowsIn(cloud))
    await patiently(async () => (await cloud.health())['intake']?.works === true)
  })

  test('slow, then killed with -9 while a unit sends: nothing is receipted that is not stored, all is stored once', async () => {
    if (postgresPrograms() === null) return console.log('not run: no PostgreSQL here')
    const postgres = await startPostgres()
    cleanUps.push(() => postgres.stop())
    const url = await postgres.createDatabase()
    const { cloud, first } = await healthyCloud({ env: { DATABASE_URL: url } })
    const count = async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      const { rows } = await client.query('SELECT count(*) FROM frame')
      await client.end()
      return Number(rows[0].count)
    }

    // Behind somebody's lock: shorter than its patience, it is only late.
    const session = new pg.Client({ connectionString: url })
    session.on('error', () => {})
    await session.connect()
    await session.query('BEGIN; LOCK TABLE frame IN ACCESS EXCLUSIVE MODE')
    const [slow, ...rest] = await framesOf(cloud, 31)
    if (slow === undefined) throw new Error('no frame')
    await cloud.say(slow)
    await patiently(async () => (await cloud.health())['intake']?.works === false)
    expect(cloud.isStored(slow)).toBe(false)
    await session.query('ROLLBACK')
    await session.end()
    await patiently(() => cloud.isStored(slow))

    // Killed in the middle of what is being sent.
    const sending = (async () => {
      for (const frame of rest) await cloud.say(frame)
    })()
    await patiently(() => rest.slice(0, 3).some((frame) => cloud.isStored(frame)))
    await postgres.kill()
    await sending
    await patiently(async () => (await cloud.health())['database']?.works === false)
    const before = rest.filter((frame) => cloud.isStored(frame)).length
    await postgres.restart()
    expect(await count()).toBeGreaterThanOrEqual(before + 2)
    await expectStoredOnce(cloud, [first, slow, ...rest], count)
    await patiently(async () => Object.values(await cloud.health()).every(({ works }) => works))
  })
})

describe('the clock of the cloud', () => {
  test('that jumps a month ahead or a day back deletes nothing, refuses nothing, and is said; put right, all is well', async () => {
    if (!existsSync(FAKETIME)) return console.log('not run: no libfaketime here')
    const folder = mkdtempSync(join(tmpdir(), 'vigie-faketime-'))
    cleanUps.push(() => rmSync(folder, { recursive: true, force: true }))
    const timeFile = join(folder, 'time')
    const setClock = (offset: string) => {
      writeFileSync(`${timeFile}.new`, `${offset}\n`)
      renameSync(`${timeFile}.new`, timeFile)
    }
    setClock('+0')
    const { cloud, first } = await healthyCloud({
      env: {
        LD_PRELOAD: FAKETIME,
        FAKETIME_TIMESTAMP_FILE: timeFile,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        NO_FAKE_STAT: '1',
      },
    })
    const all: Said[] = [first]
    const picture = `/api/v1/pictures/${first.id}/full.jpg`
    const preset = async () => (await cloud.get('/api/v1/webcams/essai-1-cam1')).body.properties.presets[0]
    for (const offset of ['+30d', '-1d']) {
      setClock(offset)
      await patiently(async () => (await cloud.health())['clock']?.works === false)
      expect((await cloud.health())['clock']?.detail).toMatch(/^clock-jumped: \d+ s (ahead|back) since 20/)
      const frame = await cloud.unit.frame({ picture: await trialPicture(all.length + 1) })
      all.push(frame)
      await cloud.say(frame)
      await patiently(() => cloud.isStored(frame))
      expect(await cloud.statusOf(picture)).toBe(200)
      expect((await preset()).freshness).toBe('fresh')
      setClock('+0')
      await patiently(async () => (await cloud.health())['clock']?.works === true)
      expect((await preset()).freshness).toBe('fresh')
    }

    // A process that starts with a clock a month ahead has only its data to doubt it by.
    setClock('+30d')
    await cloud.killAndRestart()
    await patiently(async () => (await cloud.health())['retention']?.works === false)
    expect((await cloud.health())['retention']?.detail).toContain('is the clock right?')
    setClock('+0')
    await cloud.killAndRestart()
    expect(await cloud.statusOf(picture)).toBe(200)
    await expectStoredOnce(cloud, all, () => rowsIn(cloud))
    expect(Date.now() - Date.parse((await preset()).capturedAt)).toBeLessThan(HOUR_MS)
  })
})
