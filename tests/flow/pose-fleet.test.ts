import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserCookies, openFirstAccount } from '../fixtures/first-account.ts'
import { filmLabel } from '../fixtures/label-video.ts'
import { trialPicture } from '../fixtures/trial-fleet.ts'
import { openVigie } from '../fixtures/vigie-command.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import type { KeptProcess } from '../fleet/kept-process.ts'
import { placesOf } from '../fleet/places.ts'
import { type MastCamera, startMastCamera, startShelfBox } from '../fleet/shelf-box.ts'
import { launchBrowser } from './browser.ts'

/** The technician's path on real processes: authority, broker, cloud, a camera, and a box that was never anywhere. */
const UNIT = 'vg-0901'
const PLACE = { name: 'Col de la Cayolle', road: 'D902', latitude: 44.2589, longitude: 6.7439, altitudeM: 2326 }
const SITE = 'col-de-la-cayolle'
/** The box that takes its place. */
const NEXT = 'vg-0902'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const SOON = { timeout: 60_000 }
/** From the box on the bonnet of the van to its picture on the public page. */
const TARGET_MS = 15 * 60_000
const run = promisify(execFile)
const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-pose-fleet-'))
let fleet: Fleet
let browser: Browser
let headers: Record<string, string>
let camera: MastCamera
let box: KeptProcess | undefined
let next: KeptProcess | undefined
let code: string

beforeAll(async () => {
  fleet = await startFleet({ dataFolder, ports: 'free', sites: ['annot'], pace: 1, agent: { keepAliveS: 30 } })
  const { origin, firstAdministrator } = fleet.addresses
  if (firstAdministrator === null) throw new Error('nobody has an account in a new fleet')
  headers = await openFirstAccount(origin, firstAdministrator)
  const { latitude, longitude, altitudeM } = PLACE
  const site = { latitude, longitude, altitudeM, kind: 'col' } as const
  camera = await startMastCamera(dataFolder, { name: PLACE.name, site, seed: SITE })
  const label = await api<{ code: string; path: string }>('POST', '/claims', { unit: UNIT })
  code = label.code
  const film = await filmLabel(dataFolder, origin + label.path)
  const seeing = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  browser = await launchBrowser([...seeing, `--use-file-for-fake-video-capture=${film}`])
})

