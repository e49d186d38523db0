import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import { type AuthorityOffice, createAuthorityOffice } from '@vigie/cloud-api/units/authority-office'
import { createAuthorityWatch } from '@vigie/cloud-api/units/authority-watch'
import type { BootId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCookies } from '../fixtures/first-account.ts'
import { newUnitRequest, startTrialAuthority, type TrialAuthority } from '../fixtures/trial-authority.ts'
import { launchBrowser } from './browser.ts'

/** The page of the fleet as it is built, sent by the real HTTP side from a real store. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }

let authority: TrialAuthority
let office: AuthorityOffice
let cloud: TrialCloud
let browser: Browser
let origin: string

beforeAll(async () => {
  browser = await launchBrowser()
  authority = await startTrialAuthority()
  const [cert, key] = [authority.cloud.certificateFile, authority.cloud.keyFile].map((file) =>
    readFileSync(file, 'utf8'),
  )
  if (cert === undefined || key === undefined) throw new Error('no certificate of the cloud')
  const tls = { ca: readFileSync(authority.files.trust, 'utf8'), cert, key }
  office = createAuthorityOffice({
    url: authority.url,
    tls: () => tls,
  })
  const sites = ['Allos', 'Bayons', 'Castellane'].map((name, index) => ({
    ...siteDocument(name.toLowerCase(), `vg-000${index + 1}`),
    name,
  }))
  cloud = await openTrialCloud({ sites, office, http: { consoleFolder } })
  // By the authority's own clock, which tells when things happened.
  cloud.pass(Date.now() - cloud.clock.now())
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  const now = cloud.clock.now()
  for (const { id, unit } of sites.slice(0, 2)) {
    const where = { unit: unit as UnitId, site: id as SiteId } // of the documents above
    const boot = 'b' as BootId // any
    await cloud.store.presence.note({ ...where, session: 1, boot, online: true, software: '0.1.0' }, now)
    if (id === 'bayons')
      await cloud.store.presence.note({ ...where, session: 1, boot, online: false, reason: 'lost' }, now)
    await enrol(unit, id)
  }
})

/** A box that enrols, and another that shows the same claim. */
async function enrol(unit: string, site: string): Promise<void> {
  const named = { unit: unit as UnitId, site: site as SiteId } // of the documents above
  const claim = await office.makeClaim({ ...named, expiresInS: 600, by: 'test' })
  const [box, thief] = [await newUnitRequest(unit), await newUnitRequest(unit)]
  expect((await authority.enrol(unit, claim.code, box.request)).status).toBe(200)
  if (site === 'bayons') expect((await authority.enrol(unit, claim.code, thief.request)).status).not.toBe(200)
  await createAuthorityWatch({ office, certificates: cloud.store.unitCertificates, log: cloud.log }).takeNews()
}

afterAll(async () => {
  await browser?.close()
  await cloud?.close()
  await authority?.remove()
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
    await expect.poll(() => places(page)).toEqual(['Bayons', 'Castellane', 'Allos'])
    await page.getByRole('button', { name: 'Site', exact: true }).click()
    await expect.poll(() => places(page)).toEqual(['Allos', 'Bayons', 'Castellane'])
    await page.getByLabel('Boîtier, lieu ou route').fill('all')
    await expect.poll(() => places(page)).toEqual(['Allos'])
    await expect.poll(() => new URL(page.url()).search).toBe('?recherche=all&tri=site')
    const other = await open(new URL(page.url()).pathname + new URL(page.url()).search)
    await expect.poll(() => places(other)).toEqual(['Allos'])
    await other.context().close()
    await page.context().close()
  })

  test('opens a unit by its line, and comes back to the list as it was', async () => {
    const page = await open('/parc?etat=offline')
    await page.locator('.units tbody tr').click()
    await page.getByRole('heading', { name: 'Bayons' }).waitFor()
    await expect.poll(() => new URL(page.url()).pathname).toBe('/parc/vg-0002')
    await page.goBack()
    await expect.poll(() => places(page)).toEqual(['Bayons'])
    await page.context().close()
  })

  test('tells somebody whose role does not open it, and shows nothing of the fleet', async () => {
    const page = await open('/parc', PHONE, 'viewer')
    expect(await page.locator('body').textContent()).not.toContain('vg-0001')
    expect(await page.locator('.units').count()).toBe(0)
    await page.context().close()
  })

  test('says above all else that a claim was shown twice, once, and to those who may read the trail', async () => {
    const page = await open('/parc')
    await expect.poll(() => page.locator('.alarms li').count()).toBe(1)
    expect(await page.locator('.alarms').textContent()).toMatch(/présenté une deuxième fois.*vg-0002, Bayons/)
    await page.context().close()
    const technician = await open('/parc', DESK, 'technician')
    await technician.locator('.units').waitFor()
    expect(await technician.locator('.alarms').count()).toBe(0)
    await technician.context().close()
  })
})

