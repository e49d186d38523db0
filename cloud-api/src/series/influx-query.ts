import { Fault } from '../faults.ts'

/** A row by its columns; `time` is in milliseconds. */
export type InfluxRow = Readonly<Record<string, number | string | null>>
/** One series of an answer. */
export type InfluxSeries = { tags: Readonly<Record<string, string>>; rows: InfluxRow[] }

/** What /query answers, as documented for InfluxDB 1.x: docs.influxdata.com/influxdb/v1/tools/api/#query-http-endpoint */
type Answer = {
  error?: string
  results?: {
    error?: string
    series?: { tags?: Record<string, string>; columns: string[]; values: (number | string | null)[][] }[]
  }[]
}

const ANSWER_WITHIN_MS = 10_000

export type InfluxAccess = { url: string; database: string; headers: Record<string, string> }

/**
 * Asks statements of InfluxQL, several in one request: the route that InfluxDB 1, 2 (with a mapping) and 3 share.
 * @returns the series of each statement; throws a Fault `series-unavailable`
 */
export async function queryInflux(access: InfluxAccess, statements: readonly string[]): Promise<InfluxSeries[][]> {
  const answer = await post(access, new URLSearchParams({ db: access.database, epoch: 'ms', q: statements.join(';') }))
  const { error, results = [] } = answer
  const problem = error ?? results.find((result) => result.error !== undefined)?.error
  if (problem !== undefined) throw new Fault('series-unavailable', { detail: problem })
  return statements.map((_, index) =>
    (results[index]?.series ?? []).map(({ tags = {}, columns, values }) => ({
      tags,
      rows: values.map((row) => Object.fromEntries(columns.map((name, column) => [name, row[column] ?? null]))),
    })),
  )
}

async function post({ url, headers }: InfluxAccess, form: URLSearchParams): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const response = await fetch(`${url}/query`, { method: 'POST', body: form, headers, signal })
    const text = await response.text()
    if (response.ok) return JSON.parse(text) as Answer // checked field by field above
    throw new Fault('series-unavailable', { detail: `${response.status} ${text.slice(0, 200)}` })
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('series-unavailable', { cause: error, detail: wordOf(error) })
  }
}

/** fetch says "fetch failed"; the system's word is in its cause. */
export function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  return error.cause instanceof Error ? wordOf(error.cause) : error.message
}

/** A name or a text within InfluxQL: only the quote and the backslash mean something in it. */
export const influxName = (name: string): string => `"${escaped(name, '"')}"`
export const influxText = (text: string): string => `'${escaped(text, "'")}'`

const escaped = (text: string, quote: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')
