import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import type { Progress } from '@vigie/contract/command'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserCookies } from '../fixtures/first-account.ts'
import { launchBrowser } from './browser.ts'

/** The wall's panel, as it is built, on the real HTTP side; the unit's words are spoken by the test. */
const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const SITE = 'col-d-allos'
const unit = 'vg-0001' as UnitId // of the trial's site
/** Where pictures of the panel are left for whoever wants to look at them. */
const picturesFolder = process.env['VIGIE_PICTURES']

let cloud: TrialCloud
let origin: string
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
  cloud = await openTrialCloud({ sites: [siteDocument()], http: { consoleFolder } })
  // The page reckons the last day by the browser's own clock.
  cloud.pass(Date.now() - cloud.clock.now())
  origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  for (const hoursAgo of [5, 3, 1, 0]) {
    const capturedAt = cloud.clock.now() - hoursAgo * 3_600_000
    for (const preset of ['amont', 'aval']) await cloud.storeFrame({ preset, capturedAt })
  }
})
afterAll(async () => {
  await browser?.close()
  await cloud?.close()
})

async function openPanel(role: 'viewer' | 'technician', viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport, hasTouch: viewport.width < 600 })
  await context.addCookies(browserCookies(origin, await cloud.signIn(role)))
  const page = await context.newPage()
  await page.goto(`${origin}/veille?site=${SITE}`)
  await page.locator('.panel').waitFor()
  return page
}

/** What the unit says of the newest command. */
async function unitSays(word: Pick<Progress, 'step' | 'reason' | 'result'>): Promise<void> {
  const [newest] = await cloud.store.commands.open()
  if (newest === undefined) throw new Error('nothing was asked')
  const envelope = { v: 1 as const, id: newest.id, unit, boot: newest.id as string as BootId, seq: 0, mono: 1 } // ULIDs
  const at = new Date(cloud.clock.now()).toISOString()
  const said = {
    ...envelope,
    at,
    clock: 'synchronised' as const,
    kind: 'progress' as const,
    command: newest.id as ItemId,
  }
  await cloud.store.commands.noteWord(unit, { ...said, ...word }, cloud.clock.now())
}

describe('the panel of a site', () => {
  test.each([
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ])('asks the unit and says in sentences what it found, at $width px', async (viewport) => {
    const page = await openPanel('technician', viewport)
    const commands = page.locator('.commands')
    await commands.getByRole('button', { name: 'Examen de la liaison' }).click()
    await commands.getByText('partira dès que l’unité est en liaison').waitFor()
    await unitSays({ step: 'accepted' })
    await commands.getByText(/acceptée à .* en cours/).waitFor()
    const wire = { sentBytes: 1, receivedBytes: 1 }
    const result = {
      of: 'link' as const,
      roundTripsMs: [61, 58, 70],
      sentBytes: 131_072,
      tookMs: 2_140,
      wire,
      signalDbm: -71,
    }
    await unitSays({ step: 'done', result })
    await commands.getByText(/Débit montant.*490.*kbit\/s/).waitFor()
    await commands.getByRole('button', { name: 'Redémarrage de la caméra' }).click()
    await commands.getByText('Redémarrage de la caméra demande en attente').waitFor()
    await unitSays({ step: 'refused', reason: 'camera-refused-login' })
    await commands.getByText(/refusée.*identifiants refusés/).waitFor()

    const { violations } = await new AxeBuilder({ page }).include('.panel').analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
    if (viewport.width < 600) {
      const heights = await commands
        .getByRole('button')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height))
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(56)
    }
    if (picturesFolder !== undefined) {
      await commands.scrollIntoViewIfNeeded()
      await commands.screenshot({ path: `${picturesFolder}/commands-${viewport.width}.png` })
    }
    await page.context().close()
  })

  test.each([390, 1440])('keeps the hours under the track clear of the button beside it, at %s px', async (width) => {
    const page = await openPanel('viewer', { width, height: 900 })
    const hours = page.locator('.track-hours span')
    await hours.first().waitFor()
    const button = await page.getByRole('button', { name: 'Dernière image' }).boundingBox()
    if (button === null) throw new Error('no button')
    for (const hour of await hours.all()) {
      const label = await hour.boundingBox()
      if (label === null) throw new Error('no label')
      const isBelow = label.y + label.height <= button.y
      expect(isBelow || label.x + label.width <= button.x, `${await hour.textContent()}`).toBe(true)
    }
    if (picturesFolder !== undefined)
      await page.locator('.scrubber').screenshot({ path: `${picturesFolder}/scrubber-${width}.png` })
    await page.context().close()
  })

  test('what was asked stands in the journal by its name, with its box; its id in the details', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    await context.addCookies(browserCookies(origin, await cloud.signIn('supervisor')))
    const page = await context.newPage()
    await page.goto(`${origin}/journal?quoi=command`)
    const row = page.locator('.audit-row', { hasText: 'Redémarrage de la caméra, cam1, vg-0001' }).first()
    await row.locator('summary').click()
    await row.getByText('référence').waitFor()
    expect(await row.locator('p').first().textContent()).not.toMatch(/[0-9A-Z]{26}/)
    if (picturesFolder !== undefined) await page.screenshot({ path: `${picturesFolder}/journal-commands-390.png` })
    await context.close()
  })

  test('offers nothing to somebody who may only look', async () => {
    const page = await openPanel('viewer', { width: 1440, height: 900 })
    await page.locator('.health').waitFor()
    await expect.poll(() => page.locator('.commands').count()).toBe(0)
    await page.context().close()
  })
})