afterAll(async () => {
  await browser?.close()
  await Promise.all([box, next, camera?.process].map((one) => one?.stop(5_000)))
  await fleet?.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

async function api<Told>(method: string, path: string, json?: object): Promise<Told> {
  const content = json === undefined ? {} : { body: JSON.stringify(json) }
  const sent = { method, headers: { ...headers, 'content-type': 'application/json' }, ...content }
  const answer = await fetch(`${fleet.addresses.origin}/api/v1${path}`, sent)
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Told // as the API describes it
}

async function openPhone(): Promise<Page> {
  const { latitude, longitude } = PLACE
  const permissions = ['camera', 'geolocation']
  const context = await browser.newContext({ ...PHONE, geolocation: { latitude, longitude }, permissions })
  await context.addCookies(browserCookies(fleet.addresses.origin, headers))
  const page = await context.newPage()
  await page.goto(`${fleet.addresses.origin}/pose`)
  return page
}

type Shown = { unit: { id: string; presence: string } }
type Webcam = {
  id: string
  site: string
  presets: { freshness: string; seenAt: string | null; picture: object | null }[]
}
async function webcam(): Promise<Webcam | undefined> {
  const { features } = await api<{ features: { properties: Webcam }[] }>('GET', '/webcams')
  return features.find(({ properties }) => properties.site === SITE)?.properties
}
/** Whether the public page shows a picture of every view of the site that is fresh, and was seen since. */
const isPublished = async (sinceMs = 0): Promise<boolean> =>
  (await webcam())?.presets.every(
    ({ freshness, seenAt, picture }) => freshness === 'fresh' && picture !== null && Date.parse(seenAt ?? '') > sinceMs,
  ) === true
/** The ids of all frames that the public may see of the site. */
async function framesThere(): Promise<string[]> {
  const { frames } = await api<{ frames: { id: string }[] }>('GET', `/webcams/${(await webcam())?.id}/history`)
  return frames.map(({ id }) => id)
}

type Check = { check: string; title: string; state: string; measured: string | null; reason: string | null }
const checksOf = async (id: string) => (await api<{ checks: Check[] }>('GET', `/commissionings/${id}/checks`)).checks

/** Pulls the plug when the drill asks for it, and puts it back when the cut was seen, until no check runs. */
async function seeChecksEnd(id: string, unit: KeptProcess): Promise<Check[]> {
  const signal = AbortSignal.timeout(480_000)
  for (;;) {
    const checks = await checksOf(id)
    const cut = checks.find(({ check }) => check === 'power-cut')
    if (cut?.reason === 'Débranchez le boîtier.') await unit.cutPower()
    if (cut?.reason?.startsWith('Coupure vue')) unit.up()
    if (!checks.some(({ state }) => state === 'running')) return checks
    await pause(500, undefined, { signal })
  }
}

test('a box from the shelf leads, by its label and a phone, to a published site and a signed report', async () => {
  const page = await openPhone()
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
  const times: Record<string, number> = {}
  const unboxedAt = performance.now()
  let since = unboxedAt
  const timed = (step: string) => {
    times[step] = Math.round((performance.now() - since) / 1000)
    since = performance.now()
  }
  box = startShelfBox(fleet, dataFolder, { unit: UNIT, code })
  await button('Nouvelle pose').click(SOON)
  await page.getByText('étiquette lue').waitFor(SOON)
  await expect.poll(() => page.locator('.answer').textContent(), SOON).toContain(UNIT)
  await button('C’est ce boîtier').click()
  timed('unit')

  await button('Créer un nouveau site').click(SOON)
  await page.getByLabel('Nom du lieu').fill(PLACE.name)
  await page.getByLabel('Route').fill(PLACE.road)
  await page.getByLabel('Altitude, en mètres').fill(String(PLACE.altitudeM))
  await button('Prendre la position du téléphone').click()
  await button('Créer ce site').click(SOON)
  timed('site')

  await expect.poll(() => page.locator('.answer').textContent(), { timeout: 120_000 }).toContain('En ligne')
  const { claims } = await api<{ claims: { state: string; site: string | null; unit: string | null }[] }>(
    'GET',
    '/claims',
  )
  expect(claims.filter(({ unit }) => unit === UNIT)).toMatchObject([{ site: SITE, state: 'used' }])
  await button('Continuer').click()
  timed('enrolment')

  // Found on the box's own network, or typed where the machine has no multicast; the login is the camera's.
  await expect.poll(() => page.locator('.hint').first().textContent(), SOON).toMatch(/trouvée|Aucune|refusé|Fait/)
  const found = page.locator('.camera-choice', { hasText: new URL(camera.url).host })
  if ((await found.count()) === 0) {
    await button('Taper une adresse').click()
    await page.getByLabel('Adresse de la caméra').fill(camera.url)
    await button('Ajouter cette caméra').click()
  } else await found.click()
  await page.getByText('Mot de passe de la caméra').click()
  await page.getByLabel('Utilisateur').fill(camera.user)
  await page.getByLabel('Mot de passe', { exact: true }).fill(camera.password)
  await page.getByLabel(/Ce que l’on voit/).fill('vers le refuge')
  await button('Continuer').click()
  timed('cameras')

  await button('Voir l’image en direct').click(SOON)
  await page.locator('.aim img').waitFor(SOON)
  await button('Le cadrage est bon').click()
  timed('aim')

  await button('Prendre une image').click(SOON)
  await button('Dessiner sur cette image').click(SOON)
  await button('Route').click()
  await button('Rectangle').click()
  await button('Échelle').click()
  await button('Les deux lignes sont en place').click()
  await button('Masquer le premier plan').click()
  await button('J’approuve ces masques').click(SOON)
  timed('masks')

  await button('Lancer les vérifications').click(SOON)
  const [{ id } = { id: '' }] = (
    await api<{ commissionings: { id: string }[] }>('GET', `/commissionings?site=${SITE}&open=true`)
  ).commissionings
  const ended = seeChecksEnd(id, box)
  await button('Continuer pendant ce temps').click(SOON)
  for (const at of [0, 1, 2]) {
    const buffer = Buffer.from(await trialPicture(at, { widthPx: 1600, heightPx: 1200 }))
    await page.locator('.take input').nth(at).setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer })
  }
  await expect.poll(() => page.locator('.taken small').allTextContents(), SOON).toEqual(Array(3).fill('envoyée'))
  timed('photos')

  await expect.poll(() => isPublished(), { timeout: 240_000, interval: 1_000 }).toBe(true)
  const publishedMs = performance.now() - unboxedAt
  expect(publishedMs).toBeLessThan(TARGET_MS)
  await button('Continuer').click()
  const checks = await ended
  timed('checks')
  await button('Signer la mise en service').click(SOON)
  await page.getByText('Ouvrir le procès-verbal (PDF)').waitFor(SOON)
  timed('report')
  console.log(
    `from the shelf to the public page: ${Math.round(publishedMs / 1000)} s; by step, s: ${JSON.stringify(times)}`,
  )
  console.log(checks.map(({ state, check, measured, reason }) => `${state} ${check}: ${measured ?? reason}`).join('\n'))

  const visitor = await browser.newPage()
  await visitor.goto(`${fleet.addresses.origin}/site/${SITE}`)
  await expect
    .poll(
      () =>
        visitor
          .locator('figure img')
          .first()
          .evaluate((one) => one instanceof HTMLImageElement && one.complete),
      SOON,
    )
    .toBe(true)
  await visitor.close()

  const { steps } = await api<{ steps: { step: string; state: string; seconds: number | null }[] }>(
    'GET',
    `/commissionings/${id}`,
  )
  for (const { step, state, seconds } of steps.slice(0, -1)) {
    expect.soft({ step, state }).toEqual({ step, state: 'done' })
    expect.soft(seconds, step).not.toBeNull()
  }
  const file = join(dataFolder, 'report.pdf')
  const answer = await fetch(`${fleet.addresses.origin}/api/v1/commissionings/${id}/report.pdf`, { headers })
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
  expect((await run('pdfsig', ['-nocert', file])).stdout).toContain('Signature is Valid.')
  const words = (await run('pdftotext', [file, '-'])).stdout.replaceAll(/\s+/g, ' ')
  expect(words).toContain('Site accepté sans réserve')
  for (const part of [PLACE.name, UNIT, 'Marie Blanc', 'Durée de la pose', 'tous arrivés, sans double']) {
    expect(words).toContain(part)
  }
  await page.context().close()
}, 900_000)

