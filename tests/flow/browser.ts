import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** Debian's Chromium without a window. Its own background requests are off: they would leave the machine. @param more switches of it */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`no Chromium at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM`)
  const quiet = [
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ]
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...quiet, ...more] })
}

/** What a page shows in a figure at one moment: its picture, at the picture's own size as PNG, and when it was taken, as it says. */
export async function figureShown(page: Page, selector: string): Promise<{ picture: Buffer; time: string | null }> {
  const figure = page.locator(selector).first()
  await figure.locator('img').waitFor()
  const shown = await figure.evaluate(async (element) => {
    const image = element.querySelector('img')
    if (image === null) throw new Error('the figure has lost its picture')
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.naturalWidth
    canvas.height = image.naturalHeight
    // Together, without a wait between: the page may change both at any moment.
    canvas.getContext('2d')?.drawImage(image, 0, 0)
    const time = element.getAttribute('data-captured')
    return { url: canvas.toDataURL('image/png'), time }
  })
  return { picture: Buffer.from(shown.url.slice(shown.url.indexOf(',') + 1), 'base64'), time: shown.time }
}
