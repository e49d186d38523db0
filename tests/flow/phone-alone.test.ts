import type { TicketStatus } from '@vigie/contract/gate/ticket-status'
import type { Page, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { button, type GatePage, lookAt, openGatePage, SOON, typeCode, verdict } from './gate-page.ts'

/** A phone of the gate staff while the gateway has no power: the gateway's process is really gone. */
let gate: GatePage
beforeAll(async () => {
  gate = await openGatePage()
  const [plain, group] = gate.museum.signer.catalogue().types
  if (plain === undefined || group === undefined) throw new Error('the trial sells nothing')
  const onAccount = { ...plain, number: 3, mayEnterUnpaid: true }
  gate.museum.giveCatalogue({ version: 4, types: [plain, group, onAccount] })
  gate.museum.giveFeed(
    ['00000000000000c4', '00000000000000c5'].map((ticket, index) => ({
      ...{ n: index + 1, ticket: ticket as never, hash: null, status: 'unpaid' as TicketStatus }, // a TicketId
    })),
  )
})
afterAll(() => gate?.close())

const rows = () =>
  gate.museum
    .museum()
    .ledger.after(0, null, 1_000)
    .map(({ row }) => row)
const code = (id: string, changes = {}) => gate.museum.signer.ticket(id.padStart(16, '0'), changes)
const says = (page: Page, text: string | RegExp) =>
  expect.poll(() => verdict(page).textContent(), SOON).toMatch(text instanceof RegExp ? text : new RegExp(text))

/** The gateway has no more rows: those before are on the phone's disk. */
const isEndOfRows = async (answer: Response) =>
  new URL(answer.url()).pathname === '/api/v1/rows' && (await answer.json()).rows.length === 0

async function openWithList(staff: string) {
  const phone = await gate.openPhone(staff)
  await phone.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await phone.page.getByRole('button', { name: 'Journée' }).click()
  await phone.page.getByText(/Sa liste a été mise à jour/).waitFor(SOON)
  return phone
}

describe('a phone whose gateway has no power', () => {
  test('Y05, F10: opens from its cache, reads with its camera, decides alone, takes back, and hands up each once', async () => {
    const { context, page } = await openWithList('p-1')
    // A couple: told apart from the ticket that the camera sees, which is one person's.
    const [before, open] = [rows().length, code('c1', { type: 2, persons: 2 })]
    await gate.switchOff()
    await page.goto(page.url().replace(/\?.*/, ''))
    await page.getByText('Ce téléphone décide seul').waitFor(SOON)
    await button(page, 'Commencer à scanner').click()
    await says(page, /Bienvenue.*Décidé par ce téléphone seul/s)
    await typeCode(page, open)
    await says(page, /Bienvenue.*2\s+personnes.*Décidé par ce téléphone seul/s)
    await lookAt(page, '10-alone')
    await button(page, /Annuler cette entrée/).click()
    await says(page, 'Cette entrée ne compte plus')
    await typeCode(page, open)
    await says(page, 'Bienvenue')
    await typeCode(page, open)
    await says(page, /Déjà utilisé.*Sa liste a été mise à jour/s)
    await lookAt(page, '11-alone-refused')

    await gate.switchOn()
    await page.getByText('En liaison').waitFor(SOON)
    await expect.poll(() => rows().length, SOON).toBe(before + 5)
    expect(rows().map(({ body }) => ('outcome' in body ? body.outcome : body.kind))).toEqual([
      ...['ok', 'ok', 'ok', 'already_redeemed', 'undo'],
    ])
    // Its list has them at once: it does not forget what it let in when the gateway goes away again.
    await expect.poll(() => page.locator('.gate-link').textContent(), SOON).not.toContain('à transmettre')
    await gate.switchOff()
    await page.getByText('Ce téléphone décide seul').waitFor(SOON)
    await typeCode(page, open)
    await expect.poll(() => page.locator('.gate-link').textContent(), SOON).toMatch(/1\s+à transmettre/)
    await gate.switchOn()
    await expect.poll(() => rows().length, SOON).toBe(before + 6)
    expect(rows().at(-1)?.body).toMatchObject({ outcome: 'already_redeemed', onList: 'phone' })
    await context.close()
  })

  test('F10: takes back at the gateway what it had decided alone and handed up since', async () => {
    const { context, page } = await openWithList('p-2')
    await page.getByRole('button', { name: 'Scanner' }).click()
    await gate.switchOff()
    await typeCode(page, code('c2'))
    await says(page, 'Bienvenue')
    await gate.switchOn()
    await expect.poll(() => page.locator('.gate-link').textContent(), SOON).toBe('En liaison')
    await button(page, /Annuler cette entrée/).click()
    await says(page, 'Cette entrée ne compte plus')
    await expect.poll(() => rows().at(-1)?.body, SOON).toMatchObject({ kind: 'undo', by: 'p-2' })
    await context.close()
  })

  test('F01: lets in against its list with a reason, marked, as often as a day allows and no more', async () => {
    const { context, page } = await openWithList('p-3')
    await page.getByRole('button', { name: 'Scanner' }).click()
    const one = code('c3')
    await typeCode(page, one)
    await says(page, 'Bienvenue')
    const override = async () => {
      await typeCode(page, one)
      await says(page, 'Déjà utilisé')
      await button(page, 'Laisser entrer quand même').click()
      await button(page, 'Sorti un instant').click()
      await page.locator('.sheet').getByRole('button', { name: 'Laisser entrer' }).click()
      await says(page, 'Entrée accordée par l’accueil')
    }
    await override()
    // The phone hears of the first one again from the gateway; it is one all the same.
    await page.getByRole('button', { name: 'Journée' }).click()
    const whole = page.waitForResponse(isEndOfRows, SOON)
    await page.reload()
    await whole
    await page.getByRole('button', { name: 'Scanner' }).click()
    await gate.switchOff()
    await page.getByText('Ce téléphone décide seul').waitFor(SOON)
    await override()
    await typeCode(page, one)
    await expect.poll(() => button(page, 'Plus de dérogation aujourd’hui').isDisabled(), SOON).toBe(true)
    await gate.switchOn()
    await page.getByText('En liaison').waitFor(SOON)
    const forced = () => rows().flatMap(({ body }) => ('forced' in body && body.forced ? [body] : []))
    await expect.poll(() => forced().length, SOON).toBe(2)
    const override2 = { by: 'p-3', reason: 'Sorti un instant', instead: 'already_redeemed' }
    expect(forced()).toMatchObject([{ forced: override2 }, { forced: override2, onList: 'phone' }])
    await context.close()
  })

  test('S04: lets in before it is paid where the type of the ticket allows it, with the gateway and without', async () => {
    const { context, page } = await openWithList('p-4')
    await page.getByRole('button', { name: 'Scanner' }).click()
    await typeCode(page, code('c4', { type: 3 }))
    await says(page, 'À payer')
    await lookAt(page, '12-unpaid')
    await button(page, 'Laisser entrer, à payer ensuite').click()
    await says(page, /Bienvenue.*Reste à payer/s)
    await gate.switchOff()
    await page.getByText('Ce téléphone décide seul').waitFor(SOON)
    await typeCode(page, code('c5', { type: 3 }))
    await says(page, 'À payer')
    await button(page, 'Laisser entrer, à payer ensuite').click()
    await says(page, /Bienvenue.*Reste à payer/s)
    await gate.switchOn()
    await context.close()
  })

  test('the browser has complained of nothing', () => {
    expect(gate.complaints).toEqual([])
  })
})
