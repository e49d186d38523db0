import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPoleUnit, type PoleUnit } from '../fakes/pole-unit.ts'
import { browserCookies } from '../fixtures/first-account.ts'
import { filmLabel } from '../fixtures/label-video.ts'
import { launchBrowser } from './browser.ts'

/** The technician's page as it is built, on a phone, with a camera that sees a label; the cloud is real, the box is not. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const DESK = { width: 1440, height: 900 }
/** What a phone has in a gorge: it is there, and that is all. Bytes a second, and milliseconds. */
const ONE_BAR = { offline: false, downloadThroughput: 6_000, uploadThroughput: 4_000, latency: 900 }
const ALLOS = { latitude: 44.2975, longitude: 6.5936 }
const CLAIM = '7ZK3Q-0A1BC-9DEFG-HJKMN-PQRST-V'
const SOON = { timeout: 20_000 }
/** Set to a folder: every screen is kept there as a picture. */
const pictures = process.env['POSE_PICTURES']

const folder = mkdtempSync(join(tmpdir(), 'vigie-pose-'))
let cloud: TrialCloud
let origin: string
let browser: Browser
let technician: Record<string, string>
const complaints: string[] = []

beforeAll(async () => {
  const film = await filmLabel(folder, `http://vigie.example/pose#u=vg-0001&c=${CLAIM}`)
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  browser = await launchBrowser([...camera, `--use-file-for-fake-video-capture=${film}`])
  const sites = [siteDocument(), { ...siteDocument('col-de-vars', 'vg-0002'), name: 'Col de Vars', latitude: 44.5392 }]
  cloud = await openTrialCloud({ sites, http: { consoleFolder } })
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  technician = await cloud.signIn('technician')
})

afterAll(async () => {
  await browser?.close()
  await cloud?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openPhone(name = 'vg-0001'): Promise<{ context: BrowserContext; page: Page; unit: PoleUnit }> {
  const context = await browser.newContext({
    ...PHONE,
    geolocation: ALLOS,
    permissions: ['camera', 'geolocation'],
  })
  await context.addCookies(browserCookies(origin, technician))
  const unit = await openPoleUnit(context, name)
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (problem) => complaints.push(problem.message))
  await page.goto(`${origin}/pose`)
  return { context, page, unit }
}

/** What a machine can find wrong with a screen, that it is no wider than the phone, and that a glove can hit everything. */
async function lookAt(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.screenshot({ path: join(pictures, `${name}.png`) })
    await page.setViewportSize(DESK)
    await page.screenshot({ path: join(pictures, `${name}-desk.png`) })
    await page.setViewportSize(PHONE.viewport)
  }
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
  const { wide, room, small } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
    small: [...document.querySelectorAll('button, .button, summary')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 55.5)
      .map((one) => one.outerHTML),
  }))
  expect(wide, name).toBeLessThanOrEqual(room)
  expect(small, `${name}: too small for a glove`).toEqual([])
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()

/** Draws on the picture with one finger, through points given as shares of it. */
async function draw(page: Page, points: [number, number][]): Promise<void> {
  const box = await page.locator('.canvas-frame').boundingBox()
  if (box === null) throw new Error('the picture is there')
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const
  const [first, ...rest] = points
  if (first === undefined) return
  await page.mouse.move(...at(first))
  await page.mouse.down()
  for (const point of [...rest, first]) await page.mouse.move(...at(point), { steps: 8 })
  await page.mouse.up()
}

const FOREGROUND = [
  [0, 0.6],
  [1, 0.6],
  [1, 1],
  [0, 1],
]
/** What was drawn at a site when it was put into service. */
const DRAWN_BEFORE = {
  roadZone: FOREGROUND,
  measures: [
    { y: 0.5, from: 0.42, to: 0.58, metres: 6 },
    { y: 0.85, from: 0.25, to: 0.75, metres: 6 },
  ],
  zones: [{ label: 'premier plan', fill: 'solid', polygon: FOREGROUND }],
  approvedOn: '2026-09-01',
}

