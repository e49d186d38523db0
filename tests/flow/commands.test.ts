import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ToldCommand } from '@vigie/cloud-api/commands/command-told'
import { PREVIEW_PICTURE_MAX_BYTES, PREVIEW_WIDTH_MAX_PX } from '@vigie/contract/bounds'
import type { CommandBody } from '@vigie/contract/command'
import Sqlite from 'better-sqlite3'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFirstAccount } from '../fixtures/first-account.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { placesOf } from '../fleet/places.ts'

/** One site of one view, a picture each six seconds. */
const SITE = 'annot'
const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-commands-'))
let fleet: Fleet
let headers: Record<string, string>

beforeAll(async () => {
  fleet = await startFleet({
    ...{ dataFolder, ports: 'free', sites: [SITE], pace: 10 },
    restarts: { firstMs: 100, capMs: 100 },
    agent: { keepAliveS: 30 },
  })
  await fleet.live(() => {}, AbortSignal.timeout(180_000))
  if (fleet.addresses.firstAdministrator === null) throw new Error('nobody has an account in a new fleet')
  headers = await openFirstAccount(fleet.addresses.origin, fleet.addresses.firstAdministrator)
})
afterAll(async () => {
  await fleet?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

const url = (rest: string) => `${fleet.addresses.origin}/api/v1/sites/${SITE}/${rest}`

async function ask(body: CommandBody): Promise<ToldCommand> {
  const answer = await fetch(url('commands'), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ body, withinS: 120 }),
  })
  expect(answer.status).toBe(201)
  return (await answer.json()) as ToldCommand // what the API describes
}

/** Follows a command until it is as wanted, as a page does; the test's own timeout bounds the wait. */
async function follow({ id }: ToldCommand, isReached: (command: ToldCommand) => boolean): Promise<ToldCommand> {
  for (let after = 0; ; ) {
    const answer = await fetch(url(`commands/${id}?after=${after}`), { headers }).catch(() => null)
    if (answer?.ok !== true) {
      await pause(200)
      continue
    }
    const command = (await answer.json()) as ToldCommand // what the API describes
    if (isReached(command)) return command
    after = command.version
  }
}
const hasEnded = ({ endedAt }: ToldCommand) => endedAt !== null
const isAccepted = ({ step }: ToldCommand) => step === 'accepted'

/** What the unit itself wrote of a command, one word a line; what it wrote last may come to its log a moment later. */
function unitsWords({ id }: ToldCommand): string[] {
  const lines = readFileSync(placesOf(dataFolder).log('agents-1'), 'utf8').split('\n')
  const words = lines.filter((line) => line.includes('command.progress') && line.includes(id))
  return words.map((line) => JSON.parse(line).step)
}
const timesAccepted = (asked: ToldCommand) => unitsWords(asked).filter((step) => step === 'accepted').length

describe('from the watch room to the unit and back', () => {
  test('a probe of the line tells its round trip and what it carries', async () => {
    const told = await follow(await ask({ name: 'probe', what: 'link' }), hasEnded)
    expect(told).toMatchObject({ step: 'done', result: { of: 'link' } })
    for (const at of [told.deliveredAt, told.acceptedAt, told.endedAt]) expect(at).not.toBeNull()
    if (told.result?.of === 'link') expect(told.result.sentBytes).toBeGreaterThan(10_000)
  })

  test('a probe of the camera tells what it is; one of a lane is refused, since there is none', async () => {
    const camera = await follow(await ask({ name: 'probe', what: 'camera' }), hasEnded)
    expect(camera).toMatchObject({ step: 'done', result: { of: 'camera', model: 'VG-SIM-1080', findings: [] } })
    const lane = await follow(await ask({ name: 'probe', what: 'lane' }), hasEnded)
    expect(lane).toMatchObject({ step: 'refused', endReason: 'lane-absent' })
  })

  test('the log that is read from afar holds no password of the camera', async () => {
    const told = await follow(await ask({ name: 'probe', what: 'logs' }), hasEnded)
    if (told.result?.of !== 'logs') throw new Error('it tells the log')
    expect(told.result.lines.some((line) => line.includes('frame.captured'))).toBe(true)
    const password = readFileSync(join(placesOf(dataFolder).passwords, `${SITE}-cam1`), 'utf8').trim()
    expect(told.result.lines.join('\n')).not.toContain(password)
  })

  test('the agent restarts, says so when it is back, and never restarts twice for one demand', async () => {
    const told = await follow(await ask({ name: 'restart-agent' }), hasEnded)
    expect(told).toMatchObject({ step: 'done' })
    await expect.poll(() => timesAccepted(told)).toBe(1)
  })
})

