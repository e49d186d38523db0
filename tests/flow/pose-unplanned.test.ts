import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { button, CLAIM, lookAt, openPolePage, type PolePage, SOON } from './pole-page.ts'

/** The other ways over the technician's page: what was not planned, typed by hand, or there before. */
let pole: PolePage

beforeAll(async () => {
  pole = await openPolePage()
})
afterAll(() => pole?.close())

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
  const api = `${pole.origin}/api/v1/commissionings`
  const headers = { 'x-vigie-client': 'test' }
  const { id } = await (await request.post(api, { headers, data: { site: 'col-de-vars' } })).json()
  const entered = { views: { 'cam1/amont': DRAWN_BEFORE } }
  await request.put(`${api}/${id}/steps/masks`, { headers, data: { entered, done: true } })
  expect((await request.post(`${api}/${id}/report`, { headers })).status()).toBe(201)
}

describe('on a phone at the pole', () => {
  test('a code typed by hand and a site that no plan knows lead to two cameras, each with its masks', async () => {
    const { context, page, unit } = await pole.openPhone('vg-0042', { hasCamera: false })
    await button(page, 'Nouvelle pose').click()
    await page.getByText('Cet appareil n’a pas de caméra. Tapez le code.').waitFor(SOON)
    await button(page, 'Taper le code').click(SOON)
    await page.getByLabel('Numéro du boîtier').fill('VG-0042')
    const code = page.getByLabel('Code de l’étiquette, ou les douze mots')
    await code.fill(CLAIM.slice(0, 20))
    await expect.poll(() => page.locator('#manque').textContent(), SOON).toMatch(/caractères sur 26/)
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
    const { sites } = await (await page.request.get(`${pole.origin}/api/v1/operators/sites`)).json()
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
    const { commissionings } = await (await page.request.get(`${pole.origin}/api/v1/commissionings?open=true`)).json()
    for (const { id } of commissionings) {
      expect(await (await page.request.get(`${pole.origin}/api/v1/commissionings/${id}`)).text()).not.toContain(
        'un secret',
      )
    }
    await context.close()
  })

  test('another box takes the place of one at a site, by its own code and under the masks that the site has', async () => {
    const { context, page, unit } = await pole.openPhone()
    await commissionBefore(page)
    await button(page, 'Nouvelle pose').click()
    await page.getByText('étiquette lue').waitFor(SOON)
    await button(page, 'C’est ce boîtier').click()
    await page.getByRole('list', { name: 'Sites' }).getByRole('button', { name: 'Col de Vars' }).click(SOON)
    await page.getByText('a déjà un boîtier').waitFor(SOON)
    await lookAt(page, '16-replacement')
    const why = page.getByLabel('Pourquoi le remplacer')
    await why.selectOption('Il a été volé')
    await expect.poll(() => page.locator('.notice').textContent(), SOON).toContain('exclu du réseau tout de suite')
    await why.selectOption('Il est en panne')
    await expect.poll(() => page.locator('.notice').textContent(), SOON).toContain('dès que le nouveau marche')
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
      await page.request.get(`${pole.origin}/api/v1/commissionings?site=col-de-vars&open=true`)
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
  })

  test('runs under its own policy without a complaint', () => {
    // A request that no network carries, and a report that has to wait, are written there by the browser itself.
    const expected = /ERR_INTERNET_DISCONNECTED|409 \(Conflict\)/
    expect(pole.complaints.filter((complaint) => !expected.test(complaint))).toEqual([])
  })
})