describe('alarms', () => {
  const whole = ['Bayons', 'Allos']
  /** Allos has gone back from a version, until it confirms the next. */
  async function report(version: number, refused?: object) {
    const said = { version, attempt: 1, since: new Date(cloud.clock.now()).toISOString(), ...(refused && { refused }) }
    const where = { unit: 'vg-0001' as UnitId, site: 'allos' as SiteId, boot: 'b' as BootId } // of the documents above
    const state = { ...where, seq: version, at: cloud.clock.now(), cameras: [], configuration: said as never } // as units say it
    await cloud.store.items.storeItems({
      frames: [],
      states: [state],
      deadLetters: [],
      heard: [],
      at: cloud.clock.now(),
    })
  }

  test('stand on the wall too, with who, where and what to do, and end by themselves', async () => {
    const at = new Date(cloud.clock.now()).toISOString()
    await report(1, { version: 2, attempt: 1, at, reason: 'camera-unreachable', about: 'cam1' })
    for (const viewport of [PHONE, DESK]) {
      const page = await open('/veille', viewport)
      await page.getByRole('button', { name: '2 alarmes' }).click()
      const list = page.locator('.alarm-list')
      await list.waitFor()
      for (const name of whole) expect(await list.textContent()).toContain(name)
      expect(await list.textContent()).toMatch(/Version 2 des réglages abandonnée.*caméra injoignable.*Vérifier/)
      expect(await list.textContent()).toMatch(/présenté une deuxième fois.*Demander au technicien/)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
      await page.keyboard.press('Escape')
      await expect.poll(() => list.count()).toBe(0)
      await page.context().close()
    }
    const fleet = await open('/parc')
    await expect.poll(() => fleet.locator('.alarms li').count()).toBe(2)
    await fleet.context().close()
    await report(2)
    const after = await open('/veille')
    await after.getByRole('button', { name: '1 alarme' }).waitFor()
    await after.context().close()
  })

  test('of an identity leave the wall of all once a supervisor has seen them, and stay in the journal', async () => {
    const page = await open('/veille', PHONE)
    await page.getByRole('button', { name: '1 alarme' }).click()
    await page.getByRole('button', { name: /^Vu/ }).click()
    await page.getByRole('heading', { name: 'Aucune alarme' }).waitFor()
    await page.context().close()
    const other = await open('/parc', DESK, 'administrator')
    await other.locator('.units').waitFor()
    expect(await other.locator('.alarms').count()).toBe(0)
    await other.context().close()
    const journal = await open('/journal')
    await journal.getByText('a vu l’alarme de').first().waitFor()
    await journal.context().close()
    const [row] = await cloud.store.audit.search({ action: 'unit.refusal-seen', limit: 1 })
    expect(row).toMatchObject({ what: 'vg-0002', site: 'bayons', reason: 'second-use' })
  })

  test('of identities are for those who may read the trail: on the wall a viewer sees none, and asks for none', async () => {
    const asked: string[] = []
    const page = await open('/veille', DESK, 'viewer')
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.reload()
    await page.locator('.wall').waitFor()
    expect(await page.getByRole('button', { name: /alarme/ }).count()).toBe(0)
    expect(asked.filter((path) => path.endsWith('/audit') || path.endsWith('/operators/units'))).toEqual([])
    await page.context().close()
  })
})

