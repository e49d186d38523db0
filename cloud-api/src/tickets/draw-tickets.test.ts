import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTrialMuseum, SALAGON, type TrialMuseum } from './trial-museum.fixture.ts'

const run = promisify(execFile)
let museum: TrialMuseum
let folder: string
beforeAll(async () => {
  museum = await openTrialMuseum()
  folder = await mkdtemp(join(tmpdir(), 'vigie-pdf-'))
})
afterAll(async () => {
  await museum.close()
  await rm(folder, { recursive: true })
})

/** Draws a page as a printer or a screen would. */
async function pageOf(pdf: Buffer, dotsPerInch: number): Promise<string> {
  await writeFile(join(folder, 'tickets.pdf'), pdf)
  await run('pdftoppm', [
    '-png',
    '-singlefile',
    '-r',
    String(dotsPerInch),
    join(folder, 'tickets.pdf'),
    join(folder, 'page'),
  ])
  return join(folder, 'page.png')
}

test.each([
  ['a4', 100],
  ['phone', 72],
] as const)(
  'a ticket for %s is read by a scanner that nobody here wrote, and says what was signed',
  async (format, dpi) => {
    const desk = await museum.desk()
    const { body } = await desk.sell({ type: 21, count: 3 })
    const { status, bytes } = await desk.get(`${SALAGON}/orders/${body.id}/tickets.pdf?format=${format}`)
    expect(status).toBe(200)
    const page = await pageOf(bytes, dpi)
    const { stdout } = await run('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', page])
    expect(stdout.replace(/\n$/, '')).toBe(body.tickets[0].code)
  },
)

test('a ticket is black on white and nothing else, with its quiet zone, and one ticket a page', async () => {
  const desk = await museum.desk()
  const { body } = await desk.sell({ type: 22, count: 2 })
  const { bytes } = await desk.get(`${SALAGON}/orders/${body.id}/tickets.pdf`)
  expect(bytes.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2)
  const { data, info } = await sharp(await pageOf(bytes, 100))
    .raw()
    .toBuffer({ resolveWithObject: true })
  let coloured = 0
  for (let at = 0; at < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]]
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 2) coloured += 1
  }
  expect(coloured).toBe(0)
})

test('D01: nothing on a ticket says who bought it', async () => {
  const desk = await museum.desk()
  const { body } = await desk.sell()
  const { bytes } = await desk.get(`${SALAGON}/orders/${body.id}/tickets.pdf`)
  await writeFile(join(folder, 'names.pdf'), bytes)
  const { stdout } = await run('pdftotext', [join(folder, 'names.pdf'), '-'])
  expect(stdout).toContain('Salagon, plein tarif')
  expect(stdout).toContain('Le dimanche 22 novembre 2026')
  expect(stdout).not.toContain('gate-staff')
})
