import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { filmLabel } from '../fixtures/label-video.ts'
import { openTrialMuseum, type TrialMuseum } from '../fixtures/museum/trial-museum.ts'
import { launchBrowser } from './browser.ts'

const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
export const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
  locale: 'fr-FR',
}
const TABLET = { width: 1440, height: 900 }
export const SOON = { timeout: 60_000 }
/** The ticket that the phone's camera sees. */
export const FILMED = '00000000000000f1'
/** Set to a folder: every screen is kept there as a picture. */
const pictures = process.env['GATE_PICTURES']

export type GatePage = {
  museum: TrialMuseum
  complaints: readonly string[]
  /** A phone of the staff before the page; it is paired by the link of a pass. `prepare` makes it another kind of phone. */
  openPhone(
    staff?: string,
    prepare?: (context: BrowserContext) => Promise<unknown>,
  ): Promise<{ context: BrowserContext; page: Page }>
  /** The gateway has no power; then it has, at the same address. */
  switchOff(): Promise<void>
  switchOn(): Promise<void>
  close(): Promise<void>
}

/** The page of the gate staff as it is built, from a gateway over real sockets, on a phone whose camera sees a ticket. */
export async function openGatePage(): Promise<GatePage> {
  const museum = await openTrialMuseum()
  await museum.anew({ CONSOLE_FOLDER: consoleFolder })
  museum.giveCatalogue()
  const folder = mkdtempSync(join(tmpdir(), 'vigie-portillon-'))
  const film = await filmLabel(folder, museum.signer.ticket(FILMED))
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  const browser = await launchBrowser([...camera, `--use-file-for-fake-video-capture=${film}`])
  const complaints: string[] = []
  let address = museum.url('/')
  return {
    ...{ museum, complaints },
    openPhone: async (staff = 'p-1', prepare = async () => {}) => {
      const context = await browser.newContext({ ...PHONE, permissions: ['camera'] })
      await prepare(context)
      const page = await context.newPage()
      page.on('pageerror', (problem) => complaints.push(problem.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
          complaints.push(message.text())
      })
      await page.goto(museum.url(`/portillon.html#p=${museum.signer.pass(staff)}`))
      await page.getByText('En liaison').waitFor(SOON)
      return { context, page }
    },
    switchOff: async () => {
      address = museum.url('/')
      await museum.stop()
    },
    switchOn: () => museum.restart({ CONSOLE_FOLDER: consoleFolder, HTTP_PORT: new URL(address).port }),
    close: async () => {
      await browser.close()
      await museum.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What a machine can find wrong with a screen, that it is no wider than the phone, and that a hurried hand can hit everything. */
export async function lookAt(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.screenshot({ path: join(pictures, `${name}.png`) })
    await page.setViewportSize(TABLET)
    await page.screenshot({ path: join(pictures, `${name}-desk.png`) })
    await page.setViewportSize(PHONE.viewport)
  }
  const isLinked = () => page.evaluate(() => document.querySelector('.gate-header[data-link="up"]') !== null)
  const wasLinked = await isLinked()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
  const { wide, room, small } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
    small: [...document.querySelectorAll('button, .button, input:not(.visually-hidden)')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 55.5)
      .map((one) => one.outerHTML),
  }))
  expect(wide, name).toBeLessThanOrEqual(room)
  expect(small, `${name}: too small for a hurried hand`).toEqual([])
  // Busy for longer than the page waits for its gateway, it takes it to be away, and decides alone for a moment.
  if (wasLinked) await expect.poll(isLinked, SOON).toBe(true)
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
/** A code that a handheld reader types into the page. */
export async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code tapé ou lu par une douchette').fill(code)
  await button(page, 'Vérifier').click()
}
export const verdict = (page: Page) => page.locator('.verdict')
