import { readFileSync } from 'node:fs'
import PDFDocument from 'pdfkit'
import QRCode from 'qrcode'
import { dateInFrench, priceInFrench } from './in-french.ts'
import type { OfferedMuseum, OfferedType } from './offer.ts'
import type { ToldTicket } from './told.ts'

export type PrintedTicket = Omit<ToldTicket, 'type'> & { code: string; type: OfferedType }
export type TicketFormat = 'a4' | 'phone'

/**
 * Points. On paper a symbol of version 6 with M, 62 mm wide; on a telephone, whose screen may be cracked or dim, Q makes
 * it version 8 and the whole width is taken.
 */
const FORMATS = {
  a4: { size: [595, 842], margin: 56, qr: 200, level: 'M' },
  phone: { size: [360, 640], margin: 24, qr: 312, level: 'Q' },
} as const
/** ISO/IEC 18004: four modules of nothing on each side. Without them a reader does not find the symbol. */
const QUIET_MODULES = 4
/** Always black on white, whatever the colours of a page: readers look for dark on light. */
const [BLACK, WHITE] = ['#000000', '#ffffff']

/** Of the two spaces that do not break, the typeface has this one alone. */
const HARD = '\u00a0'

const FONTS = new URL('../../fonts/', import.meta.url)

type Drawn = { museum: Pick<OfferedMuseum, 'name'>; format: TicketFormat; at: number }

/** What stands on a page: the title, the code, when it is good in large letters, and the rest. */
type Page = { title: string; code: string; validity: string[]; facts: string[]; number: string; advice: string }

/** Draws tickets as a PDF, one a page. There is no name on it. */
export const drawTickets = (tickets: readonly PrintedTicket[], drawn: Drawn): Promise<Buffer> =>
  drawPages(`Billets — ${drawn.museum.name}`, tickets.map(pageOf), drawn)

/** Draws a ticket that lets nobody in, so that nobody takes it for one that does. */
export const drawTestTicket = (
  { code, day, number }: { code: string; day: string; number: string },
  drawn: Drawn,
): Promise<Buffer> => {
  const page: Page = {
    ...{ title: 'BILLET D’ESSAI', code, validity: ['Ne donne droit à aucune entrée'] },
    facts: [
      `Pour essayer un passage le ${dateInFrench(day)}`,
      `Le passage doit le lire et le refuser${HARD}: «${HARD}Billet d’essai${HARD}». Toute autre réponse est un défaut.`,
    ],
    ...{ number: `Essai ${number}`, advice: 'Présentez ce code à plat devant le lecteur du passage.' },
  }
  return drawPages(`Billet d’essai — ${drawn.museum.name}`, [page], drawn)
}

async function drawPages(title: string, pages: readonly Page[], { museum, format, at }: Drawn): Promise<Buffer> {
  const { size, margin } = FORMATS[format]
  const made = new Date(at)
  const doc = new PDFDocument({
    ...{ size: [...size], margin, autoFirstPage: false, pdfVersion: '1.7', lang: 'fr-FR', displayTitle: true },
    info: { Title: title, CreationDate: made, ModDate: made },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => doc.on('end', resolve))
  doc.registerFont('text', readFileSync(new URL('atkinson-hyperlegible-next-regular.ttf', FONTS)))
  doc.registerFont('bold', readFileSync(new URL('atkinson-hyperlegible-next-bold.ttf', FONTS)))
  for (const page of pages) drawPage(doc, page, { museum, format })
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

function pageOf(ticket: PrintedTicket): Page {
  const { typeName, code, number, order } = ticket
  return {
    ...{ title: typeName, code, validity: validityOf(ticket), facts: factsOf(ticket) },
    number: `Billet ${number} · commande ${order}`,
    advice: 'Présentez ce code à plat devant le lecteur de la borne. Ne le pliez pas.',
  }
}

function drawPage(doc: PDFKit.PDFDocument, page: Page, { museum, format }: Pick<Drawn, 'museum' | 'format'>): void {
  const { size, margin, qr, level } = FORMATS[format]
  const width = size[0] - 2 * margin
  const isPaper = format === 'a4'
  doc.addPage()
  doc.rect(0, 0, size[0], size[1]).fill(WHITE)
  const line = (font: 'text' | 'bold', points: number, text: string, gap = 4) => {
    doc.font(font).fontSize(points).fillColor(BLACK).text(text, margin, doc.y, { width, lineGap: 1 })
    doc.y += gap
  }
  doc.y = margin
  line('text', isPaper ? 13 : 12, museum.name, 2)
  line('bold', isPaper ? 26 : 20, page.title, 8)
  drawCode(doc, page.code, { x: isPaper ? margin : (size[0] - qr) / 2, y: doc.y, width: qr, level })
  doc.y += qr + 10
  for (const text of page.validity) line('bold', isPaper ? 18 : 16, text, 1)
  doc.y += 4
  for (const text of page.facts) line('text', isPaper ? 12 : 11, text)
  line('text', isPaper ? 11 : 10, page.number, 10)
  if (isPaper) line('text', 11, page.advice)
}

/** Draws the symbol as vectors, with its quiet zone inside the width. */
function drawCode(
  doc: PDFKit.PDFDocument,
  code: string,
  at: { x: number; y: number; width: number; level: 'M' | 'Q' },
): void {
  const { modules } = QRCode.create([{ data: code, mode: 'alphanumeric' }], { errorCorrectionLevel: at.level })
  const side = at.width / (modules.size + 2 * QUIET_MODULES)
  doc.rect(at.x, at.y, at.width, at.width).fill(WHITE)
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (!modules.get(row, column)) continue
      // A hair wider than a module: between two that touch, no viewer may show a white line.
      doc.rect(at.x + (column + QUIET_MODULES) * side, at.y + (row + QUIET_MODULES) * side, side + 0.05, side + 0.05)
    }
  }
  doc.fill(BLACK)
}

/** Lines, not one: the hour must be found by somebody who stands in a queue. */
function validityOf({ firstDay, lastDay, slot }: PrintedTicket): string[] {
  if (slot !== null) return [`Le ${dateInFrench(firstDay)}`, `à ${slot.replace(':', `${HARD}h${HARD}`)}`]
  return firstDay === lastDay
    ? [`Le ${dateInFrench(firstDay)}`]
    : [`Du ${dateInFrench(firstDay)}`, `au ${dateInFrench(lastDay)}`]
}

function factsOf({ persons, type }: PrintedTicket): string[] {
  const who = persons === 1 ? `1${HARD}personne` : `${persons}${HARD}personnes`
  const companion = type.hasCompanion ? ', avec un accompagnant' : ''
  const entries = type.perDay
    ? 'une entrée par jour'
    : type.entries === 0
      ? 'entrées illimitées'
      : entriesOf(type.entries)
  return [
    `${who}${companion}, ${entries}`,
    `Prix${HARD}: ${priceInFrench(type.priceCents)}`,
    ...(type.proof === undefined ? [] : [`À présenter avec le billet${HARD}: ${type.proof.fr}`]),
  ]
}

const entriesOf = (count: number) => (count === 1 ? `1${HARD}entrée` : `${count}${HARD}entrées`)
