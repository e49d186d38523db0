import type { Command } from '@vigie/contract/command'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issuedTicket } from '../fixtures/museum/trial-catalogue.ts'
import { button, FILMED, type GatePage, lookAt, openGatePage, SOON, typeCode, verdict } from './gate-page.ts'

/** The page of the gate staff in a real browser, before a gateway over real sockets. */
let gate: GatePage
beforeAll(async () => {
  gate = await openGatePage()
})
afterAll(() => gate?.close())

const decisions = () =>
  gate.museum
    .museum()
    .ledger.after(0, null, 1_000)
    .flatMap(({ row }) => (row.body.kind === 'decision' ? [{ ...row, body: row.body }] : []))

/** The gateway's answers to such a question wait until the returned function is called. */
async function holdBack(page: Page, questions: string): Promise<() => void> {
  let answer = () => {}
  const late = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(questions, async (route) => {
    await late
    await route.continue()
  })
  return () => answer()
}

describe('a phone at the gate', () => {
  test('R01, R04, F10, G23: reads a ticket with its camera, lets it in once, takes it back, and says each in word, sign and colour', async () => {
    const { context, page } = await gate.openPhone()
    expect(page.url()).not.toContain('#')
    await lookAt(page, '01-ready')
    await button(page, 'Commencer à scanner').click()
    await expect.poll(() => verdict(page).textContent(), SOON).toContain('Bienvenue')
    await lookAt(page, '02-let-in')
    expect(decisions()).toMatchObject([{ lane: null, body: { outcome: 'ok', ticket: FILMED, by: 'p-1' } }])

    await typeCode(page, gate.museum.signer.ticket(FILMED))
    await expect.poll(() => verdict(page).textContent(), SOON).toMatch(/Déjà utilisé.*Première entrée/s)
    await lookAt(page, '03-already-used')
    const looks = await page.evaluate(() =>
      ['go', 'attention', 'wait', 'stop'].map((look) => {
        const one = document.createElement('p')
        one.className = 'verdict'
        one.dataset['look'] = look
        document.body.append(one)
        const { backgroundColor } = getComputedStyle(one)
        one.remove()
        return backgroundColor
      }),
    )
    expect(new Set(looks).size).toBe(4)

    await typeCode(page, gate.museum.signer.ticket('00000000000000f2', { type: 2, persons: 12 }))
    await expect.poll(() => verdict(page).textContent(), SOON).toMatch(/Bienvenue.*12\s+personnes/s)
    await button(page, /Annuler cette entrée/).click()
    await expect.poll(() => verdict(page).textContent(), SOON).toContain('Cette entrée ne compte plus')
    await expect.poll(() => page.locator('.gate-inside strong').textContent(), SOON).toMatch(/1$/)
    await context.close()
  })

  test('decides of a ticket that is typed while the answer about another is awaited, and of one that is typed twice once', async () => {
    const { context, page } = await gate.openPhone('p-2')
    const codes = ['00000000000000e1', '00000000000000e2'].map((ticket) => gate.museum.signer.ticket(ticket))
    const answer = await holdBack(page, '**/api/v1/decisions')
    const known = decisions().length
    for (const code of [codes[0], codes[0], codes[1]]) await typeCode(page, code ?? '')
    answer()
    await expect.poll(() => decisions().length, SOON).toBe(known + 2)
    await page.locator('.verdict[data-look="go"]').waitFor(SOON)
    expect(decisions().slice(known)).toMatchObject([
      { body: { outcome: 'ok', ticket: '00000000000000e1' } },
      { body: { outcome: 'ok', ticket: '00000000000000e2' } },
    ])
    await context.close()
  })

  test('F01: lets in against the word of the gate with a reason, as often as a day allows and no more', async () => {
    const { context, page } = await gate.openPhone('p-2')
    const code = gate.museum.signer.ticket('00000000000000f3')
    for (const left of [2, 1]) {
      await typeCode(page, code)
      if (left === 2) {
        await page.locator('.verdict[data-look="go"]').waitFor(SOON)
        await typeCode(page, code)
      }
      await page.locator('.verdict[data-look="stop"]').waitFor(SOON)
      await button(page, 'Laisser entrer quand même').click()
      await button(page, 'Sorti un instant').click()
      if (left === 2) await lookAt(page, '04-override')
      await page.locator('.sheet').getByRole('button', { name: 'Laisser entrer' }).click()
      await expect.poll(() => verdict(page).textContent(), SOON).toContain('Entrée accordée par l’accueil')
    }
    await typeCode(page, code)
    await expect.poll(() => button(page, 'Plus de dérogation aujourd’hui').isDisabled(), SOON).toBe(true)
    const forced = decisions().filter(({ body }) => body.forced !== undefined)
    expect(forced.map(({ body }) => body.forced)).toMatchObject([
      { by: 'p-2', reason: 'Sorti un instant', instead: 'already_redeemed' },
      { by: 'p-2', reason: 'Sorti un instant', instead: 'already_redeemed' },
    ])
    await context.close()
  })

  test('F01, F10: lets in and takes back the ticket that was meant, also when the answer about the next one comes meanwhile', async () => {
    const { context, page } = await gate.openPhone('p-5')
    const [used, next, last] = ['00000000000000d1', '00000000000000d2', '00000000000000d3'] as const
    const type = (ticket: string) => typeCode(page, gate.museum.signer.ticket(ticket))
    const going = page.locator('.verdict[data-look="go"]')
    await type(used)
    await going.waitFor(SOON)
    await type(used)
    await page.locator('.verdict[data-look="stop"]').waitFor(SOON)
    const answerNext = await holdBack(page, '**/api/v1/decisions')
    await type(next)
    await button(page, 'Laisser entrer quand même').click()
    answerNext()
    await going.waitFor(SOON)
    await button(page, 'Sorti un instant').click()
    await page.locator('.sheet').getByRole('button', { name: 'Laisser entrer' }).click()
    await expect.poll(() => verdict(page).textContent(), SOON).toContain('Entrée accordée par l’accueil')
    expect(decisions().at(-1)?.body).toMatchObject({ ticket: used, forced: { by: 'p-5', reason: 'Sorti un instant' } })

    const answerUndo = await holdBack(page, '**/undo')
    await button(page, /Annuler cette entrée/).click()
    await type(last)
    await expect.poll(() => verdict(page).textContent(), SOON).not.toContain('accordée par l’accueil')
    const undone = page.waitForResponse('**/undo')
    answerUndo()
    await (await undone).finished()
    await lookAt(page, '04-next')
    expect(await verdict(page).textContent()).toContain('Bienvenue')
    await page.route('**/undo', (route) => route.abort())
    await button(page, /Annuler cette entrée/).click()
    await page.getByText('La passerelle ne répond pas').waitFor(SOON)
    await lookAt(page, '04-not-taken-back')
    await context.close()
  })

  test('F01, F10, F11: lets in on a ticket that was found and nobody can show, takes it back, and says why not without the gateway', async () => {
    const { context, page } = await gate.openPhone('p-6')
    const ticket = issuedTicket(31, 'H4R7T2WB')
    gate.museum.giveIssued([ticket])
    await page.getByRole('button', { name: 'Rechercher' }).click()
    await page.getByLabel(/^Commande, numéro/).fill('S000031')
    const card = page.locator('.ticket')
    const letIn = async () => {
      await button(page, 'Laisser entrer quand même').click()
      await button(page, 'Téléphone déchargé').click()
      await page.locator('.sheet').getByRole('button', { name: 'Laisser entrer' }).click()
    }
    await card.getByText('Valable').waitFor(SOON)
    await letIn()
    await expect.poll(() => card.textContent(), SOON).toMatch(/Entrée accordée par l’accueil.*Déjà utilisé/s)
    await button(page, /Annuler cette entrée/).click()
    await expect.poll(() => card.textContent(), SOON).toMatch(/Cette entrée ne compte plus.*Valable.*Pas encore entré/s)

    await page.route('**/override', (route) => route.abort())
    await letIn()
    await page.locator('.sheet').getByText('La passerelle ne répond pas').waitFor(SOON)
    await page.unroute('**/override')
    await page.locator('.sheet').getByRole('button', { name: 'Laisser entrer' }).click()
    await expect.poll(() => card.textContent(), SOON).toMatch(/Entrée accordée par l’accueil.*Déjà utilisé/s)
    await lookAt(page, '07-found-let-in')
    const forced = { by: 'p-6', reason: 'Téléphone déchargé', instead: 'incomplete' }
    const about = decisions().filter(({ body }) => body.ticket === ticket.ticket)
    expect(about.map(({ body }) => body)).toMatchObject([
      { outcome: 'ok', medium: 'none', forced },
      { outcome: 'ok', medium: 'none', forced },
    ])

    await page.route('**/api/**', (route) => route.abort())
    await page.getByText('ce téléphone ne garde ni commandes ni numéros').waitFor(SOON)
    await lookAt(page, '07-found-alone')
    await context.close()
  })

  test('Y05, R05: decides by its own list while the gateway is away, marks it, and hands each up once', async () => {
    const { context, page } = await gate.openPhone('p-3')
    await page.getByRole('button', { name: 'Journée' }).click()
    await page.getByText(/Sa liste a été mise à jour/).waitFor(SOON)
    await page.getByRole('button', { name: 'Scanner' }).click()
    const known = decisions().length
    await page.route('**/api/**', (route) => route.abort())
    await page.getByText('ce téléphone décide seul').waitFor(SOON)

    const code = gate.museum.signer.ticket('00000000000000f4')
    await typeCode(page, code)
    await expect.poll(() => verdict(page).textContent(), SOON).toMatch(/Bienvenue.*Décidé par ce téléphone seul/s)
    await lookAt(page, '05-alone')
    await typeCode(page, code)
    await expect.poll(() => verdict(page).textContent(), SOON).toContain('Déjà utilisé')
    // What somebody else let in while it still heard of it.
    await typeCode(page, gate.museum.signer.ticket('00000000000000f3'))
    await expect.poll(() => verdict(page).textContent(), SOON).toMatch(/Déjà utilisé.*Première entrée/s)
    await typeCode(page, `${code.slice(0, 60)}${code[60] === 'A' ? 'B' : 'A'}${code.slice(61)}`)
    await expect.poll(() => verdict(page).textContent(), SOON).toContain('Inconnu')
    await expect.poll(() => page.locator('.gate-link').textContent(), SOON).toMatch(/4\s+à transmettre/)
    expect(decisions()).toHaveLength(known)

    await page.unroute('**/api/**')
    await expect.poll(() => decisions().length, SOON).toBe(known + 4)
    expect(decisions().slice(known)).toMatchObject([
      { body: { outcome: 'ok', onList: 'phone', by: 'p-3' } },
      { body: { outcome: 'already_redeemed', onList: 'phone' } },
      { body: { outcome: 'already_redeemed', onList: 'phone' } },
      { body: { outcome: 'invalid', onList: 'phone', ticket: null } },
    ])
    await page.getByText('En liaison').waitFor(SOON)
    await expect.poll(() => page.locator('.gate-link').textContent(), SOON).not.toContain('à transmettre')
    await context.close()
  })

  test('G15, G20, D01: lanes, who is inside, the inbox of conflicts and the closing report, without a name', async () => {
    const ticket = '00000000000000f5'
    const lanes = [await gate.museum.linked('vg-tripod1'), await gate.museum.linked('vg-tripod2')]
    gate.museum.giveLanes([
      ...[1, 2].map((n) => ({ id: `tripod${n}`, label: `Tourniquet ${n}`, kind: 'tripod', direction: 'both' })),
    ])
    for (const lane of lanes) await lane.tell([lane.write({ kind: 'lane', state: 'locked' })])
    await Promise.all(lanes.map((lane) => lane.admit(ticket)))
    const { context, page } = await gate.openPhone('p-4')
    await page.getByRole('button', { name: 'Passages' }).click()
    await page.getByText('Dernières décisions').waitFor(SOON)
    await expect.poll(() => page.locator('.decisions li').count(), SOON).toBeGreaterThan(5)
    await lookAt(page, '06-lanes')

    // G15: with a reason and an end; the lane itself says that it did.
    const [first] = lanes
    const asked: Command[] = []
    first?.party()?.client.on('message', (topic, payload) => {
      if (topic !== first.topic('command')) return
      const command = JSON.parse(String(payload)) as Command
      asked.push(command)
      const progress = { ...first.envelope(), kind: 'progress', command: command.id, step: 'done' }
      void first.party()?.publish(first.topic('progress'), JSON.stringify(progress))
    })
    await button(page, 'Ouvrir une fois').click()
    await button(page, 'Poussette ou fauteuil').click()
    await page.locator('.sheet [type="submit"]').click()
    await expect.poll(() => page.locator('.sheet').count(), SOON).toBe(0)
    await button(page, 'Rotation libre').click()
    await button(page, 'Groupe scolaire').click()
    await lookAt(page, '06-free')
    await button(page, 'Libérer le passage').click()
    await expect.poll(() => page.locator('.sheet').count(), SOON).toBe(0)
    expect(asked.map(({ by, body }) => ({ by, ...body }))).toMatchObject([
      { by: 'p-4', name: 'open-lane', lane: 'tripod1', reason: 'Poussette ou fauteuil', direction: 'in' },
      { by: 'p-4', name: 'free-rotation', lane: 'tripod1', on: true, reason: 'Groupe scolaire' },
    ])

    await page.getByRole('button', { name: 'Rechercher' }).click()
    await page.getByLabel(/^Commande, numéro/).fill('00000000000000f')
    await expect.poll(() => page.locator('.ticket').count(), SOON).toBeGreaterThan(3)
    await lookAt(page, '07-search')
    gate.museum.giveIssued([
      issuedTicket(41, 'K7QX2M9A', { slotStart: 840 }),
      issuedTicket(42, 'K7QX2M9A', { type: 2, firstDay: 2_000 }),
    ])
    await page.getByLabel(/^Commande, numéro/).fill('k7qx 2m9a')
    await page.getByRole('heading', { name: 'Billet S000042' }).waitFor(SOON)
    expect(await page.locator('.ticket').allInnerTexts()).toEqual([
      expect.stringMatching(/Valable.*Plein tarif.*14.h.00/s),
      expect.stringMatching(/Terminé.*Groupe/s),
    ])
    await lookAt(page, '07-search-order')

    await page.getByRole('button', { name: /Journée/ }).click()
    await page.locator('.conflict').first().waitFor(SOON)
    await lookAt(page, '08-day')
    await button(page, 'J’ai regardé').click()
    await button(page, 'Personne de bonne foi').click()
    await button(page, 'Classer').click()
    await page.locator('.conflict[data-seen="true"]').waitFor(SOON)
    await context.close()
  })

  test('the browser has complained of nothing', () => {
    expect(gate.complaints).toEqual([])
  })
})