describe('whoever is killed in between', () => {
  test('the broker, before the command was delivered: it is delivered once it is back, and done once', async () => {
    await fleet.processes.get('broker')?.kill('SIGKILL')
    const told = await follow(await ask({ name: 'watch-closely', minutes: 1 }), hasEnded)
    expect(told.step).toBe('done')
    await expect.poll(() => timesAccepted(told)).toBe(1)
  })

  test('the cloud, with the command in its store: it is sent by the next one', async () => {
    const asked = await ask({ name: 'watch-closely', minutes: 0 })
    await fleet.processes.get('cloud-api')?.kill('SIGKILL')
    expect(await follow(asked, hasEnded)).toMatchObject({ step: 'done' })
    await expect.poll(() => timesAccepted(asked)).toBe(1)
  })

  test('the agent, between accepted and done: it was cut short, says so, and does not begin again', async () => {
    const asked = await ask({ name: 'look', camera: 'cam1' as never, seconds: 300, perS: 1 }) // of the contract's pattern
    await follow(asked, isAccepted)
    await fleet.processes.get('agents-1')?.kill('SIGKILL')
    expect(await follow(asked, hasEnded)).toMatchObject({ step: 'refused', endReason: 'interrupted' })
    await expect.poll(() => timesAccepted(asked)).toBe(1)
  })
})

describe('while somebody aims a camera', () => {
  test('small coarse pictures come one after the other, for that person alone, and end when they are told to', async () => {
    const asked = await ask({ name: 'look', camera: 'cam1' as never, seconds: 60, perS: 2 }) // of the contract's pattern
    const seen = new Set<string>()
    for (let after = ''; seen.size < 3; ) {
      const answer = await fetch(url(`preview/cam1${after}`), { headers })
      if (answer.status === 204) continue
      expect(answer.headers.get('cache-control')).toContain('no-store')
      const seq = answer.headers.get('x-preview-seq') ?? ''
      expect(seen.has(seq)).toBe(false)
      seen.add(seq)
      after = `?after=${seq}`
      const picture = Buffer.from(await answer.arrayBuffer())
      expect(picture.byteLength).toBeLessThan(PREVIEW_PICTURE_MAX_BYTES)
      const { width, height } = await sharp(picture).metadata()
      expect(Math.max(width, height)).toBeLessThanOrEqual(PREVIEW_WIDTH_MAX_PX)
    }
    expect((await fetch(url('preview/cam1'))).status).toBe(401)
    await ask({ name: 'look', camera: 'cam1' as never, seconds: 0, perS: 1 }) // of the contract's pattern
    expect(await follow(asked, hasEnded)).toMatchObject({ step: 'done', result: { of: 'look' } })
  })
})

describe('a search for cameras', () => {
  test('lists those of the network, the unit’s own first and with its picture, and tries no password on a stranger', async () => {
    const asked = await ask({ name: 'find-cameras' })
    const told = await follow(asked, hasEnded)
    if (told.result?.of !== 'found-cameras') throw new Error(`the search ended as ${told.step}: ${told.endReason}`)
    expect(told.result.cameras[0]).toMatchObject({ as: 'found1', known: 'cam1', hasPreview: true })
    expect(told.result.cameras.filter(({ known, hasPreview }) => known === null && hasPreview)).toEqual([])
    const answer = await fetch(url('preview/found1'), { headers })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  })
})

describe('the drill of store and forward', () => {
  test('what is made while the uplink is shut arrives after it, every piece, once', async () => {
    const told = await follow(await ask({ name: 'drill', what: 'store-and-forward', seconds: 20 }), hasEnded)
    if (told.result?.of !== 'drill') throw new Error(`the drill ended as ${told.step}: ${told.endReason}`)
    const { ids, madeFrames, shutMs } = told.result
    expect(shutMs).toBeGreaterThanOrEqual(20_000)
    expect(madeFrames).toBeGreaterThan(0)
    const database = new Sqlite(join(placesOf(dataFolder).cloud, 'vigie.sqlite'), { readonly: true })
    const stored = database.prepare(`select count(*) as n from frame where id in (${ids.map(() => '?').join(', ')})`)
    await expect.poll(() => stored.get(...ids), { timeout: 60_000, interval: 500 }).toEqual({ n: madeFrames })
    const doubled = database.prepare(
      'select sha256 from frame group by site, captured_at, camera, preset having count(*) > 1',
    )
    expect(doubled.all()).toEqual([])
    database.close()
  })
})
