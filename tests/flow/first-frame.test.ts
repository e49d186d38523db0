import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Misbehaviour } from '../fakes/camera/misbehaviour.ts'
import { readSceneCode } from '../fakes/camera/picture/read-scene-code.ts'
import { cookiesOfFirstAccount } from '../fixtures/first-account.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { figureShown, launchBrowser } from './browser.ts'

/** A site whose one view has a solid zone at the left, from (0.04, 0.26) to (0.24, 0.54). */
const SITE = 'la-foux-d-allos'
const MASKED_CARD = { x: 0.07, y: 0.31, width: 0.14, height: 0.18 }
const OPEN_CARD = { x: 0.45, y: 0.31, width: 0.1, height: 0.1 }
const INTERVAL_S = 6

const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-flow-'))
let fleet: Fleet
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  fleet = await startFleet({
    dataFolder,
    ports: 'free',
    sites: [SITE, 'annot'],
    pace: 60 / INTERVAL_S,
    // A SIM's four minutes would make the test of a unit that hangs as long.
    agent: { keepAliveS: 30 },
    cameras: {
      sceneCode: true,
      testCards: [MASKED_CARD, OPEN_CARD],
      control: true,
      weather: 'clear',
      pictureKeptMs: 0,
    },
  })
  await fleet.live(() => {}, AbortSignal.timeout(180_000))
})

