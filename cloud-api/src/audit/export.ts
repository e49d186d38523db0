import type { AuditRow, AuditStore } from '../store/audit.ts'

/** Rows read at once; some 200 kB. */
const BATCH = 500

const COLUMNS = ['seq', 'at', 'who', 'action', 'what', 'site', 'before', 'after', 'reason', 'hash'] as const

/** Every row in order, a batch at a time; `keep` leaves out what the reader may not see. */
export async function* rowsInOrder(audit: Pick<AuditStore, 'after'>, keep: (row: AuditRow) => boolean = () => true) {
  for (let seq = 0; ; ) {
    const rows = await audit.after(seq, BATCH)
    yield* rows.filter(keep)
    const last = rows.at(-1)
    if (last === undefined) return
    seq = last.seq
  }
}

/** One JSON object a line, with the texts that were hashed: the chain can be checked from it. */
export async function* asJsonLines(rows: AsyncIterable<AuditRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`
}

/** RFC 4180, for a spreadsheet. */
export async function* asCsv(rows: AsyncIterable<AuditRow>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for await (const row of rows) {
    const cells = COLUMNS.map((column) => (column === 'at' ? new Date(row.at).toISOString() : row[column]))
    yield `${cells.map(cellOf).join(',')}\r\n`
  }
}

/** A spreadsheet computes what begins like a formula, also when somebody has chosen it as their name. */
function cellOf(value: string | number | null): string {
  const text = String(value ?? '')
  const harmless = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
