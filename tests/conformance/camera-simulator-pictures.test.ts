import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readCameras, runCameras } from '../fakes/camera/cameras.ts'
import { readSceneCode } from '../fakes/camera/picture/read-scene-code.ts'
import { createStudio } from '../fakes/camera/picture/studio.ts'
import { createFakeTime } from '../fakes/time.ts'
import { camera, PASSWORD, USER } from './camera-simulator-party.ts'

const NOON = Date.parse('2026-06-21T11:30:00Z')
const MIDNIGHT = Date.parse('2026-06-21T23:30:00Z')

const take = async (url: string): Promise<Buffer> => {
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`
  const answer = await fetch(url, { headers: { authorization } })
  expect(answer.status).toBe(200)
  return Buffer.from(await answer.arrayBuffer())
}

const brightness = async (picture: Buffer) => {
  const { channels } = await sharp(picture).greyscale().stats()
  return channels[0]?.mean ?? 0
}

describe('a drawn picture', () => {
  test('says which one it is, at its own size and as a 720p one encoded again', async () => {
    const time = createFakeTime({ nowMs: NOON })
    const simulator = await camera({ clock: time, pictureAuth: 'basic', sceneCode: true })
    for (const counter of [1, 2]) {
      const picture = await take(simulator.snapshotUrl)
      const code = { camera: 'COL D ALLOS', at: time.now(), counter }
      expect(await readSceneCode(picture)).toEqual(code)
      expect(await readSceneCode(await sharp(picture).resize(1280).jpeg({ quality: 70 }).toBuffer())).toEqual(code)
      expect(await sharp(picture).metadata()).toMatchObject({ width: 1920, height: 1080, format: 'jpeg' })
      const sha256 = createHash('sha256').update(picture).digest('hex')
      expect(simulator.drawn.at(-1)).toEqual({ counter, at: time.now(), sha256 })
      time.pass(60_000)
    }
  })

  test('is bright at noon and dark at midnight, and the same for the same camera and time', async () => {
    const site = { latitude: 44.1, longitude: 6.2, altitudeM: 620, kind: 'col' as const }
    const shot = (at: number) =>
      createStudio().photograph({ view: { site, seed: 'x', weather: 'clear' } }, at, { overlay: [], testCards: [] }, 85)
    const [noon, again, midnight] = [await shot(NOON), await shot(NOON), await shot(MIDNIGHT)]
    expect(await brightness(noon)).toBeGreaterThan(2 * (await brightness(midnight)))
    expect(again.equals(noon)).toBe(true)
  })

  test('shows the test card bright magenta where it was put', async () => {
    const card = { x: 0.25, y: 0.5, width: 0.1, height: 0.1 }
    const simulator = await camera({ pictureAuth: 'basic', testCards: [card] })
    const inside = { left: 490, top: 550, width: 170, height: 90 }
    const piece = await sharp(await take(simulator.snapshotUrl))
      .extract(inside)
      .png()
      .toBuffer()
    const { channels } = await sharp(piece).stats()
    expect(channels.map(({ mean }) => Math.round(mean / 16) * 16)).toEqual([256, 0, 256])
  })

  test('carries what cameras write into their files and nobody may publish: name, place, user', async () => {
    const simulator = await camera({ pictureAuth: 'basic' })
    const picture = await take(simulator.snapshotUrl)
    expect(picture.includes(`Col d'Allos 44.2975 6.5936 ${USER}`)).toBe(true)
    expect((await sharp(picture).metadata()).xmp).toBeDefined()
  })

  test('is kept for a moment, and for good when the camera is frozen', async () => {
    const time = createFakeTime({ nowMs: NOON })
    const simulator = await camera({ clock: time, pictureAuth: 'basic', pictureKeptMs: 2000 })
    const first = await take(simulator.snapshotUrl)
    time.pass(1999)
    expect((await take(simulator.snapshotUrl)).equals(first)).toBe(true)
    await simulator.behave({ kind: 'frozen-picture' })
    time.pass(60_000)
    expect((await take(simulator.snapshotUrl)).equals(first)).toBe(true)
    await simulator.behave()
    expect((await take(simulator.snapshotUrl)).equals(first)).toBe(false)
    expect(simulator.drawn).toHaveLength(2)
  })
})

test('serves a folder of JPEGs in turn, untouched when nothing is to be drawn on them', async () => {
  const folder = temporaryFolder()
  const pictures = await Promise.all(
    ['red', 'blue'].map((background) =>
      sharp({ create: { width: 64, height: 36, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    ),
  )
  for (const [index, picture] of pictures.entries()) writeFileSync(join(folder, `${index}.jpg`), picture)
  const simulator = await camera({ folder, osd: false, pictureAuth: 'basic', pictureKeptMs: 0 })
  for (const expected of [0, 1, 0]) {
    expect((await take(simulator.snapshotUrl)).equals(pictures[expected] ?? Buffer.alloc(0))).toBe(true)
  }
  const marked = await camera({ folder, sceneCode: true, pictureAuth: 'basic' })
  expect(await readSceneCode(await take(marked.snapshotUrl))).toMatchObject({ counter: 1 })
})

describe('its control', () => {
  const wish = (url: string, body: string) => fetch(new URL('/control', url), { method: 'POST', body })

  test('is not there unless it was asked for', async () => {
    const { url } = await camera()
    expect((await wish(url, '[]')).status).toBe(404)
  })

  test('takes misbehaviours and nothing else, and can always be reached to end them', async () => {
    const { url, snapshotUrl } = await camera({ control: true, pictureAuth: 'none', folder: temporaryFolder() })
    expect((await wish(url, '[{"kind":"explodes"}]')).status).toBe(400)
    expect((await wish(url, '[{"kind":"status","status":503}]')).status).toBe(200)
    expect((await fetch(snapshotUrl)).status).toBe(503)
    expect((await wish(url, '[{"kind":"error-page"}]')).status).toBe(200)
    expect((await fetch(snapshotUrl)).headers.get('content-type')).toBe('text/html')
  })
})

describe('many cameras in one process', () => {
  const one = {
    ...{ name: 'A', seed: 1, user: USER, password: PASSWORD, listen: { host: '127.0.0.1', port: 0 } },
    site: { latitude: 44, longitude: 6, altitudeM: 900, kind: 'ville' },
  }

  test('listen until they are told to stop', async () => {
    const file = join(temporaryFolder(), 'cameras.json')
    writeFileSync(file, JSON.stringify([one, { ...one, name: 'B' }]))
    const stop = new AbortController()
    const urls: string[] = []
    const running = runCameras(
      readCameras(file),
      { clock: createFakeTime({ nowMs: NOON }), studio: createStudio() },
      (cameras) => {
        urls.push(...cameras.map(({ url }) => url))
        stop.abort()
      },
      stop.signal,
    )
    await running
    expect(urls).toHaveLength(2)
    await expect(fetch(urls[0] ?? '')).rejects.toThrow()
  })

  test('are refused with every place that is wrong', () => {
    const file = join(temporaryFolder(), 'cameras.json')
    writeFileSync(file, JSON.stringify([{ ...one, listen: {}, color: 'red' }]))
    expect(() => readCameras(file)).toThrow(/\[0\]\.color: unknown key/)
    expect(() => readCameras(file)).toThrow(/\[0\]\.listen\.port: is missing/)
  })
})

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-pictures-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