/** Col de Vars was put into service once, and its report made. */
async function commissionBefore({ request }: Page): Promise<void> {
  const api = `${origin}/api/v1/commissionings`
  const headers = { 'x-vigie-client': 'test' }
  const { id } = await (await request.post(api, { headers, data: { site: 'col-de-vars' } })).json()
  const entered = { views: { 'cam1/amont': DRAWN_BEFORE } }
  await request.put(`${api}/${id}/steps/masks`, { headers, data: { entered, done: true } })
  expect((await request.post(`${api}/${id}/report`, { headers })).status()).toBe(201)
}

describe('on a phone at the pole', () => {
  test('a box goes from its label to a signed report, one task a screen', async () => {
    const { context, page, unit } = await openPhone()
    const times: Record<string, number> = {}
    let since = performance.now()
    const timed = (step: string) => {
      times[step] = Math.round(performance.now() - since)
      since = performance.now()
    }
    await button(page, 'Nouvelle pose').waitFor()
    await lookAt(page, '00-start')
    await button(page, 'Nouvelle pose').click()
    // The label is read by itself.
    await page.getByText('étiquette lue').waitFor(SOON)
    expect(await page.locator('.answer').textContent()).toContain('vg-0001')
    await lookAt(page, '01-unit')
    await button(page, 'C’est ce boîtier').click()
    timed('unit')

    await button(page, 'Les sites proches d’abord').click()
    await page.getByText(/Position connue/).waitFor()
    const sites = page.getByRole('list', { name: 'Sites' }).getByRole('button')
    await expect.poll(() => sites.first().textContent()).toContain('Col d’Allos')
    await lookAt(page, '02-site')
    await sites.first().click()
    timed('site')

    await page.getByText(/Le boîtier demande son certificat/).waitFor()
    await lookAt(page, '03-enrolment')
    await expect.poll(() => unit.bodies[0]).toEqual({ code: CLAIM, site: 'col-d-allos' })
    unit.enrol()
    await expect.poll(() => page.locator('.answer').textContent(), SOON).toContain('En ligne')
    await lookAt(page, '03-enrolled')
    await button(page, 'Continuer').click()
    timed('enrolment')

    await page.locator('.camera img').waitFor(SOON)
    await page.locator('.camera-choice').first().click()
    // The plan of the site has named the view already; what the technician sees is the better name.
    expect(await page.getByLabel('Ce que l’on voit').inputValue()).toBe('vers Allos')
    await page.getByLabel('Ce que l’on voit').fill('vers Barcelonnette')
    await lookAt(page, '04-cameras')
    await button(page, 'Continuer').click()
    timed('cameras')

    await button(page, 'Voir l’image en direct').click()
    await page.locator('.aim img').waitFor(SOON)
    await lookAt(page, '05-aim')
    await button(page, 'Le cadrage est bon').click()
    timed('aim')

    await button(page, 'Prendre une image').click()
    await button(page, 'Dessiner sur cette image').click(SOON)
    await draw(page, [
      [0.46, 0.45],
      [0.54, 0.45],
      [0.8, 0.98],
      [0.2, 0.98],
    ])
    await expect.poll(() => page.locator('.canvas-road').count()).toBe(1)
    await button(page, /Continuer.*masques/).click()
    await draw(page, [
      [0.03, 0.2],
      [0.26, 0.2],
      [0.26, 0.62],
      [0.03, 0.62],
    ])
    await page.getByLabel('Ce qui est caché').fill('maison')
    await button(page, 'Masque suivant').click()
    await draw(page, [
      [0.02, 0.72],
      [0.98, 0.72],
      [0.98, 0.99],
      [0.02, 0.99],
    ])
    await expect.poll(() => page.locator('.canvas-zone').count()).toBe(2)
    await button(page, 'Annuler').click()
    await expect.poll(() => page.locator('.canvas-zone').count()).toBe(1)
    await button(page, 'Rétablir').click()
    await lookAt(page, '06-masks')
    await button(page, /Continuer.*échelle/).click()
    await button(page, 'Les deux lignes sont en place').click()
    // What is near shows a face: it is said, and one touch hides it.
    await expect.poll(() => page.locator('.verdict').getAttribute('data-right')).toBe('false')
    await lookAt(page, '06-too-fine')
    await button(page, 'Masquer le premier plan').click()
    await expect.poll(() => page.locator('.verdict').getAttribute('data-right')).toBe('true')
    await lookAt(page, '06-scale')
    await button(page, 'J’approuve ces masques').click()
    timed('masks')
    await expect
      .poll(() => unit.documents().masks.views.map(({ masks }) => masks.zones.map(({ label }) => label)), SOON)
      .toEqual([['maison', 'Zone 1', 'premier plan']])
    expect(unit.documents().camera.cameras).toMatchObject([
      { id: 'cam1', presets: [{ id: 'amont', label: 'vers Barcelonnette' }] },
    ])

    await button(page, 'Lancer les vérifications').waitFor(SOON)
    await expect.poll(() => page.locator('.check').count(), SOON).toBeGreaterThan(15)
    await button(page, 'Lancer les vérifications').click()
    await expect.poll(() => page.locator('.check:not([data-state="waiting"])').count(), SOON).toBeGreaterThan(0)
    await lookAt(page, '07-checks')
    // What runs on a box that is not there runs for long: the photos are taken meanwhile.
    await button(page, /Continuer/).click()
    timed('checks')

    for (const at of [0, 1, 2]) {
      const buffer = await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#6d7a58' } })
        .jpeg()
        .toBuffer()
      await page.locator('.take input').nth(at).setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer })
      await expect.poll(() => page.locator('.taken li').count(), SOON).toBe(at + 1)
    }
    await expect.poll(() => page.locator('.taken small').allTextContents(), SOON).toEqual(Array(3).fill('envoyée'))
    await lookAt(page, '08-photos')
    await button(page, 'Continuer').click()
    timed('photos')

    // A report is not made while a check runs: that is said, and it is made when they have ended.
    await button(page, 'Signer la mise en service').click(SOON)
    await page.getByText(/vérifications tournent encore/).waitFor(SOON)
    // Drills take turns; each is over after a quarter of an hour at the latest.
    for (let turn = 0; turn < 6; turn += 1) {
      cloud.pass(16 * 60_000)
      await cloud.acceptance.look()
    }
    await button(page, 'Signer la mise en service').click(SOON)
    await page.getByText('Ouvrir le procès-verbal (PDF)').waitFor(SOON)
    await lookAt(page, '09-report')
    timed('report')
    expect(await page.locator('[data-kind="refused"]').count()).toBe(0)
    const pdf = await page.request.get(
      `${origin}${await page.getByText('Ouvrir le procès-verbal (PDF)').getAttribute('href')}`,
    )
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
    console.log(`tasks of the technician's path, ms: ${JSON.stringify(times)}`)
    await context.close()
  }, 120_000)

  test('nothing that was entered is lost when the signal goes and the page is closed', async () => {
    const { context, page, unit } = await openPhone()
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('pose-1')).keys()).length), SOON)
      .toBeGreaterThan(5)
    await button(page, 'Nouvelle pose').click()
    await page.getByText('étiquette lue').waitFor(SOON)
    await button(page, 'C’est ce boîtier').click()
    // The list of sites is on the phone from now on.
    await page.getByRole('list', { name: 'Sites' }).waitFor(SOON)

    unit.reach(false)
    await context.setOffline(true)
    const at = page.url()
    await page.goto(at)
    await expect.poll(() => page.locator('h1').textContent(), SOON).toBe('Choisir le site')
    await page.getByRole('list', { name: 'Sites' }).getByRole('button').first().click()
    await page.getByText('Gardé sur ce téléphone, pas encore envoyé').waitFor(SOON)
    await lookAt(page, '10-offline')
    await page.close()

    const again = await context.newPage()
    await again.goto(`${origin}/pose`)
    await button(again, /Col d’Allos|Col d'Allos/).click(SOON)
    await again.getByText('Gardé sur ce téléphone, pas encore envoyé').waitFor(SOON)
    expect(unit.asked).not.toContain('bind')

    unit.reach(true)
    await context.setOffline(false)
    await again.getByText('Tout est envoyé').waitFor({ timeout: 60_000 })
    expect(unit.asked.filter((one) => one === 'bind')).toHaveLength(1)
    const { commissionings } = await (await again.request.get(`${origin}/api/v1/commissionings?open=true`)).json()
    const { steps } = await (await again.request.get(`${origin}/api/v1/commissionings/${commissionings[0].id}`)).json()
    expect(steps.slice(0, 2).map(({ state }: { state: string }) => state)).toEqual(['done', 'done'])
    expect(JSON.stringify(steps)).not.toContain(CLAIM)
    await context.close()
  }, 120_000)

  test('opens at once with one bar of signal, and sends what is entered when the line has carried it', async () => {
    const { context, page } = await openPhone()
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('pose-1')).keys()).length), SOON)
      .toBeGreaterThan(5)
    const network = await context.newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', ONE_BAR)
    await page.goto(`${origin}/pose`)
    await button(page, 'Nouvelle pose').click()
    await page.getByText('étiquette lue').waitFor(SOON)
    await button(page, 'C’est ce boîtier').click()
    await page.getByRole('list', { name: 'Sites' }).getByRole('button').first().click({ timeout: 60_000 })
    await page.getByText('Tout est envoyé').waitFor({ timeout: 60_000 })
    await context.close()
  }, 150_000)

  test('a code typed by hand and a site that no plan knows lead to two cameras, each with its masks', async () => {
    const { context, page, unit } = await openPhone('vg-0042')
    await button(page, 'Nouvelle pose').click()
    await button(page, 'Taper le code').click(SOON)
    await page.getByLabel('Numéro du boîtier').fill('VG-0042')
    const code = page.getByLabel('Code de l’étiquette, ou les douze mots')
    await code.fill(CLAIM.slice(0, 20))
    expect(await page.locator('#manque').textContent()).toMatch(/caractères sur 26/)
    await lookAt(page, '11-typed')
    // As somebody types who reads it from an aluminium plate: no hyphens, an O for a 0.
    await code.fill(CLAIM.toLowerCase().replaceAll('-', '').replaceAll('0', 'o'))
    await button(page, 'Continuer').click()
    await button(page, 'C’est ce boîtier').click(SOON)

    await button(page, 'Créer un nouveau site').click(SOON)
    await page.getByLabel('Nom du lieu').fill('Col d’Allos')
    await page.getByLabel('Route').fill('d 908')
    await page.getByLabel('Altitude, en mètres').fill('2250')
    await button(page, 'Prendre la position du téléphone').click()
    await page.getByText('44,2975° N, 6,5936° E').waitFor(SOON)
    await lookAt(page, '12-new-site')
    await button(page, 'Créer ce site').click()
    await expect.poll(() => unit.bodies[0], SOON).toEqual({ code: CLAIM, site: 'col-d-allos-2' })
    const { sites } = await (await page.request.get(`${origin}/api/v1/operators/sites`)).json()
    expect(sites).toContainEqual(expect.objectContaining({ site: 'col-d-allos-2', unit: 'vg-0042', road: 'D908' }))
    unit.enrol()
    await button(page, 'Continuer').click(SOON)

    for (const at of [0, 1]) await page.locator('.camera-choice').nth(at).click(SOON)
    const second = page.locator('.camera').nth(1)
    await second.getByText('Mot de passe de la caméra').click()
    await second.getByLabel('Utilisateur').fill('vigie')
    await second.getByLabel('Mot de passe', { exact: true }).fill('un secret')
    for (const [at, view] of ['vers Allos', 'vers le lac'].entries()) {
      await page.locator('.camera').nth(at).getByLabel('Ce que l’on voit').fill(view)
    }
    await lookAt(page, '13-two-cameras')
    await button(page, 'Continuer').click()

    for (const view of ['vers Allos', 'vers le lac']) {
      await expect.poll(() => page.locator('[aria-label="Caméras"] [aria-pressed="true"]').textContent()).toBe(view)
      await button(page, 'Voir l’image en direct').click()
      await page.locator('.aim img').waitFor(SOON)
      await lookAt(page, `14-aim-${view.at(-1)}`)
      await button(page, 'Le cadrage est bon').click()
    }
    for (const view of ['vers Allos', 'vers le lac']) {
      await expect.poll(() => page.locator('[aria-label="Vues"] [aria-pressed="true"]').textContent(), SOON).toBe(view)
      await button(page, 'Prendre une image').click()
      await button(page, 'Dessiner sur cette image').click(SOON)
      await button(page, 'Rectangle').click()
      await button(page, 'Échelle').click()
      await button(page, 'Les deux lignes sont en place').click()
      await button(page, 'Masquer le premier plan').click()
      await lookAt(page, `15-masks-${view.at(-1)}`)
      await button(page, 'J’approuve ces masques').click()
    }
    await expect.poll(() => unit.documents().masks.views.map(({ camera }) => camera), SOON).toEqual(['cam1', 'cam2'])
    expect(unit.documents().camera.cameras).toMatchObject([
      { id: 'cam1', presets: [{ label: 'vers Allos' }] },
      { id: 'cam2', presets: [{ label: 'vers le lac' }], access: { user: 'vigie', password: 'un secret' } },
    ])
    // The password is in no record: it goes to the box, sealed, and to nobody else.
    const { commissionings } = await (await page.request.get(`${origin}/api/v1/commissionings?open=true`)).json()
    for (const { id } of commissionings) {
      expect(await (await page.request.get(`${origin}/api/v1/commissionings/${id}`)).text()).not.toContain('un secret')
    }
    await context.close()
  }, 120_000)

  test('another box takes the place of one at a site, by its own code and under the masks that the site has', async () => {
    const { context, page, unit } = await openPhone()
    await commissionBefore(page)
    await button(page, 'Nouvelle pose').click()
    await page.getByText('étiquette lue').waitFor(SOON)
    await button(page, 'C’est ce boîtier').click()
    await page.getByRole('list', { name: 'Sites' }).getByRole('button', { name: 'Col de Vars' }).click(SOON)
    await page.getByText('a déjà un boîtier').waitFor(SOON)
    await lookAt(page, '16-replacement')
    const why = page.getByLabel('Pourquoi le remplacer')
    await why.selectOption('Il a été volé')
    expect(await page.locator('.notice').textContent()).toContain('exclu du réseau tout de suite')
    await why.selectOption('Il est en panne')
    expect(await page.locator('.notice').textContent()).toContain('dès que le nouveau marche')
    // In a gorge: it is kept, and told when there is a line.
    unit.reach(false)
    await context.setOffline(true)
    await button(page, 'Remplacer par vg-0001').click()
    await page.getByText('Gardé sur ce téléphone, pas encore envoyé').waitFor(SOON)
    unit.reach(true)
    await context.setOffline(false)
    await page.getByText('Le boîtier demande son certificat').waitFor(SOON)
    await expect.poll(() => unit.bodies, { timeout: 60_000 }).toEqual([{ code: CLAIM, site: 'col-de-vars' }])
    const { commissionings } = await (
      await page.request.get(`${origin}/api/v1/commissionings?site=col-de-vars&open=true`)
    ).json()
    expect(commissionings).toMatchObject([
      { kind: 'replacement', unit: 'vg-0001', replacedUnit: 'vg-0002', oldUnitEnds: 'when-new-runs' },
    ])
    await lookAt(page, '17-replacing')
    unit.enrol()
    await expect.poll(() => page.locator('.answer').textContent(), SOON).toContain('En ligne')
    await button(page, 'Continuer').click()
    await page.locator('.camera-choice').first().click(SOON)
    await button(page, 'Continuer').click()
    await button(page, 'Voir l’image en direct').click(SOON)
    await button(page, 'Le cadrage est bon').click(SOON)
    // What was drawn stands there: it is looked at and approved, not drawn again.
    await button(page, 'Prendre une image').click(SOON)
    await button(page, 'Dessiner sur cette image').click(SOON)
    await page.locator('.canvas-road').waitFor(SOON)
    await lookAt(page, '18-masks-kept')
    await button(page, 'J’approuve ces masques').click(SOON)
    await expect
      .poll(() => unit.documents().masks.views.map(({ masks }) => masks.zones), SOON)
      .toEqual([DRAWN_BEFORE.zones])
    await context.close()
  }, 120_000)

  test('runs under its own policy without a complaint', () => {
    // A request that no network carries, and a report that has to wait, are written there by the browser itself.
    const expected = /ERR_INTERNET_DISCONNECTED|409 \(Conflict\)/
    expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([])
  })
})
