import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import type { BootId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCookies } from '../fixtures/first-account.ts'
import { launchBrowser } from './browser.ts'

/** The page of what a site should be as it is built, sent by the real HTTP side from a real store. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }
/** Where to leave what the pages look like, for whoever wants to see them. */
const pictures = process.env['VIGIE_PICTURES']

let cloud: TrialCloud
let browser: Browser
let origin: string
const site = 'allos' as SiteId // of the document below
const unit = 'vg-0001' as UnitId // likewise

beforeAll(async () => {
  browser = await launchBrowser()
  cloud = await openTrialCloud({ sites: [{ ...siteDocument(site, unit), name: 'Allos' }], http: { consoleFolder } })
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

async function open(path: string, viewport = DESK, role: Parameters<TrialCloud['signIn']>[0] = 'technician') {
  const context = await browser.newContext({ viewport })
  await context.addCookies(browserCookies(origin, await cloud.signIn(role)))
  const page = await context.newPage()
  await page.goto(origin + path)
  return page
}

/** The unit says that it went back, and why. */
async function sayRefused(version: number, seq: number): Promise<void> {
  const { configuration } = cloud.store
  const at = cloud.clock.now()
  await configuration.tell(
    { site, unit, key: null, version, attempt: 1, at, documents: '{}' },
    (await configuration.told(site, unit)) ?? null,
  )
  const refused = { version, attempt: 1, at: new Date(at).toISOString(), reason: 'camera-unreachable', about: 'cam1' }
  const said = { version: 1, attempt: 1, since: new Date(at - 86_400_000).toISOString(), refused }
  const state = { site, unit, boot: 'b' as BootId, seq, at, cameras: [], configuration: said } // any boot
  await cloud.store.items.storeItems({ frames: [], states: [state], deadLetters: [], heard: [], at })
}

async function mayBeUsedByAll(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
  const { wide, room } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
  }))
  expect(wide, name).toBeLessThanOrEqual(room)
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true })
}

describe('the page of what a site should be', () => {
  test('changes a schedule by its form, says who did and why, and shows what differs in words', async () => {
    const page = await open('/reglages')
    await page.getByRole('link', { name: /Allos/ }).click()
    await page.getByRole('button', { name: 'Modifier les réglages' }).click()
    await page.getByLabel('Cadence de jour, en secondes').fill('300')
    await page.getByLabel('Pourquoi ce changement').fill('carte SIM chère')
    await page.getByRole('button', { name: 'Publier une nouvelle version' }).click()
    await page.getByText('version 2', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: /version 2.*carte SIM chère/ }).click()
    await page.getByRole('rowheader', { name: 'Cadences › caméra 1 › cadence › de jour' }).waitFor()
    expect((await cloud.store.fleet.site(site))?.cameras[0]?.schedule.intervalS).toBe(300)
    await page.context().close()
  })

  test('names each mistake by its place, and publishes nothing', async () => {
    const page = await open(`/reglages/${site}`)
    await page.getByRole('button', { name: 'Modifier les réglages' }).click()
    await page.getByText('Écrire un document entier').click()
    await page.getByLabel('Document', { exact: true }).selectOption('site')
    await page.getByLabel('Son contenu, en JSON').fill('{"id":"allos","name":""}')
    await page.getByRole('button', { name: 'Publier une nouvelle version' }).click()
    await page.getByText('Lieu › nom').waitFor()
    await mayBeUsedByAll(page, 'reglages-faute-1440')
    // Half written, it is JSON already, and no list of cameras yet.
    await page.getByLabel('Document', { exact: true }).selectOption('camera')
    await page.getByLabel('Son contenu, en JSON').fill('{"cameras":[{}]}')
    await page.getByRole('button', { name: 'Publier une nouvelle version' }).click()
    await page
      .getByText(/^Caméras › caméra 1/)
      .first()
      .waitFor()
    expect((await cloud.store.configuration.newest(site))?.version).toBe(2)
    await page.context().close()
  })

  test('says why a unit went back, what it runs, and lets it be tried again or taken back', async () => {
    await sayRefused(2, 1)
    for (const viewport of [PHONE, DESK]) {
      const page = await open(`/reglages/${site}`, viewport)
      await page.getByText('Refusés par le boîtier').waitFor()
      await page.getByText('caméra injoignable (cam1)').waitFor()
      await page.getByRole('heading', { name: 'Ce qui changera pour le boîtier' }).waitFor()
      await mayBeUsedByAll(page, `reglages-refus-${viewport.width}`)
      await page.context().close()
    }
    const page = await open(`/reglages/${site}`)
    await page.getByRole('button', { name: 'Essayer de nouveau' }).click()
    await page.getByText('En attente du boîtier').waitFor()
    await page.getByRole('button', { name: /^version 1 / }).click()
    await page.getByRole('button', { name: 'Revenir à la version 1' }).click()
    await page.getByText('version 3', { exact: true }).first().waitFor()
    expect((await cloud.store.fleet.site(site))?.cameras[0]?.schedule.intervalS).toBe(60)
    await page.context().close()
  })

  test('lets a supervisor read and not change, and shows a viewer nothing', async () => {
    const reading = await open(`/reglages/${site}`, DESK, 'supervisor')
    await reading.getByText('pas de les changer').waitFor()
    expect(await reading.getByRole('button', { name: 'Modifier les réglages' }).count()).toBe(0)
    await mayBeUsedByAll(reading, 'reglages-lecture-1440')
    await reading.context().close()
    const shut = await open(`/reglages/${site}`, PHONE, 'viewer')
    expect(await shut.getByText('Souhaité').count()).toBe(0)
    await shut.context().close()
  })

  test('lists every site, on a phone too', async () => {
    const page = await open('/reglages', PHONE)
    await page.getByRole('link', { name: /Allos/ }).waitFor()
    await mayBeUsedByAll(page, 'reglages-liste-390')
    await page.goto(`${origin}/reglages/nulle-part`)
    await page.getByText('Ce site n’existe pas').waitFor()
    await mayBeUsedByAll(page, 'reglages-inconnu-390')
    await page.getByRole('link', { name: 'Voir tous les sites' }).click()
    await page.getByRole('link', { name: /Allos/ }).waitFor()
    await page.context().close()
  })
})
