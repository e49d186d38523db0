import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { button, CLAIM, lookAt, openPolePage, type PolePage, SOON } from './pole-page.ts'

/** The technician's page, from the label to the report, with a line and without one. */

/** What a phone has in a gorge: it is there, and that is all. Bytes a second, and milliseconds. */
const ONE_BAR = { offline: false, downloadThroughput: 6_000, uploadThroughput: 4_000, latency: 900 }
let pole: PolePage

beforeAll(async () => {
  pole = await openPolePage()
})
afterAll(() => pole?.close())

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

describe('on a phone at the pole', () => {
  test('a box goes from its label to a signed report, one task a screen', async () => {
    const { context, page, unit } = await pole.openPhone()
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
    await expect.poll(() => page.locator('.answer').textContent(), SOON).toContain('vg-0001')
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
    await expect.poll(() => page.getByLabel('Ce que l’on voit').inputValue(), SOON).toBe('vers Allos')
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
      pole.cloud.pass(16 * 60_000)
      await pole.cloud.acceptance.look()
    }
    await button(page, 'Signer la mise en service').click(SOON)
    await page.getByText('Ouvrir le procès-verbal (PDF)').waitFor(SOON)
    await lookAt(page, '09-report')
    timed('report')
    expect(await page.locator('[data-kind="refused"]').count()).toBe(0)
    const pdf = await page.request.get(
      `${pole.origin}${await page.getByText('Ouvrir le procès-verbal (PDF)').getAttribute('href')}`,
    )
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-')
    console.log(`tasks of the technician's path, ms: ${JSON.stringify(times)}`)
    await context.close()
  })

  test('nothing that was entered is lost when the signal goes and the page is closed', async () => {
    const { context, page, unit } = await pole.openPhone()
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
    await again.goto(`${pole.origin}/pose`)
    await button(again, /Col d’Allos|Col d'Allos/).click(SOON)
    await again.getByText('Gardé sur ce téléphone, pas encore envoyé').waitFor(SOON)
    expect(unit.asked).not.toContain('bind')

    unit.reach(true)
    await context.setOffline(false)
    await again.getByText('Tout est envoyé').waitFor({ timeout: 60_000 })
    expect(unit.asked.filter((one) => one === 'bind')).toHaveLength(1)
    const { commissionings } = await (await again.request.get(`${pole.origin}/api/v1/commissionings?open=true`)).json()
    const { steps } = await (
      await again.request.get(`${pole.origin}/api/v1/commissionings/${commissionings[0].id}`)
    ).json()
    expect(steps.slice(0, 2).map(({ state }: { state: string }) => state)).toEqual(['done', 'done'])
    expect(JSON.stringify(steps)).not.toContain(CLAIM)
    await context.close()
  })

  test('opens at once with one bar of signal, and sends what is entered when the line has carried it', async () => {
    const { context, page } = await pole.openPhone()
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await expect
      .poll(() => page.evaluate(async () => (await (await caches.open('pose-1')).keys()).length), SOON)
      .toBeGreaterThan(5)
    const network = await context.newCDPSession(page)
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', ONE_BAR)
    await page.goto(`${pole.origin}/pose`)
    await button(page, 'Nouvelle pose').click()
    await page.getByText('étiquette lue').waitFor(SOON)
    await button(page, 'C’est ce boîtier').click()
    await page.getByRole('list', { name: 'Sites' }).getByRole('button').first().click({ timeout: 60_000 })
    await page.getByText('Tout est envoyé').waitFor({ timeout: 60_000 })
    await context.close()
  })

  test('runs under its own policy without a complaint', () => {
    // A request that no network carries, and a report that has to wait, are written there by the browser itself.
    const expected = /ERR_INTERNET_DISCONNECTED|409 \(Conflict\)/
    expect(pole.complaints.filter((complaint) => !expected.test(complaint))).toEqual([])
  })
})
