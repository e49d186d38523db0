import { readFileSync } from 'node:fs'
import PDFDocument from 'pdfkit'

const FONTS = new URL('../../../fonts/', import.meta.url)
/** A4 in points, with margins that a hole punch leaves whole. */
const MARGIN = { top: 48, bottom: 56, left: 56, right: 40 }
export const INK = { text: '#1a1a1a', quiet: '#5a5a5a', line: '#c8c8c8', good: '#0b6b3a', bad: '#a4161a' } as const
const GAP = 6

export type Column = { width: number; bold?: boolean; colour?: string }

/**
 * A document of flowing pages: titles, lines, tables, pictures; each goes to a next page where it does not fit. Embedded
 * Atkinson Hyperlegible: made to be read by tired eyes, and the same on every machine in twenty years.
 */
export type Page = {
  /** Points across, between the margins. */
  readonly width: number
  title(text: string): void
  /** `before`: points that what follows needs on the same page. */
  heading(text: string, before?: number): void
  text(text: string, style?: { bold?: boolean; colour?: string; size?: number }): void
  /** Names and values, one a line. */
  facts(rows: readonly (readonly [name: string, value: string])[]): void
  /** Columns take their parts of the width; a row is never torn between pages. */
  table(columns: readonly Column[], head: readonly string[], rows: readonly (readonly Cell[])[]): void
  /** A JPEG with a caption, at most so wide and high. Two of half the width stand side by side. */
  pictures(pictures: readonly { jpeg: Buffer; caption: string }[], size: { across: number; maxHeight: number }): void
  /** Ends the document: a foot on every page, and all its bytes. */
  end(foot: string): Promise<Buffer>
}
export type Cell = string | { text: string; colour?: string; bold?: boolean }

export function openPage(info: { title: string; author: string; at: number }): Page {
  const doc = new PDFDocument({
    size: 'A4',
    margins: MARGIN,
    bufferPages: true,
    pdfVersion: '1.7',
    lang: 'fr-FR',
    displayTitle: true,
    info: { Title: info.title, Author: info.author, CreationDate: new Date(info.at), ModDate: new Date(info.at) },
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => doc.on('end', resolve))
  doc.registerFont('text', readFileSync(new URL('atkinson-hyperlegible-next-regular.ttf', FONTS)))
  doc.registerFont('bold', readFileSync(new URL('atkinson-hyperlegible-next-bold.ttf', FONTS)))
  const width = doc.page.width - MARGIN.left - MARGIN.right
  const bottom = doc.page.height - MARGIN.bottom

  const font = ({ bold = false, size = 9.5, colour = INK.text }: { bold?: boolean; size?: number; colour?: string }) =>
    doc
      .font(bold ? 'bold' : 'text')
      .fontSize(size)
      .fillColor(colour)
  const room = (height: number) => {
    if (doc.y + height > bottom) doc.addPage()
  }
  const rule = (y: number) =>
    doc
      .moveTo(MARGIN.left, y)
      .lineTo(MARGIN.left + width, y)
      .lineWidth(0.5)
      .strokeColor(INK.line)
      .stroke()

  function row(columns: readonly Column[], cells: readonly Cell[], style: { bold?: boolean; colour?: string } = {}) {
    const parts = columns.reduce((sum, column) => sum + column.width, 0)
    const placed = columns.map((column, index) => {
      const cell = cells[index] ?? ''
      const { text, ...own } = typeof cell === 'string' ? { text: cell } : cell
      const before = columns.slice(0, index).reduce((sum, one) => sum + one.width, 0)
      const wide = (column.width / parts) * width - GAP
      return {
        text,
        wide,
        x: MARGIN.left + (before / parts) * width,
        style: { ...column, ...style, ...own, size: 8.5 },
      }
    })
    const height = Math.max(
      ...placed.map(({ text, wide, style: of }) => font(of).heightOfString(text, { width: wide })),
    )
    room(height + GAP)
    const y = doc.y
    for (const { text, wide, x, style: of } of placed) font(of).text(text, x, y, { width: wide })
    doc.x = MARGIN.left
    doc.y = y + height + GAP / 2
    rule(doc.y)
    doc.y += GAP / 2
  }

  return {
    width,
    title: (text) => {
      font({ bold: true, size: 20 }).text(text)
      doc.moveDown(0.3)
    },
    heading: (text, before = 40) => {
      doc.moveDown(0.8)
      room(before + 60)
      font({ bold: true, size: 13 }).text(text, MARGIN.left)
      doc.moveDown(0.3)
    },
    text: (text, style = {}) => {
      room(14)
      font(style).text(text, MARGIN.left, doc.y, { width })
    },
    facts: (rows) => {
      for (const [name, value] of rows) row([{ width: 1, colour: INK.quiet }, { width: 3 }], [name, value])
    },
    table: (columns, head, rows) => {
      row(columns, head, { bold: true, colour: INK.quiet })
      for (const cells of rows) row(columns, cells)
    },
    pictures: (pictures, { across, maxHeight }) => {
      const wide = (width - GAP * 2 * (across - 1)) / across
      for (let index = 0; index < pictures.length; index += across) {
        const line = pictures.slice(index, index + across)
        room(maxHeight + 30)
        const y = doc.y
        const ends = line.map(({ jpeg, caption }, place) => {
          const x = MARGIN.left + place * (wide + GAP * 2)
          doc.image(jpeg, x, y, { fit: [wide, maxHeight] })
          font({ size: 8.5, colour: INK.quiet }).text(caption, x, y + maxHeight + 3, { width: wide })
          return doc.y
        })
        doc.x = MARGIN.left
        doc.y = Math.max(...ends) + GAP
      }
    },
    end: async (foot) => {
      const { start, count } = doc.bufferedPageRange()
      for (let index = start; index < start + count; index++) {
        doc.switchToPage(index)
        // Under the lower margin, where text would otherwise begin a new page.
        doc.page.margins.bottom = 0
        const line = `${foot} · page ${index - start + 1} sur ${count}`
        font({ size: 8, colour: INK.quiet }).text(line, MARGIN.left, bottom + 18, { width, align: 'center' })
      }
      doc.end()
      await ended
      return Buffer.concat(chunks)
    },
  }
}
