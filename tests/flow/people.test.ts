import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import { inviteFirstAdministrator } from '@vigie/cloud-api/people/first-administrator'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TRIAL_PASSWORD } from '../fixtures/first-account.ts'
import { launchBrowser } from './browser.ts'

/*
 * From an empty server to a technician at work, in a browser, on the pages as they are built and the real HTTP side. The
 * tests are one story: each goes on where the one before ended. PAGE_PICTURES=folder keeps a picture of each page.
 */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const pictures = process.env['PAGE_PICTURES']
const PHONE = { width: 390, height: 844 }
const DESK = { width: 1440, height: 900 }

let cloud: TrialCloud
let origin: string
let browser: Browser
let desk: BrowserContext
let admin: Page
let authenticator: TOTP
let invitation: string
const complaints: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  const sites = [siteDocument('col-d-allos', 'vg-0001'), { ...siteDocument('vars', 'vg-0002'), name: 'Col de Vars' }]
  cloud = await openTrialCloud({ sites, http: { consoleFolder } })
  // The browser judges by its own clock whether a cookie is over; from here on ours goes when it is told to.
  cloud.pass(Date.now() - cloud.clock.now())
  origin = (await cloud.http.listen({ host: '127.0.0.1', port: 0 })).replace('127.0.0.1', 'localhost')
  desk = await browser.newContext({ viewport: DESK })
  admin = watched(await desk.newPage())
})

afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

function watched(page: Page): Page {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (problem) => complaints.push(`${page.url()}: ${problem.message}`))
  return page
}

/** Nothing in anybody's way that a machine can find, at a desk and on a phone; nothing wider than the screen. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const viewport of [DESK, PHONE]) {
    await page.setViewportSize(viewport)
    await page.evaluate(() => document.fonts.ready)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
    const { wide, room } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      room: document.documentElement.clientWidth,
    }))
    expect(wide, `${name} at ${viewport.width} px`).toBeLessThanOrEqual(room)
    if (pictures === undefined) continue
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, `${name}-${viewport.width}.png`), fullPage: true })
  }
  await page.setViewportSize(DESK)
}

const codeNow = () => authenticator.generate({ timestamp: cloud.clock.now() })

test('the first administrator opens an account by the link that the server printed, and it opens nothing more', async () => {
  const told: string[] = []
  const { store, clock, log } = cloud
  const deps = { store, clock, log, newName: () => 'first', tell: (line: string) => told.push(line) }
  await inviteFirstAdministrator(deps, { origin, dataFolder: cloud.folder })
  const link = told[0]?.trim().split(/\s+/).at(-1) ?? ''
  await admin.goto(link)
  await admin.getByRole('heading', { name: 'Premier administrateur' }).waitFor()
  await looksRight(admin, 'premier-administrateur')
  await admin.getByLabel('Prénom et nom').fill('Marie Blanc')
  await admin.getByLabel('Identifiant').fill('marie.blanc')
  await admin.getByLabel('Mot de passe').fill('motdepasse123')
  await admin.getByRole('button', { name: 'Ouvrir le compte' }).click()
  await admin.getByText('Il se devine trop vite').waitFor()
  await admin.getByLabel('Mot de passe').fill(TRIAL_PASSWORD)
  await admin.getByRole('button', { name: 'Ouvrir le compte' }).click()
  await admin.waitForURL('**/veille')
  const other = await (await browser.newContext()).newPage()
  await other.goto(link)
  await other.getByRole('heading', { name: 'Ce lien ne s’ouvre pas' }).waitFor()
  await looksRight(other, 'lien-ferme')
  await other.context().close()
})

