import { createPrivateKey, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readSiteDocument } from '@vigie/config-schema/documents'
import type { ItemId } from '@vigie/contract/ids'
import { classRules } from '@vigie/edge-agent/outbox/class-rules'
import { openOutbox } from '@vigie/edge-agent/outbox/outbox'
import { monotonicFactory } from 'ulid'
import { expect, test } from 'vitest'
import { trialPicture, trialUnit } from '../fixtures/trial-fleet.ts'
import { certificatesOf } from '../fleet/fleet-authority.ts'
import { siteFile } from '../fleet/fleet-documents.ts'
import { placesOf } from '../fleet/places.ts'
import { readCloudRows } from './coordinator/cloud-rows.ts'
import { coordinate } from './coordinator/coordinator.ts'
import { expectNothingLost } from './coordinator/expect-nothing-lost.ts'

const isSoak = process.env['VIGIE_SOAK'] === '1'
const SITE = 'allos'
const MINUTE_MS = 60_000
/** How much faster than the unit's the hands of this process's timers go. */
const PACE = 1_000
const DAYS = 30
/** A frame a minute and the bound of a real unit; in CI a frame each forty minutes, and a bound that holds as many days. */
const EVERY_MS = isSoak ? MINUTE_MS : 40 * MINUTE_MS
const FRAME_BYTES = isSoak ? 120_000 : 36_000
const FRAME_STORE_MAX_BYTES = isSoak ? 512 * 1024 ** 2 : 8 * 1024 ** 2
/** What the issue allows a unit's disk to take for what it keeps. */
const DISK_MAX = 1.1

test(`keeps the newest of ${DAYS} days without a network within its bounds, and brings them newest first when it is back`, async () => {
  const coordinator = await coordinate('long-outage', {
    ...{ sites: [SITE], pace: 30 },
    agent: { frameStoreMaxBytes: FRAME_STORE_MAX_BYTES },
  })
  try {
    const agents = coordinator.process('agents-1')
    await coordinator.cut()
    await agents.down()
    const startedMs = performance.now()
    const fed = await liveThroughOutage(coordinator.dataFolder)
    const feedingS = (performance.now() - startedMs) / 1000
    expect(fed.mostBytes).toBeLessThanOrEqual(FRAME_STORE_MAX_BYTES)
    expect(fed.diskBytes).toBeLessThanOrEqual(FRAME_STORE_MAX_BYTES * DISK_MAX + fed.recordBytes)
    coordinator.restore()
    agents.up()
    const verdict = await coordinator.verdict(
      `${DAYS} days of frames, bound ${inMB(FRAME_STORE_MAX_BYTES)}, most kept ${inMB(fed.mostBytes)}, ` +
        `disk ${inMB(fed.diskBytes)} with ${inMB(fed.recordBytes)} of records, ${fed.dropped} gave way, lived through in ${feedingS.toFixed(0)} s`,
    )
    expectNothingLost(verdict)
    const kept = fed.ids.slice(-fed.kept)
    const { frames } = await readCloudRows(coordinator.dataFolder)
    const arrived = frames.filter(({ id }) => kept.includes(id)).sort((one, other) => one.receivedAt - other.receivedAt)
    expect(fed.dropped).toBe(fed.before + fed.ids.length - fed.kept)
    // A frame made on the way home, before there was room, took the place of an old one: the unit counted that too.
    const gaveWayAtHome = verdict.dropped - fed.dropped
    expect(gaveWayAtHome).toBeGreaterThanOrEqual(0)
    expect(gaveWayAtHome).toBeLessThanOrEqual(verdict.made - fed.ids.length)
    // What is older than a day may not be kept by anybody: the cloud says so, and that is its word on it.
    expect(arrived.length + verdict.expired).toBe(fed.kept - gaveWayAtHome)
    const placeOf = ({ id }: { id: string }) => kept.length - kept.indexOf(id)
    const half = Math.floor(arrived.length / 2)
    const latestOfFirstHalf = Math.max(...arrived.slice(0, half).map(placeOf))
    expect(latestOfFirstHalf).toBeLessThan(arrived.length * 0.75)
  } finally {
    await coordinator.end()
  }
})

