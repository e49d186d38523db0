import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { openTrialCloud, siteDocument, type TrialCloud } from '@vigie/cloud-api/http/trial-cloud.fixture'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openPoleUnit, type PoleUnit } from '../fakes/pole-unit.ts'
import { browserCookies } from '../fixtures/first-account.ts'
import { filmLabel } from '../fixtures/label-video.ts'
import { launchBrowser } from './browser.ts'

const consoleFolder = new URL('../../console/dist', import.meta.url).pathname
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const DESK = { width: 1440, height: 900 }
const ALLOS = { latitude: 44.2975, longitude: 6.5936 }
/** What stands on the label that the phone's camera sees. */
export const CLAIM = '7ZK3Q-0A1BC-9DEFG-HJKMN-PQRST-V'
export const SOON = { timeout: 60_000 }
/** Set to a folder: every screen is kept there as a picture. */
const pictures = process.env['POSE_PICTURES']

/** The technician's page as it is built, on a phone whose camera sees a label; the cloud is real, the box is not. */
export type PolePage = {
  cloud: TrialCloud
  origin: string
  /** What the browser has complained of. */
  complaints: readonly string[]
  openPhone(
    unit?: string,
    phone?: { hasCamera: boolean },
  ): Promise<{ context: BrowserContext; page: Page; unit: PoleUnit }>
  close(): Promise<void>
}

export async function openPolePage(): Promise<PolePage> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-pose-'))
  const film = await filmLabel(folder, `http://vigie.example/pose#u=vg-0001&c=${CLAIM}`)
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
  const browser = await launchBrowser([...camera, `--use-file-for-fake-video-capture=${film}`])
  const sites = [siteDocument(), { ...siteDocument('col-de-vars', 'vg-0002'), name: 'Col de Vars', latitude: 44.5392 }]
  const cloud = await openTrialCloud({ sites, http: { consoleFolder } })
  const origin = await cloud.http.listen({ host: '127.0.0.1', port: 0 })
  const technician = await cloud.signIn('technician')
  const complaints: string[] = []
  return {
    ...{ cloud, origin, complaints },
    openPhone: async (name = 'vg-0001', { hasCamera } = { hasCamera: true }) => {
      const permissions = ['camera', 'geolocation']
      const context = await browser.newContext({ ...PHONE, geolocation: ALLOS, permissions })
      await context.addCookies(browserCookies(origin, technician))
      const unit = await openPoleUnit(context, name)
      if (!hasCamera) await context.addInitScript(takeCameraAway)
      const page = await context.newPage()
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (problem) => complaints.push(problem.message))
      await page.goto(`${origin}/pose`)
      return { context, page, unit }
    },
    close: async () => {
      await browser.close()
      await cloud.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs in the page. The label stays before the camera of a phone that has one, and is read before anybody can type. */
function takeCameraAway(): void {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no camera', 'NotFoundError'))
}

/** What a machine can find wrong with a screen, that it is no wider than the phone, and that a glove can hit everything. */
export async function lookAt(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) {
    await page.screenshot({ path: join(pictures, `${name}.png`) })
    await page.setViewportSize(DESK)
    await page.screenshot({ path: join(pictures, `${name}-desk.png`) })
    await page.setViewportSize(PHONE.viewport)
  }
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([])
  const { wide, room, small } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    room: document.documentElement.clientWidth,
    small: [...document.querySelectorAll('button, .button, summary')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 55.5)
      .map((one) => one.outerHTML),
  }))
  expect(wide, name).toBeLessThanOrEqual(room)
  expect(small, `${name}: too small for a glove`).toEqual([])
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first()
