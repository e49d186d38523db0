import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserCookies, openFirstAccount } from '../fixtures/first-account.ts'
import { filmLabel } from '../fixtures/label-video.ts'
import { type Fleet, startFleet } from '../fleet/fleet.ts'
import { placesOf } from '../fleet/places.ts'
import { launchBrowser } from './browser.ts'

/** The technician's path on real processes: authority, broker, cloud, a box and its camera; the label is on film. */
const SITE = 'annot'
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const SOON = { timeout: 60_000 }
const dataFolder = mkdtempSync(join(tmpdir(), 'vigie-pose-fleet-'))
let fleet: Fleet
let browser: Browser
let headers: Record<string, string>
let unit: string

beforeAll(async () => {
  fleet = await startFleet({ dataFolder, ports: 'free', sites: [SITE], pace: 10, agent: { keepAliveS: 30 } })
  const { origin, firstAdministrator } = fleet.addresses
  if (firstAdministrator === null) throw new Error('nobody has an account in a new fleet')
  headers = await openFirstAccount(origin, firstAdministrator)
  await fleet.live(() => {}, AbortSignal.timeout(90_000))
  unit = (await api<{ unit: { id: string } }>('GET', `/operators/sites/${SITE}`)).unit.id
  const { path } = await api<{ path: string }>('POST', '/claims', { unit })
  const film = await filmLabel(dataFolder, origin + path)
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  browser = await launchBrowser([...camera, `--use-file-for-fake-video-capture=${film}`])
})

afterAll(async () => {
  await browser?.close()
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

test('a label, a real box and a real camera lead to a site whose box runs what was drawn on the phone', async () => {
  const context = await browser.newContext({ ...PHONE, permissions: ['camera'] })
  await context.addCookies(browserCookies(fleet.addresses.origin, headers))
  const page = await context.newPage()
  const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
  const times: Record<string, number> = {}
  let since = performance.now()
  const timed = (step: string) => {
    times[step] = Math.round(performance.now() - since)
    since = performance.now()
  }
  await page.goto(`${fleet.addresses.origin}/pose`)
  await button('Nouvelle pose').click(SOON)
  await page.getByText('étiquette lue').waitFor(SOON)
  expect(await page.locator('.answer').textContent()).toContain(unit)
  await button('C’est ce boîtier').click()
  timed('unit')
  await page.getByRole('list', { name: 'Sites' }).getByRole('button').first().click(SOON)
  timed('site')
  await expect.poll(() => page.locator('.answer').textContent(), SOON).toContain('En ligne')
  // The claim is bound at the authority, to the site that was chosen.
  await expect
    .poll(async () => (await api<{ claims: { state: string; site: string | null }[] }>('GET', '/claims')).claims, SOON)
    .toContainEqual(expect.objectContaining({ site: SITE, state: 'bound' }))
  await button('Continuer').click()
  timed('enrolment')

  // Found on the box's own network, or typed where the machine has no multicast; the login is the camera's.
  await expect.poll(() => page.locator('.hint').first().textContent(), SOON).toMatch(/trouvée|Aucune|refusé|Fait/)
  if ((await page.locator('.camera-choice').count()) === 0) {
    await button('Taper une adresse').click()
    await page.getByLabel('Adresse de la caméra').fill(fleet.addresses.cameras.get(SITE) ?? '')
    await button('Ajouter cette caméra').click()
  } else await page.locator('.camera-choice').first().click()
  await page.getByText('Mot de passe de la caméra').click()
  await page.getByLabel('Utilisateur').fill('vigie')
  const password = readFileSync(join(placesOf(dataFolder).passwords, `${SITE}-cam1`), 'utf8')
  await page.getByLabel('Mot de passe', { exact: true }).fill(password)
  for (const label of await page.getByLabel(/Ce que l’on voit/).all()) {
    if ((await label.inputValue()) === '') await label.fill('vers le pont')
  }
  await button('Continuer').click()
  timed('cameras')

  await button('Voir l’image en direct').click(SOON)
  await page.locator('.aim img').waitFor(SOON)
  await button('Le cadrage est bon').click()
  timed('aim')

  const atMasks = page.locator('main[data-step="masks"]')
  const atChecks = page.locator('main[data-step="checks"]')
  const shown = page.locator('nav[aria-label="Vues"] [aria-pressed="true"]')
  // A camera with one view has no list of views.
  const viewShown = async () => ((await shown.count()) === 0 ? '' : await shown.textContent())
  for (;;) {
    await atMasks.or(atChecks).first().waitFor(SOON)
    if ((await atChecks.count()) > 0) break
    await button('Prendre une image').click(SOON)
    await button('Dessiner sur cette image').click(SOON)
    await button('Route').click()
    if ((await page.locator('.canvas-road').count()) === 0) await button('Rectangle').click()
    await button('Échelle').click()
    await button('Les deux lignes sont en place').click()
    const hide = button('Masquer le premier plan')
    if (await hide.isVisible()) await hide.click()
    const view = await viewShown()
    await button('J’approuve ces masques').click(SOON)
    await expect.poll(async () => ((await atChecks.count()) > 0 ? 'all' : await viewShown()), SOON).not.toBe(view)
  }
  timed('masks')

  // The box has tried it, its camera has answered, and it runs.
  type Standing = {
    condition: string
    desired: { version: number; documents: { masks: { views: { masks: { zones: { label: string }[] } }[] } } }
  }
  const standing = () => api<Standing>('GET', `/sites/${SITE}/configuration`)
  const zonesOf = ({ desired }: Standing) =>
    desired.documents.masks.views.flatMap(({ masks }) => masks.zones.map(({ label }) => label))
  // The cameras were a version of their own: what was drawn is the one after.
  await expect.poll(async () => zonesOf(await standing()), SOON).toContain('premier plan')
  await expect.poll(async () => (await standing()).condition, { timeout: 150_000, interval: 2_000 }).toBe('runs')
  expect(JSON.stringify(await standing())).not.toContain(password)
  timed('configuration')

  await button('Lancer les vérifications').click(SOON)
  await expect
    .poll(() => page.locator('.check[data-state="passed"]').count(), { timeout: 120_000, interval: 2_000 })
    .toBeGreaterThan(5)
  timed('checks')
  const states = await page
    .locator('.check')
    .evaluateAll((all) =>
      all.map((one) => `${one.getAttribute('data-state')}: ${one.querySelector('summary')?.textContent}`),
    )
  console.log(`the technician's path on real processes, ms: ${JSON.stringify(times)}\n${states.join('\n')}`)
  await context.close()
}, 600_000)