test('an authenticator is set up, and asked at the next sign-in, with a phone in hand', async () => {
  await admin.getByRole('link', { name: 'Marie Blanc' }).click()
  await admin.getByText('Votre rôle demande un second facteur').waitFor()
  await looksRight(admin, 'compte')
  await admin.getByRole('button', { name: 'Activer l’application' }).click()
  const key = (await admin.locator('.key').textContent()) ?? ''
  await looksRight(admin, 'application')
  authenticator = new TOTP({ secret: Secret.fromBase32(key.replaceAll(/\s/g, '')) })
  await admin.getByLabel('Code à six chiffres').fill(codeNow())
  await admin.getByRole('button', { name: 'Activer', exact: true }).click()
  await admin.getByRole('heading', { name: 'Codes de secours' }).waitFor()
  await expect.poll(() => admin.locator('.recovery-codes li').count()).toBe(10)
  await looksRight(admin, 'codes-de-secours')
  await admin.getByRole('button', { name: 'Je les ai gardés' }).click()
  await admin.getByText('active.').waitFor()
  await admin.getByRole('button', { name: 'Se déconnecter' }).click()
  await admin.getByRole('heading', { name: 'Se connecter' }).waitFor()
  await looksRight(admin, 'connexion')

  cloud.pass(60_000)
  await admin.goto(`${origin}/personnes`)
  expect(new URL(admin.url()).pathname).toBe('/connexion')
  await admin.getByLabel('Identifiant').fill('marie.blanc')
  await admin.getByLabel('Mot de passe').fill('wrong')
  await admin.getByRole('button', { name: 'Se connecter' }).click()
  await admin.getByText('n’ouvrent aucun compte').waitFor()
  await looksRight(admin, 'connexion-refusee')
  await admin.getByLabel('Mot de passe').fill(TRIAL_PASSWORD)
  await admin.getByRole('button', { name: 'Se connecter' }).click()
  await admin.getByLabel('Code à six chiffres').fill(codeNow())
  await looksRight(admin, 'second-facteur')
  await admin.getByRole('button', { name: 'Valider' }).click()
  await admin.waitForURL('**/personnes')
})

test('a technician is invited for one site, after the administrator has confirmed to be there', async () => {
  cloud.pass(11 * 60_000)
  await admin.getByRole('button', { name: 'Inviter' }).click()
  await admin.getByLabel('Prénom et nom').fill('Luc Arnaud')
  await admin.getByLabel(/^lecteur/).uncheck()
  await admin.getByLabel(/^technicien/).check()
  await admin.getByLabel('Où, comme technicien').selectOption('some')
  await admin.getByLabel(/^Col d’Allos/).check()
  await admin.getByLabel(/^Col de Vars/).check()
  await admin.getByLabel(/^Col d’Allos/).uncheck()
  await looksRight(admin, 'inviter')
  await admin.getByRole('button', { name: 'Créer le lien' }).click()
  await admin.getByRole('heading', { name: 'Confirmez que c’est bien vous' }).waitFor()
  await looksRight(admin, 'confirmation')
  await admin.getByRole('dialog').getByLabel('Mot de passe').fill(TRIAL_PASSWORD)
  await admin.getByRole('button', { name: 'Confirmer' }).click()
  invitation = await admin.getByLabel('Lien à remettre').inputValue()
  expect(invitation).toMatch(/\/bienvenue#[\w-]{43}$/)
  await admin.getByText('Invitations en attente').waitFor()
  await looksRight(admin, 'personnes')
})

test('the technician opens the account on a phone, sees that one site, and no page that is not for technicians', async () => {
  const phone = await browser.newContext({ viewport: PHONE, hasTouch: true })
  const page = watched(await phone.newPage())
  await page.goto(invitation)
  await page.getByRole('heading', { name: 'Bienvenue' }).waitFor()
  expect(await page.getByLabel('Prénom et nom').inputValue()).toBe('Luc Arnaud')
  await page.getByLabel('Identifiant').fill('luc')
  await page.getByLabel('Mot de passe').fill(TRIAL_PASSWORD)
  await page.getByRole('button', { name: 'Ouvrir le compte' }).click()
  await page.waitForURL('**/veille')
  await expect.poll(() => page.locator('.tile-name').allTextContents()).toEqual(['Col de Vars'])
  const rooms = page.getByRole('navigation', { name: 'Vigie' })
  await rooms.getByRole('link', { name: 'Luc Arnaud' }).waitFor()
  expect(await rooms.getByRole('link', { name: 'Pose' }).count()).toBe(1)
  expect(await rooms.getByRole('link', { name: 'Journal' }).count()).toBe(0)
  expect(await rooms.getByRole('link', { name: 'Personnes' }).count()).toBe(0)
  const refused = await page.goto(`${origin}/personnes`)
  expect(refused?.status()).toBe(403)
  await page.getByRole('heading', { name: 'Votre rôle n’ouvre pas cette page' }).waitFor()
  await looksRight(page, 'sans-droit')
  await phone.close()
})

test('a passkey is kept in the account, and opens it alone: no password, no code', async () => {
  const devtools = await desk.newCDPSession(admin)
  await devtools.send('WebAuthn.enable')
  const kind = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  const answers = { isUserVerified: true, automaticPresenceSimulation: true }
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...kind, ...answers } })
  await admin.goto(`${origin}/compte`)
  await admin.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
  await admin.getByText('pas encore utilisée').waitFor()
  await looksRight(admin, 'cles')
  await admin.getByRole('button', { name: 'Se déconnecter' }).click()
  await admin.getByRole('button', { name: 'Avec une clé d’accès' }).click()
  await admin.waitForURL('**/veille')
  await admin.goto(`${origin}/compte`)
  await admin.getByText('utilisée', { exact: false }).first().waitFor()
  await admin.getByText('clé d’accès ·').waitFor()
})

