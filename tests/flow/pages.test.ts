import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCookies } from '../fixtures/first-account.ts'
import { launchBrowser } from './browser.ts'

/** The pages as they are built, sent by the real HTTP side from a real store; only the cloud's clock stands still. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname

const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }
const MINUTE_MS = 60_000
const SOON = { timeout: 60_000 }
const SITES = ['col-d-allos', 'col-de-vars', 'col-de-larche', 'le-sauze'] as const

let cloud: TrialCloud
let origin: string
let browser: Browser
let operator: Record<string, string>
const complaints: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  // One unit for all: it has been heard as soon as there is a picture, and a site without one is off line.
  const sites = SITES.map((id) => ({ ...siteDocument(id), name: id.replaceAll('-', ' ') }))
  cloud = await openTrialCloud({ sites, http: { consoleFolder } })
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  operator = await cloud.signIn('viewer')
  await photograph('col-d-allos', 20_000)
  await photograph('col-de-vars', 22 * MINUTE_MS)
  await photograph('le-sauze', 130_000)
})

afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

/** A picture of one colour of both views of a site, taken so long ago. */
async function photograph(site: string, ageMs: number): Promise<void> {
  const background = { r: Math.round(ageMs / 1000) % 256, g: 120, b: 90 }
  for (const preset of ['amont', 'aval']) {
    const picture = await sharp({ create: { width: 1280, height: 720, channels: 3, background } })
      .jpeg()
      .toBuffer()
    await cloud.storeFrame({ site, preset, capturedAt: cloud.clock.now() - ageMs, picture })
  }
}

