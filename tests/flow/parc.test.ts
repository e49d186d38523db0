import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import type { BootId, KeyId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCookies } from '../fixtures/first-account.ts'
import { launchBrowser } from './browser.ts'

/** The page of the fleet as it is built, sent by the real HTTP side from a real store. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const DAY_MS = 86_400_000
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }

let cloud: TrialCloud
let browser: Browser
let origin: string

beforeAll(async () => {
  browser = await launchBrowser()
  const sites = ['Allos', 'Bayons', 'Castellane'].map((name, index) => ({
    ...siteDocument(name.toLowerCase(), `vg-000${index + 1}`),
    name,
  }))
  cloud = await openTrialCloud({ sites, http: { consoleFolder } })
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  const now = cloud.clock.now()
  for (const { id, unit } of sites.slice(0, 2)) {
    const where = { unit: unit as UnitId, site: id as SiteId } // of the documents above
    const boot = 'b' as BootId // any
    await cloud.store.presence.note({ ...where, session: 1, boot, online: true, software: '0.1.0' }, now)
    if (id === 'bayons')
      await cloud.store.presence.note({ ...where, session: 1, boot, online: false, reason: 'lost' }, now)
    const key = `000000000000000${unit.at(-1)}` as KeyId // has its pattern
    await cloud.store.unitKeys.learn({
      ...where,
      ...{ key, publicKey: '', learntAt: now, certificateEndsAt: now + 180 * DAY_MS },
    })
  }
})

afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

async function open(
  path: string,
  viewport = DESK,
  role: Parameters<TrialCloud['signIn']>[0] = 'supervisor',
): Promise<Page> {
  const context = await browser.newContext({ viewport })
  await context.addCookies(browserCookies(origin, await cloud.signIn(role)))
  const page = await context.newPage()
  await page.goto(origin + path)
  return page
}

const places = (page: Page) => page.locator('.units tbody th a').allTextContents()

describe('the page of the fleet', () => {
  test.each([
    ['/parc', '.units'],
    ['/parc?recherche=paris', '.page-state'],
    ['/parc/vg-0002', '.unit'],
    ['/parc/vg-9999', '.page-state'],
  ])('puts nothing in the way of anybody that a machine can find: %s', async (path, sign) => {
    for (const viewport of [PHONE, DESK]) {
      const page = await open(path, viewport)
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

  test('shows first who needs somebody, and what was asked of it stands in its address', async () => {
    const page = await open('/parc')
    await page.locator('.units').waitFor()
    expect(await places(page)).toEqual(['Bayons', 'Castellane', 'Allos'])
    await page.getByRole('button', { name: 'Site', exact: true }).click()
    expect(await places(page)).toEqual(['Allos', 'Bayons', 'Castellane'])
    await page.getByLabel('Boîtier, lieu ou route').fill('all')
    expect(await places(page)).toEqual(['Allos'])
    expect(new URL(page.url()).search).toBe('?recherche=all&tri=site')
    const other = await open(new URL(page.url()).pathname + new URL(page.url()).search)
    await other.locator('.units').waitFor()
    expect(await places(other)).toEqual(['Allos'])
    await other.context().close()
    await page.context().close()
  })

  test('opens a unit by its line, and comes back to the list as it was', async () => {
    const page = await open('/parc?etat=offline')
    await page.locator('.units tbody tr').click()
    await page.getByRole('heading', { name: 'Bayons' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/parc/vg-0002')
    await page.goBack()
    await page.locator('.units').waitFor()
    expect(await places(page)).toEqual(['Bayons'])
    await page.context().close()
  })

  test('tells somebody whose role does not open it, and shows nothing of the fleet', async () => {
    const page = await open('/parc', PHONE, 'viewer')
    expect(await page.locator('body').textContent()).not.toContain('vg-0001')
    expect(await page.locator('.units').count()).toBe(0)
    await page.context().close()
  })
})
