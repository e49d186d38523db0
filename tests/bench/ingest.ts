import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { makeThumbnails } from '@vigie/cloud-api/thumbnails/make-thumbnails'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { connectBenchUnit, variantOf } from './measure/bench-unit.ts'
import { startBareCloud } from './measure/cloud.ts'
import { printReport, quantile, times } from './measure/figures.ts'
import { roadScene } from './measure/road-scene.ts'

/*
 * Frames of about 120 kB from 8 units, through the broker, verified, stored durably and receipted; against the same
 * bytes written to the same disk by one loop that does nothing else (write, fsync, rename).
 */
const UNITS = 8
const FRAMES_EACH = Math.ceil(Number(process.argv[2] ?? 2_000) / UNITS)
const FRAMES = FRAMES_EACH * UNITS
/** What a unit sends before it waits for receipts: deep enough that the way there and back does not decide. */
const WINDOW = 24
/** A benchmark that hangs measures nothing: it says so and ends. */
const SILENT_AT_MOST_MS = 30_000

const picture = await pictureOf(120_000)
const cloud = await startBareCloud(UNITS)
const units = await Promise.all(cloud.fleet.map((site) => connectBenchUnit(cloud, site)))
const waitsMs: number[] = []
const start = performance.now()
await Promise.all(units.map((unit) => send(unit, FRAMES_EACH)))
const seconds = (performance.now() - start) / 1000
await Promise.all(units.map((unit) => unit.close()))
const thumbnails = await thumbnailsBehind()
await cloud.stop()

const floorSeconds = writeAlone(FRAMES)
const rate = FRAMES / seconds
printReport(
  `ingest: ${FRAMES} frames of ${(picture.jpeg.byteLength / 1e3).toFixed(0)} kB from ${UNITS} units, ${WINDOW} under way each`,
  [
    {
      label: 'broker + cloud: verified, stored, receipted',
      figures: {
        'frames/s': rate,
        'MB/s': (rate * picture.jpeg.byteLength) / 1e6,
        'receipt ms p50': quantile(waitsMs, 0.5),
        'receipt ms p99': quantile(waitsMs, 0.99),
      },
    },
    {
      label: 'floor: write, fsync, rename, one after the other',
      figures: { 'frames/s': FRAMES / floorSeconds, 'MB/s': (FRAMES * picture.jpeg.byteLength) / floorSeconds / 1e6 },
    },
    {
      label: `cloud: both thumbnails of the ${thumbnails.left} that were left then`,
      figures: { 'frames/s': thumbnails.left / thumbnails.seconds },
    },
    {
      label: 'floor: both thumbnails, one picture after the other, never written',
      figures: { 'frames/s': await thumbnailsAlone(60) },
    },
  ],
  [
    `Aim: at least 250 frames/s. Reached ${rate.toFixed(0)}, ${times(rate, FRAMES / floorSeconds)} the floor. The sender shares the two cores.`,
    'Aim for thumbnails: at least 100/s, behind the receipts. They give way while frames wait.',
  ],
)

/** How many thumbnails receiving left behind, and how long the cloud takes for them once it is left alone. */
async function thumbnailsBehind(): Promise<{ left: number; seconds: number }> {
  const database = new Database(join(cloud.dataFolder, 'cloud', 'vigie.sqlite'), { readonly: true })
  const missing = database.prepare("SELECT count(*) FROM frame WHERE thumbnails = 'missing'").pluck()
  const countMissing = () => Number(missing.get())
  const [left, begin] = [countMissing(), performance.now()]
  while (countMissing() > 0) {
    if (performance.now() - begin > left * 100 + SILENT_AT_MOST_MS) throw new Error('thumbnails are not made')
    await pause(20)
  }
  database.close()
  return { left, seconds: (performance.now() - begin) / 1000 }
}

async function thumbnailsAlone(count: number): Promise<number> {
  sharp.concurrency(1)
  const begin = performance.now()
  for (let index = 0; index < count; index += 1) await makeThumbnails(picture.jpeg)
  return count / ((performance.now() - begin) / 1000)
}

async function send(unit: (typeof units)[number], count: number): Promise<void> {
  const sentAt = new Map<string, number>()
  let sent = 0
  const sendNext = () => {
    if (sent === count) return
    sent += 1
    const { id, message } = unit.frameOf(variantOf(picture.jpeg), picture)
    sentAt.set(id, performance.now())
    unit.publish(message)
  }
  await new Promise<void>((resolve, reject) => {
    let heard = performance.now()
    const watch = setInterval(() => {
      if (performance.now() - heard > SILENT_AT_MOST_MS) reject(new Error(`no receipt for ${SILENT_AT_MOST_MS} ms`))
    }, 1_000)
    unit.onStored((ids) => {
      heard = performance.now()
      for (const id of ids) {
        const at = sentAt.get(id)
        if (at === undefined) continue
        sentAt.delete(id)
        waitsMs.push(performance.now() - at)
        sendNext()
      }
      if (sent < count || sentAt.size > 0) return
      clearInterval(watch)
      resolve()
    })
    for (let index = 0; index < WINDOW; index += 1) sendNext()
  })
}

/** A 720p picture of about so many bytes, by its quality. */
async function pictureOf(bytes: number): Promise<{ jpeg: Buffer; widthPx: number; heightPx: number }> {
  const scene = await roadScene(1280, 720)
  let best = scene
  for (let quality = 90; quality >= 30; quality -= 5) {
    const jpeg = await sharp(scene).jpeg({ quality }).toBuffer()
    if (Math.abs(jpeg.byteLength - bytes) < Math.abs(best.byteLength - bytes)) best = jpeg
  }
  return { jpeg: best, widthPx: 1280, heightPx: 720 }
}

function writeAlone(count: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-bench-floor-'))
  const begin = performance.now()
  for (let index = 0; index < count; index += 1) {
    const place = join(folder, String(index % 100))
    mkdirSync(place, { recursive: true })
    const file = openSync(join(place, `${index}.part`), 'w')
    writeSync(file, variantOf(picture.jpeg))
    fsyncSync(file)
    closeSync(file)
    renameSync(join(place, `${index}.part`), join(place, `${index}.jpg`))
  }
  const took = (performance.now() - begin) / 1000
  rmSync(folder, { recursive: true })
  return took
}