describe('the page of a unit', () => {
  test('shows its certificates, and its claims to whoever may make some', async () => {
    const page = await open('/parc/vg-0001', PHONE, 'administrator')
    await page.getByRole('heading', { name: 'Certificats' }).waitFor()
    await expect.poll(() => page.locator('.certificates tbody tr').count()).toBe(1)
    await expect.poll(() => page.locator('.claims').textContent()).toMatch(/utilisé.*par test/)
    await page.context().close()
    const supervisor = await open('/parc/vg-0001')
    await supervisor.locator('.certificates').waitFor()
    expect(await supervisor.getByRole('heading', { name: 'Codes d’installation' }).count()).toBe(0)
    await supervisor.context().close()
  })

  test('lets nobody shut a unit out whose role does not allow it, or by a single press', async () => {
    const technician = await open('/parc/vg-0001', DESK, 'technician')
    await technician.locator('.certificates').waitFor()
    expect(await technician.getByRole('heading', { name: 'Révoquer' }).count()).toBe(0)
    await technician.context().close()
    const page = await open('/parc/vg-0001')
    await page.getByRole('button', { name: 'Révoquer ce boîtier…' }).click()
    await page.getByRole('button', { name: 'Continuer' }).click()
    // Without a reason it goes no further.
    expect(await page.getByRole('button', { name: /définitivement/ }).count()).toBe(0)
    await page.getByRole('button', { name: 'Renoncer' }).click()
    expect(await cloud.store.unitCertificates.ofUnit('vg-0001' as UnitId)).toMatchObject([{ revokedAt: null }])
    await page.context().close()
  })

  test('opens a replacement, and tells the code of the new box once', async () => {
    const page = await open('/parc/vg-0001', PHONE, 'technician')
    await page.getByRole('button', { name: 'Remplacer ce boîtier…' }).click()
    expect(await page.locator('.replacement').textContent()).toContain('exclu de Vigie dès que le nouveau marche')
    await page.getByLabel('Pourquoi le remplacer').selectOption({ label: 'Il est en panne' })
    await page.getByRole('button', { name: 'Ouvrir le remplacement' }).click()
    await page.locator('.claim-code').waitFor()
    expect((await page.locator('.claim-words').textContent())?.split(' ')).toHaveLength(12)
    const code = (await page.locator('.claim-code').textContent()) ?? ''
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    await page.reload()
    await page.locator('.certificates').waitFor()
    expect(await page.locator('body').textContent()).not.toContain(code)
    await page.context().close()
  })

  test('shuts a unit out for good, says what that does before, and shows it after', async () => {
    const page = await open('/parc/vg-0002', PHONE)
    await page.getByRole('button', { name: 'Révoquer ce boîtier…' }).click()
    expect(await page.locator('.consequences').textContent()).toContain('n’y revient plus')
    await page.getByLabel('volé').check()
    await page.getByRole('button', { name: 'Continuer' }).click()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    await page.getByRole('button', { name: 'Révoquer vg-0002 définitivement' }).click()
    await page.locator('.unit[data-standing="revoked"]').waitFor()
    await expect.poll(() => page.locator('.certificates').textContent()).toMatch(/révoqué le .*volé/)
    await expect.poll(() => page.getByRole('button', { name: /Révoquer/ }).count()).toBe(0)
    const [entry] = await cloud.store.audit.search({ action: 'unit.revoked', limit: 1 })
    expect(entry).toMatchObject({ what: 'vg-0002', reason: 'stolen' })
    await page.context().close()
  })
})
