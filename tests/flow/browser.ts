import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Debian's Chromium without a window. Its own background requests are off: they would leave the machine. */
export function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`no Chromium at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`)
  const quiet = [
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...quiet] })
}

/** The pixels that a page shows in an image element, at the image's own size, as PNG. */
export async function pixelsShown(page: Page, selector: string): Promise<Buffer> {
  const image = page.locator(selector).first()
  await image.waitFor()
  const url = await image.evaluate(async (element) => {
    const shown = element as HTMLImageElement // the selector names an img
    await shown.decode()
    const canvas = document.createElement('canvas')
    canvas.width = shown.naturalWidth
    canvas.height = shown.naturalHeight
    canvas.getContext('2d')?.drawImage(shown, 0, 0)
    return canvas.toDataURL('image/png')
  })
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
