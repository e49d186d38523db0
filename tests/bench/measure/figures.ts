import { cpus, freemem, loadavg } from 'node:os'

/** Quantile of a list by the nearest rank; `share` from 0 to 1. Throws on an empty list. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const found = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]
  if (found === undefined) throw new Error('no values to take a quantile of')
  return found
}

/** One line of a benchmark's table: a label, then its columns in order. */
export type Row = { label: string; figures: Record<string, string | number> }

/** Prints a benchmark: its title, the machine it ran on, a table, and what to read in it. */
export function printReport(title: string, rows: readonly Row[], remarks: readonly string[] = []): void {
  const processor = cpus()[0]?.model ?? 'unknown processor'
  console.log(`\n${title}`)
  console.log(
    `${cpus().length} cores, ${processor}, Node ${process.version}, load ${loadavg()[0]?.toFixed(2)}, ${megabytes(freemem())} free\n`,
  )
  const columns = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))]
  const lines = [
    ['', ...columns],
    ...rows.map(({ label, figures }) => [label, ...columns.map((name) => spelled(figures[name]))]),
  ]
  const widths = ['', ...columns].map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)))
  for (const line of lines) {
    console.log(
      line
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    )
  }
  for (const remark of remarks) console.log(`\n${remark}`)
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
export const times = (value: number, reference: number): string => `${(value / reference).toFixed(2)} ×`

function spelled(figure: string | number | undefined): string {
  if (figure === undefined) return ''
  if (typeof figure === 'string') return figure
  return Math.abs(figure) >= 100 ? figure.toFixed(0) : figure.toFixed(figure >= 10 ? 1 : 2)
}
