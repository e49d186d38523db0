import { GATEWAY_PAGE, openTrialMuseum, type TrialMuseum } from '@vigie/cloud-api/tickets/trial-museum.fixture'
import { readTicketCode } from '@vigie/contract/gate/ticket-code'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCookies } from '../fixtures/first-account.ts'
import { launchBrowser } from './browser.ts'
import { button, lookAt, PHONE, SOON } from './gate-page.ts'
import { codesIn } from './read-screen.ts'

/** The desk of a museum in a real browser, before the real cloud. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
let museum: TrialMuseum
let browser: Browser
let origin = ''
const complaints: string[] = []

beforeAll(async () => {
  museum = await openTrialMuseum({ consoleFolder })
  origin = await museum.http.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await museum?.close()
})

async function openDesk(
  role: 'gate-staff' | 'supervisor' | 'technician' = 'gate-staff',
  query = '',
  sites: string[] = ['musee-salagon'],
): Promise<Page> {
  const context = await browser.newContext(PHONE)
  await context.addCookies(browserCookies(origin, await museum.signIn(role, sites)))
  const page = await context.newPage()
  page.on('pageerror', (problem) => complaints.push(problem.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load')) complaints.push(message.text())
  })
  await page.goto(`${origin}/guichet${query}`)
  return page
}

describe('the desk', () => {
  test('D07: sells two tickets, shows their codes large enough to be read off the screen, and prints them', async () => {
    const page = await openDesk()
    await button(page, /Salagon, plein tarif/).waitFor(SOON)
    await lookAt(page, 'g1-sale')
    await button(page, /Salagon, plein tarif/).click()
    await button(page, 'Un de plus').click()
    await expect.poll(() => page.locator('.total').textContent(), SOON).toMatch(/16/)
    await button(page, 'Carte bancaire').click()
    await page.locator('.sold .qr').waitFor(SOON)
    await lookAt(page, 'g2-sold')
    const [code = ''] = await codesIn(await page.locator('.sold .qr').screenshot())
    const read = readTicketCode(code)
    expect(read.ok && read.payload).toMatchObject({ kind: 'ticket', type: 1, museums: 1, persons: 1 })
    const first = await page.locator('figcaption strong').textContent()
    await button(page, 'Suivant').click()
    const serial = async () => Number((await page.locator('figcaption strong').textContent())?.slice(1))
    await expect.poll(serial, SOON).toBe(Number(first?.slice(1)) + 1)
    for (const name of ['Imprimer (A4)', 'PDF pour téléphone']) {
      const href = await page.getByRole('link', { name }).getAttribute('href')
      const answer = await page.request.get(`${origin}${href}`)
      expect([answer.status(), (await answer.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    }
    await button(page, 'Vente suivante').click()
    await button(page, /Salagon, plein tarif/).waitFor(SOON)
    await page.context().close()
  })

  test('S02, F11: finds an order again, and cancels one ticket of it with a reason', async () => {
    const desk = await museum.desk()
    const { body } = await desk.sell({ count: 2 })
    const page = await openDesk('gate-staff', '?ecran=billets')
    await page.getByLabel('Commande ou numéro de billet').fill(body.id.slice(0, 3))
    await page.getByLabel('Commande ou numéro de billet').fill(body.id)
    await button(page, `Commande ${body.id}`).click()
    await page.getByRole('button', { name: 'Montrer le code' }).first().click()
    await lookAt(page, 'g3-order')
    await page.getByRole('button', { name: 'Annuler', exact: true }).first().click()
    await button(page, 'Erreur de saisie').click()
    await button(page, 'Annuler le billet').click()
    await page.locator('.ticket-line[data-status="canceled"]').waitFor(SOON)
    const again = await desk.get(`/api/v1/museums/musee-salagon/orders/${body.id}`)
    expect(again.body.tickets.map(({ status }: { status: string }) => status).toSorted()).toEqual(['canceled', 'valid'])
    await page.context().close()
  })

  test('pairs a phone by a code that opens the page of the museum’s gateway, with the pass behind the #', async () => {
    const page = await openDesk('gate-staff', '?ecran=telephone')
    await page.getByLabel('Adresse de la passerelle du musée').fill('passerelle.salagon.lan:8443')
    await button(page, 'Afficher le code').click()
    await page.locator('.qr').waitFor(SOON)
    await lookAt(page, 'g4-phone')
    const [text = ''] = await codesIn(await page.locator('.qr').screenshot())
    expect(text).toMatch(/^https:\/\/passerelle\.salagon\.lan:8443\/portillon\.html#p=[\w.-]+$/)
    await page.context().close()
    // Written down in the museum's documents, it is there already.
    const known = await openDesk('gate-staff', '?ecran=telephone', ['musee-prehistoire'])
    await expect.poll(() => known.getByLabel('Adresse de la passerelle du musée').inputValue(), SOON).toBe(GATEWAY_PAGE)
    await button(known, 'Afficher le code').click()
    await known.locator('.qr').waitFor(SOON)
    const [other = ''] = await codesIn(await known.locator('.qr').screenshot())
    expect(other.startsWith(`${GATEWAY_PAGE}/portillon.html#p=`)).toBe(true)
    await known.context().close()
  })

  test('the settings of a museum name its lanes with their boxes, and the page of its gateway as a code without a pass', async () => {
    const page = await openDesk('supervisor', '', ['musee-prehistoire'])
    await page.goto(`${origin}/reglages/musee-prehistoire`)
    await page.locator('.qr').waitFor(SOON)
    const lanes = page.locator('.differences').first()
    await expect.poll(() => lanes.textContent(), SOON).toMatch(/Tripode de gauche.*vm-2001.*Portillon PMR/s)
    expect(await codesIn(await page.locator('.qr').screenshot())).toEqual([GATEWAY_PAGE])
    const isWider = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth > clientWidth
    })
    expect(isWider).toBe(false)
    await page.context().close()
  })

  test('shows the day with its takings, and imports a file of another seller for a supervisor alone', async () => {
    const page = await openDesk('supervisor', '?ecran=journee')
    await page.getByText('Recette').waitFor(SOON)
    await lookAt(page, 'g5-day')
    await button(page, 'Import').click()
    await page.getByText('Offices de tourisme').waitFor(SOON)
    const csv = 'barcode;ticket;date\n4006381333931;Salagon plein tarif;2026-11-29\n;Salagon plein tarif;2026-11-29\n'
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name: 'ventes.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await expect
      .poll(() => page.locator('.notice').textContent(), SOON)
      .toMatch(/1\s+nouveau billet.*1\s+ligne refusée.*Ligne 3/s)
    await lookAt(page, 'g6-import')
    const staff = await openDesk()
    await button(staff, 'Vente').waitFor(SOON)
    expect(await staff.getByRole('button', { name: 'Import' }).count()).toBe(0)
    await Promise.all([page, staff].map((one) => one.context().close()))
  })

  test('K12: beside it, on the page of a lane’s box, a technician makes a test ticket that reads off the screen', async () => {
    const page = await openDesk('technician')
    await page.goto(`${origin}/parc/vm-1001`)
    await button(page, 'Faire un billet d’essai').click()
    await page.locator('.test-ticket .qr').waitFor(SOON)
    const [code = ''] = await codesIn(await page.locator('.test-ticket .qr').screenshot())
    const read = readTicketCode(code)
    expect(read.ok && read.payload).toMatchObject({ kind: 'test', museums: 1, days: 1, serial: 1 })
    const href = await page.getByRole('link', { name: 'Imprimer (A4)' }).getAttribute('href')
    const answer = await page.request.get(`${origin}${href}`)
    expect([answer.status(), (await answer.body()).subarray(0, 5).toString()]).toEqual([200, '%PDF-'])
    await page.context().close()
  })

  test('is no room for who sells nothing', async () => {
    const page = await openDesk('technician')
    expect(await page.locator('h1').textContent()).not.toContain('Vendre')
    await page.goto(`${origin}/parc`)
    await page.getByRole('link', { name: 'Parc' }).waitFor(SOON)
    expect(await page.getByRole('link', { name: 'Guichet' }).count()).toBe(0)
    await page.context().close()
  })

  test('the browser has complained of nothing', () => {
    expect(complaints).toEqual([])
  })
})