test('an administrator writes down by which mail address somebody comes in from the house, and corrects it', async () => {
  await admin.goto(`${origin}/personnes`)
  const luc = admin.locator('.person', { hasText: 'Luc Arnaud' })
  await luc.locator('summary').click()
  const address = luc.getByLabel('Adresse électronique')
  const keep = luc.getByRole('button', { name: 'Enregistrer l’adresse' })
  const kept = async () => (await cloud.store.people.byName('luc'))?.email
  expect(await keep.isDisabled()).toBe(true)
  await address.fill('luc.arnaud')
  await keep.click()
  expect(await address.evaluate((box: HTMLInputElement) => box.validity.typeMismatch)).toBe(true)
  expect(await kept()).toBeNull()
  await address.fill('Luc.Arnaud@example.org')
  await looksRight(admin, 'adresse')
  await keep.click()
  await expect.poll(kept).toBe('luc.arnaud@example.org')
  await admin.goto(`${origin}/journal`)
  await admin.locator('.audit-row', { hasText: 'a modifié le compte de luc' }).locator('summary').click()
  await admin.getByRole('row', { name: 'adresse électronique – luc.arnaud@example.org' }).waitFor()
})

test('what all of them did stands in the trail, and is searched', async () => {
  await admin.goto(`${origin}/journal`)
  await admin.getByText('a invité').waitFor()
  await admin.locator('.audit-row details').first().locator('summary').click()
  await looksRight(admin, 'journal')
  await admin.getByLabel('Qui', { exact: true }).fill('luc')
  await expect.poll(() => admin.locator('.audit-row').count()).toBe(2)
  await expect.poll(() => new URL(admin.url()).search).toBe('?qui=luc')
  await admin.getByLabel('Qui', { exact: true }).fill('personne')
  await admin.getByText('Rien ne répond à cette recherche').waitFor()
})

test('somebody whose account is closed is out at once', async () => {
  const context = await browser.newContext({ viewport: PHONE })
  const page = await context.newPage()
  await page.goto(`${origin}/connexion`)
  await page.getByLabel('Identifiant').fill('luc')
  await page.getByLabel('Mot de passe').fill(TRIAL_PASSWORD)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await page.waitForURL('**/veille')
  await admin.goto(`${origin}/personnes`)
  await admin.locator('.person', { hasText: 'Luc Arnaud' }).locator('summary').click()
  await looksRight(admin, 'personne')
  await admin.getByRole('button', { name: 'Fermer le compte' }).click()
  await admin.getByText('compte fermé').waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor()
  await context.close()
})

test('no page broke its own policy, nor complained of anything but the refusals that were meant', () => {
  const meant = /status of (401|403|404|422)/
  expect(complaints.filter((complaint) => !meant.test(complaint))).toEqual([])
})