/** Puts into the unit's outbox, as its agent would at full speed, what it would have made in so many days. */
async function liveThroughOutage(dataFolder: string) {
  const places = placesOf(dataFolder)
  const site = readSiteDocument(siteFile(places.documents, SITE))
  const authority = certificatesOf(places)
  const { certificateFile, keyFile } = authority.unit(site.unit)
  const unit = trialUnit(site, createPrivateKey(readFileSync(keyFile)), readFileSync(certificateFile, 'utf8'))
  const [camera] = site.cameras
  const [preset] = camera?.presets ?? []
  if (camera === undefined || preset === undefined) throw new Error('the site has no view')
  const view = { camera: camera.id, preset: preset.id, maskVersion: preset.masks?.version ?? 1 }
  const drawn = await trialPicture(1, { widthPx: 1280, heightPx: 720 })

  const folder = join(places.units, site.unit)
  const clock = { nowMs: Date.now() - DAYS * 1440 * MINUTE_MS }
  const newId = monotonicFactory()
  const rules = classRules({ frameMaxBytes: FRAME_STORE_MAX_BYTES })
  const wait = (ms: number, signal: AbortSignal) => pause(ms / PACE, undefined, { signal })
  const time = { now: () => clock.nowMs, monotonicMs: () => clock.nowMs, wait }
  let dropped = 0
  const { outbox } = await openOutbox(
    { folder, rules },
    {
      ...{ time, announce: () => undefined },
      tell: (event) => {
        if (event.kind === 'frames-dropped') dropped += event.dropped
        if (event.kind === 'disk-failing') throw event.error
      },
    },
  )
  const before = outbox.backlog().frame.items
  const lines: Record<string, unknown>[] = []
  const ids: string[] = []
  let mostBytes = 0
  for (; clock.nowMs < Date.now(); clock.nowMs += EVERY_MS) {
    const at = clock.nowMs
    const id = newId(at) as ItemId // a ULID
    const picture = commented(drawn, FRAME_BYTES - drawn.byteLength)
    const frame = await unit.frame({ ...view, id, at, picture })
    const kept = await outbox.keep({ ...frame, class: 'frame' })
    if (!kept.kept) throw new Error('a frame was refused')
    await outbox.keep({ ...unit.telemetry({ cameras: [] }, { at }), class: 'telemetry' })
    dropped += kept.dropped
    ids.push(id)
    mostBytes = Math.max(mostBytes, outbox.backlog().frame.bytes)
    lines.push({ event: 'frame.captured', id, kept: 'disk', time: new Date(at).toISOString() })
  }
  const backlog = outbox.backlog()
  await outbox.close()
  // In the words of an agent, for the judge.
  lines.push({ event: 'outbox.dropped', class: 'frame', dropped, time: new Date().toISOString() })
  const words = lines.map((line) => JSON.stringify({ ...line, unit: site.unit }))
  writeFileSync(places.log('agents-outage'), `${words.join('\n')}\n`)
  const recordBytes = backlog.telemetry.bytes * 1.5
  return { before, ids, dropped, kept: backlog.frame.items, mostBytes, recordBytes, diskBytes: bytesIn(folder) }
}

/** The same picture with a comment of so many random bytes: another content, no more work to decode. */
function commented(jpeg: Uint8Array, bytes: number): Uint8Array {
  const most = 65_000
  const sizes = Array.from({ length: Math.ceil(bytes / most) }, (_, index) => Math.min(most, bytes - index * most))
  const comments = sizes.flatMap((size) => [
    Buffer.from([0xff, 0xfe, (size + 2) >> 8, (size + 2) & 0xff]),
    randomBytes(size),
  ])
  return Buffer.concat([jpeg.subarray(0, 2), ...comments, jpeg.subarray(2)])
}

/** What a unit's files take of its disk, without the ballast, which is there to give way. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('ballast'))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).blocks * 512, 0)
}

const inMB = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