/** Opens a page; what it writes to its console as an error or a refusal of the policy is a complaint. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: DESK, ...options })
  if (path.startsWith('/veille')) await context.addCookies(browserCookies(origin, operator))
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${path}: ${message.text()}`)
  })
  page.on('pageerror', (problem) => complaints.push(`${path}: ${problem.message}`))
  await page.addInitScript(() => {
    Object.assign(window, { moved: 0 })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        Object.assign(window, { moved: Reflect.get(window, 'moved') + Reflect.get(entry, 'value') })
      }
    }).observe({ type: 'layout-shift' })
  })
  await page.goto(origin + path)
  await page.evaluate(() => document.fonts.ready)
  return page
}

const moved = (page: Page) => page.evaluate(() => Number(Reflect.get(window, 'moved')))

describe('page and wall', () => {
  test.each([
    ['/', 'img'],
    ['/?nom=paris', '.empty'],
    ['/site/col-d-allos', 'img'],
    ['/site/paris', '.message'],
    ['/veille?site=col-de-vars', '.panel'],
    ['/veille?recherche=paris', '.page-state'],
  ])('put nothing in the way of anybody that a machine can find: %s', async (path, sign) => {
    for (const viewport of [PHONE, DESK]) {
      const page = await open(path, { viewport })
      await page.locator(sign).first().waitFor()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
      const { wide, room } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }))
      expect(wide, `${path} at ${viewport.width} px`).toBeLessThanOrEqual(room)
      await page.context().close()
    }
  })

  test('run under their own policy without a complaint', () => {
    expect(complaints.filter((complaint) => !complaint.includes('404 (Not Found)'))).toEqual([])
  })
})

describe('the public page', () => {
  test('is searched without a script, and its address can be shared', async () => {
    const page = await open('/', { javaScriptEnabled: false, viewport: PHONE })
    await expect.poll(() => page.locator('.place').count(), SOON).toBe(4)
    await page.getByLabel('Lieu', { exact: true }).fill('vars')
    await page.getByRole('button', { name: 'Afficher' }).click()
    await expect.poll(() => page.locator('.place h3').allTextContents(), SOON).toEqual(['col de vars'])
    expect(new URL(page.url()).searchParams.get('nom')).toBe('vars')
    await page.context().close()
  })

  test('shows a new picture with its time when it is there, not before, and nothing moves', async () => {
    const page = await open('/')
    const figure = page.locator('[data-view="le-sauze-cam1/amont"]')
    await expect.poll(() => figure.getAttribute('data-freshness')).toBe('late')
    const before = await figure.locator('img').getAttribute('src')
    const shift = await moved(page)
    const held: Route[] = []
    let isHeld = true
    await page.route('**/api/v1/pictures/**', async (route) => {
      if (isHeld) held.push(route)
      else await route.continue()
    })
    await photograph('le-sauze', 1_000)
    await expect.poll(() => held.length, SOON).toBeGreaterThan(0)
    expect(await figure.locator('.when').textContent()).toMatch(/^il y a 2\smin$/)
    expect(await figure.getAttribute('data-freshness')).toBe('late')
    isHeld = false
    for (const route of held) await route.continue()
    await expect.poll(() => figure.getAttribute('data-freshness'), SOON).toBe('fresh')
    expect(await figure.locator('img').getAttribute('src')).not.toBe(before)
    expect(await figure.locator('.when').textContent()).toBe('à l’instant')
    // A card offers the two small pictures only, before and after.
    expect((await figure.locator('img').getAttribute('srcset'))?.split(',')).toHaveLength(2)
    const marker = page.locator('[data-marker="le-sauze"]')
    await expect.poll(() => marker.getAttribute('data-freshness'), SOON).toBe('fresh')
    // The words of the caption move a little when its clock goes; a picture or a card that moved would be 100 times more.
    expect((await moved(page)) - shift).toBeLessThan(0.001)
    await page.context().close()
  })
})

describe('the wall', () => {
  test('puts those in need first and larger, and moves a site only when its own state changes', async () => {
    const page = await open('/veille')
    const names = (zone: string) => page.locator(`.zone[data-zone="${zone}"] .tile-name`).allTextContents()
    await expect.poll(() => names('now')).toEqual(['col de larche', 'col de vars'])
    const widthOf = async (site: string) => (await page.locator(`#tile-${site}`).boundingBox())?.width ?? 0
    expect(await widthOf('col-de-vars')).toBeGreaterThanOrEqual(await widthOf('col-d-allos'))
    await photograph('col-de-vars', 1_000)
    await expect.poll(() => names('now'), SOON).toEqual(['col de larche'])
    await expect.poll(() => names('calm'), SOON).toContain('col de vars')
    await page.context().close()
  })

  test('opens a site by keyboard, walks back through its day, and comes back to where it was', async () => {
    await photograph('col-d-allos', 10_000)
    await photograph('col-d-allos', 5_000)
    const page = await open('/veille')
    await page.locator('#tile-col-d-allos').focus()
    await page.keyboard.press('Enter')
    const picture = page.locator('.scrubber-picture img')
    const newest = await picture.getAttribute('src')
    await expect.poll(() => new URL(page.url()).searchParams.get('site'), SOON).toBe('col-d-allos')
    const track = page.getByRole('slider', { name: 'Moment de l’image' })
    await expect.poll(() => track.getAttribute('aria-valuemax')).toBe('2')
    await track.focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => picture.getAttribute('src')).not.toBe(newest)
    await page.keyboard.press('End')
    await expect.poll(() => picture.getAttribute('src')).toBe(newest)
    // What comes while the panel is open joins the day, and the hand stays with the newest.
    await photograph('col-d-allos', 3_000)
    await photograph('col-d-allos', 1_000)
    await expect.poll(() => track.getAttribute('aria-valuemax'), SOON).toMatch(/[34]/)
    await expect.poll(() => picture.getAttribute('src')).not.toBe(newest)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('.panel').count()).toBe(0)
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('tile-col-d-allos')
    await page.context().close()
  })
})

describe('what is known of a picture', () => {
  const isAt = (page: Page, view: string, part: string) => page.locator(`[data-view="${view}"] ${part}`)

  test('reaches an open page by itself, in words for a driver, and nothing moves', async () => {
    cloud.pass(10 * MINUTE_MS)
    const { id } = await cloud.storeFrame({ site: 'le-sauze', picture: await plainPicture(1) })
    const page = await open('/site/le-sauze', { viewport: PHONE })
    const view = 'le-sauze-cam1/amont'
    await expect.poll(() => isAt(page, view, '.when').textContent()).toBe('à l’instant')
    const address = await isAt(page, view, 'img').getAttribute('src')
    const places = await placesOf(page)
    cloud.pass(5 * MINUTE_MS)
    await cloud.seeUnchanged(id, { intervalS: 300 })
    await expect.poll(() => isAt(page, view, '.when').textContent(), SOON).toBe('vue à l’instant')
    await expect
      .poll(() => isAt(page, view, '.unchanged').textContent(), SOON)
      .toMatch(/^, inchangée\sdepuis\s\d\d\sh\s\d\d$/)
    expect(await isAt(page, view, 'img').getAttribute('src')).toBe(address)
    const [told, rhythm] = [isAt(page, view, 'img'), page.locator(`[data-rhythm="${view}"]`)]
    await expect.poll(() => told.getAttribute('alt'), SOON).toMatch(/image, vue à .*, inchangée\sdepuis/)
    await expect.poll(() => rhythm.textContent(), SOON).toMatch(/la webcam vérifie toutes les 5\smin\.$/)

    cloud.pass(MINUTE_MS)
    await cloud.storeFrame({ site: 'le-sauze', picture: await plainPicture(2), doubts: 'picture-blurred' })
    await expect.poll(() => isAt(page, view, '.remark').textContent(), SOON).toMatch(/objectif givré ou embué$/)
    await expect.poll(() => isAt(page, view, '.unchanged').textContent(), SOON).toBe('')
    cloud.pass(1_000)
    await cloud.sayState({ fault: 'view-moved' }, 'le-sauze')
    await expect.poll(() => isAt(page, view, '.remark').textContent(), SOON).toMatch(/^ la webcam a bougé, /)
    await expect.poll(() => rhythm.textContent(), SOON).toMatch(/^La webcam a bougé\s: .* remise en place\.$/)
    // The caption grows upwards on its picture; all else stays where it was.
    expect(await placesOf(page)).toEqual(places)
    await page.context().close()
  })

  test('is on the page without a script, and on the wall with what to do', async () => {
    const bare = await open('/site/le-sauze', { javaScriptEnabled: false, viewport: PHONE })
    expect(await isAt(bare, 'le-sauze-cam1/amont', '.remark').textContent()).toMatch(
      /^ la webcam a bougé, image peu lisible/,
    )
    await bare.context().close()
    await photograph('col-d-allos', 0)
    cloud.pass(1_000)
    await cloud.storeFrame({ site: 'col-d-allos', picture: await plainPicture(3), doubts: 'picture-black' })
    const wall = await open('/veille?site=le-sauze')
    await expect.poll(() => wall.locator('.why-title').textContent()).toBe('Cadrage modifié, images retenues')
    const line = wall.locator('#tile-col-d-allos .tile-line')
    await expect.poll(() => line.textContent(), SOON).toBe('D908, image noire en plein jour')
    await wall.context().close()
  })

  test.each(['/', '/site/le-sauze', '/veille?site=col-d-allos'])('is in nobody’s way: %s', async (path) => {
    for (const viewport of [PHONE, DESK]) {
      const page = await open(path, { viewport })
      await page.locator('img').first().waitFor()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
      await page.context().close()
    }
  })
})

/** Where the pictures and all that stands below them is. */
const placesOf = (page: Page) =>
  page
    .locator('.site-view h2, .site-view .view, .rhythm, .last-day, .site-footer')
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().toJSON()))

const plainPicture = (seed: number) =>
  sharp({ create: { width: 1280, height: 720, channels: 3, background: { r: 40 * seed, g: 90, b: 120 } } })
    .jpeg()
    .toBuffer()