afterAll(async () => {
  await browser?.close()
  await fleet?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

describe('from the camera to the page', () => {
  test('the picture that a reader sees is the one that the camera drew, with its own time', async () => {
    const page = await browser.newPage({ deviceScaleFactor: 3 })
    await page.goto(`${fleet.addresses.origin}/site/${SITE}`)
    const { picture, time } = await figureShown(page, `figure[data-view^="${SITE}-cam1/"]`)
    const code = await readSceneCode(picture)
    expect(code?.camera).toBe('LA FOUX D ALLOS')
    // The unit's time is that of its question, the camera's that of its answer; within the deadline for one picture.
    expect(Math.abs(Date.parse(time ?? '') - (code?.at ?? 0))).toBeLessThan(INTERVAL_S * 1000)
    await page.close()
  })

  test('what the masks hide is hidden in the page, and only that', async () => {
    const original = cameraPicture()
    expect(await colourAt(original, MASKED_CARD)).toMatchObject(MAGENTA)
    const page = await browser.newPage({ deviceScaleFactor: 3 })
    await page.goto(`${fleet.addresses.origin}/site/${SITE}`)
    const { picture: shown } = await figureShown(page, `figure[data-view^="${SITE}-cam1/"]`)
    expect(await colourAt(shown, OPEN_CARD)).toMatchObject(MAGENTA)
    const masked = await colourAt(shown, MASKED_CARD)
    expect(
      Math.max(masked.red, masked.green, masked.blue) - Math.min(masked.red, masked.green, masked.blue),
    ).toBeLessThan(12)
    await page.close()
  })

  test('the picture carries nothing that the camera wrote beside the pixels', async () => {
    const { picture } = await presetNow()
    const answer = await fetch(fleet.addresses.origin + picture.full)
    const metadata = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
    expect([metadata.exif, metadata.icc, metadata.xmp, metadata.iptc, metadata.comments]).toEqual(
      Array(5).fill(undefined),
    )
    expect(metadata.width).toBe(1280)
  })
})

describe('while a camera stops and comes back', () => {
  test('page and wall say late, then old, then live again, without a reload of the wall', async () => {
    const reader = await browser.newContext({ javaScriptEnabled: false })
    const page = await reader.newPage()
    const operators = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await operators.addCookies(await cookiesOfFirstAccount(fleet.addresses))
    const wall = await operators.newPage()
    await wall.goto(`${fleet.addresses.origin}/veille`)
    const tile = wall.locator('.tile', { hasText: 'La Foux d' }).first()
    await expect.poll(() => tile.getAttribute('data-need'), { timeout: 20_000 }).toMatch(/fresh|late/)

    await behave([{ kind: 'hangs' }])
    const states = new Set<string>()
    await expect
      .poll(
        async () => {
          const { freshness } = await presetNow()
          states.add(freshness)
          return freshness
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe('stale')
    expect([...states].filter((state) => state !== 'fresh')).toEqual(['late', 'stale'])

    await page.goto(`${fleet.addresses.origin}/site/${SITE}`)
    const figure = page.locator(`figure[data-view^="${SITE}-cam1/"]`).first()
    expect(await figure.getAttribute('data-freshness')).toBe('stale')
    expect(await figure.textContent()).toMatch(/image ancienne/i)
    await expect.poll(() => tile.getAttribute('data-need'), { timeout: 20_000 }).toBe('stale')
    const latest = await fetch(await latestAddress())
    expect(latest.status).toBe(503)
    expect(latest.headers.get('content-type')).toMatch(/^application\/problem\+json/)

    await behave([])
    await expect.poll(async () => (await presetNow()).freshness, { timeout: 60_000 }).toBe('fresh')
    await expect.poll(() => tile.getAttribute('data-need'), { timeout: 20_000 }).toMatch(/fresh|late/)
    expect((await fetch(await latestAddress())).status).toBe(200)
    await reader.close()
    await operators.close()
  })

  test('a unit that goes away is off line on page and wall, with its last picture dated', async () => {
    const reader = await browser.newContext({ javaScriptEnabled: false })
    const page = await reader.newPage()
    const agents = processOf('agents-1').pid()
    if (agents === undefined) throw new Error('the agents do not run')
    process.kill(agents, 'SIGSTOP')
    try {
      // The process hangs, its sockets stay open: the broker hears no keep-alive, or the cloud no item.
      await expect
        .poll(async () => (await presetNow()).freshness, { timeout: 150_000, interval: 1_000 })
        .toBe('offline')
      await page.goto(`${fleet.addresses.origin}/site/${SITE}`)
      const figure = page.locator(`figure[data-view^="${SITE}-cam1/"]`).first()
      expect(await figure.textContent()).toMatch(/hors ligne/i)
    } finally {
      process.kill(agents, 'SIGCONT')
    }
    await expect.poll(async () => (await presetNow()).freshness, { timeout: 90_000 }).toBe('fresh')
    await reader.close()
  })

  test('what is known survives the death of the cloud', async () => {
    const before = await presetNow()
    const died = Date.now()
    await processOf('cloud-api').kill('SIGKILL')
    await expect
      .poll(
        () =>
          fetch(`${fleet.addresses.origin}/api/v1/webcams`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200)
    const after = await presetNow()
    expect(Date.parse(after.capturedAt)).toBeGreaterThanOrEqual(Date.parse(before.capturedAt))
    expect(after.ageSeconds).toBeLessThan((Date.now() - died) / 1000 + 3 * INTERVAL_S)
    expect((await fetch(fleet.addresses.origin + before.picture.full)).status).toBe(200)
  })
})

const MAGENTA = { isMagenta: true }

/** The middle of a card, as the mean of a few pixels. */
async function colourAt(picture: Uint8Array, card: typeof MASKED_CARD) {
  const { width = 0, height = 0 } = await sharp(picture).metadata()
  const left = Math.round((card.x + card.width / 2) * width)
  const top = Math.round((card.y + card.height / 2) * height)
  const { channels } = await sharp(
    await sharp(picture).extract({ left, top, width: 8, height: 8 }).png().toBuffer(),
  ).stats()
  const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean)
  return { red, green, blue, isMagenta: red > 170 && blue > 120 && green < 110 }
}

/** The camera's own picture, fetched past the unit with its password, by a client that is not ours. */
function cameraPicture(): Buffer {
  const password = readFileSync(join(dataFolder, 'fleet', 'passwords', `${SITE}-cam1`), 'utf8')
  const url = new URL(fleet.addresses.cameras.get(SITE) ?? '')
  return execFileSync('curl', ['--silent', '--fail', '--digest', '--config', '-', `${url.origin}/onvif/snapshot.jpg`], {
    input: `user = "vigie:${password}"\n`,
    maxBuffer: 8_000_000,
  })
}

async function behave(misbehaviours: Misbehaviour[]): Promise<void> {
  const url = new URL(fleet.addresses.cameras.get(SITE) ?? '')
  const answer = await fetch(`${url.origin}/control`, { method: 'POST', body: JSON.stringify(misbehaviours) })
  if (!answer.ok) throw new Error(`the camera's control answered ${answer.status}`)
}

type Preset = { freshness: string; capturedAt: string; ageSeconds: number; picture: { full: string } }

async function webcamNow(): Promise<{ properties: { id: string; presets: (Preset & { id: string })[] } }> {
  const answer = await fetch(`${fleet.addresses.origin}/api/v1/webcams/${SITE}-cam1`)
  return (await answer.json()) as Awaited<ReturnType<typeof webcamNow>> // the API's shape has its own tests
}

async function presetNow(): Promise<Preset> {
  const [preset] = (await webcamNow()).properties.presets
  if (preset === undefined) throw new Error('the webcam has no preset')
  return preset
}

async function latestAddress(): Promise<string> {
  const { id, presets } = (await webcamNow()).properties
  return `${fleet.addresses.origin}/api/v1/webcams/${id}/presets/${presets[0]?.id}/latest.jpg`
}

function processOf(name: string) {
  const found = fleet.processes.get(name)
  if (found === undefined) throw new Error(`the fleet has no process ${name}`)
  return found
}