type Standing = {
  condition: string
  desired: {
    version: number
    documents: { masks: object; schedule: object; camera: { cameras: { access: object }[] } }
  }
}
const standing = () => api<Standing>('GET', `/sites/${SITE}/configuration`)

/** The frames that a box says it has made, in the end of its log. */
const madeBy = (unit: KeptProcess): string[] =>
  unit
    .tail(400)
    .split('\n')
    .flatMap((line) => {
      const said = line.startsWith('{') ? (JSON.parse(line) as { event?: string; id?: string }) : {}
      return said.event === 'frame.captured' && said.id !== undefined ? [said.id] : []
    })

test('another box takes over from one that dies with pictures on its disk, and nothing of the site is lost', async () => {
  const old = box
  if (old === undefined) throw new Error('the site has a box')
  const before = await standing()
  const command = (body: object) => api('POST', `/sites/${SITE}/commands`, { body })
  await command({ name: 'watch-closely', minutes: 30 })
  // Its line fails and it goes on; then lightning strikes.
  await command({ name: 'drill', what: 'store-and-forward', seconds: 600 })
  await expect
    .poll(async () => (await api<Shown>('GET', `/operators/sites/${SITE}`)).unit.presence, SOON)
    .toBe('offline')
  const sent = await framesThere()
  const left = () => madeBy(old).filter((id) => !sent.includes(id))
  await expect.poll(() => left().length, { timeout: 90_000 }).toBeGreaterThan(1)
  await old.cutPower()
  const lying = left()

  const beganAt = performance.now()
  const beganMs = Date.now()
  const vigie = openVigie(dataFolder, { origin: fleet.addresses.origin, cookie: headers['cookie'] })
  const label = await api<{ code: string }>('POST', '/claims', { unit: NEXT })
  next = startShelfBox(fleet, dataFolder, { unit: NEXT, code: label.code })
  const begun = await vigie(['site', 'replace', SITE, '--reason', 'foudre', '--unit', NEXT])
  expect(begun.said).toContain('claim bind')
  expect(await vigie(['claim', 'bind', '--site', SITE], `${label.code}\n`)).toMatchObject({ exit: 0 })
  await expect.poll(() => isPublished(beganMs), { timeout: 240_000, interval: 1_000 }).toBe(true)
  const publishedMs = performance.now() - beganAt
  expect(publishedMs).toBeLessThan(TARGET_MS)

  // It runs what its predecessor ran, with the camera's password, which was sealed to its own key; nobody typed one.
  await expect.poll(async () => (await standing()).condition, { timeout: 150_000, interval: 1_000 }).toBe('runs')
  expect((await standing()).desired.documents).toEqual(before.desired.documents)
  const { unit } = await api<Shown>('GET', `/operators/sites/${SITE}`)
  expect(unit).toMatchObject({ id: NEXT, presence: 'online' })
  type Units = { units: { unit: string; state: string; certificates: { reason: string | null }[] }[] }
  const oldOne = async () => (await api<Units>('GET', '/units')).units.find((one) => one.unit === UNIT)
  await expect.poll(oldOne, SOON).toMatchObject({ state: 'revoked', certificates: [{ reason: 'replaced' }] })
  const takenOverMs = performance.now() - beganAt
  // Two claims were made, one a label; there is no third.
  const { claims } = await api<{ claims: { unit: string | null; site: string | null }[] }>('GET', '/claims')
  expect(claims.filter(({ site }) => site === SITE).map((claim) => claim.unit)).toEqual([NEXT, UNIT])

  expect(await framesThere()).toEqual(expect.arrayContaining(sent))
  const rescue = () => vigie(['outbox', 'rescue', join(placesOf(dataFolder).units, UNIT)])
  for (let time = 0; time < 2; time += 1) {
    const rescued = await rescue()
    expect(rescued).toMatchObject({ exit: 0, said: expect.stringMatching(/Au centre : \d+\./) })
    const there = await framesThere()
    expect(there).toEqual(expect.arrayContaining(lying))
    expect(there).toHaveLength(new Set(there).size)
  }
  const s = (ms: number) => Math.round(ms / 1000)
  console.log(
    `replaced: published in ${s(publishedMs)} s, confirmed and the old one out in ${s(takenOverMs)} s; ${lying.length} frames rescued`,
  )
}, 600_000)
