import { Refused } from '../../api/refused.ts'

type Sent = { json?: unknown; body?: Blob; signal: AbortSignal; withinMs?: number }

/** A small answer takes some seconds with one bar of signal; after this long the line is not believed any more. */
const WITHIN_MS = 25_000
/** A page of another origin cannot send it: the cloud refuses what changes something without it. */
const CLIENT = { 'x-vigie-client': 'pose' }

/** Asks the cloud's API; every wait has an end. */
export function createAsk(origin: string) {
  async function answer(method: string, path: string, { json, body, signal, withinMs = WITHIN_MS }: Sent) {
    const type = body === undefined ? 'application/json' : body.type
    const content = body ?? (json === undefined ? null : JSON.stringify(json))
    const headers = content === null ? CLIENT : { ...CLIENT, 'content-type': type }
    const ends = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
    const response = await fetch(`${origin}/api/v1${path}`, { method, headers, body: content, signal: ends })
    if (response.ok) return response
    throw await refusedBy(response)
  }

  const json = async <Told>(method: string, path: string, sent: Sent): Promise<Told> => {
    const response = await answer(method, path, sent)
    const text = await response.text()
    return (text === '' ? null : JSON.parse(text)) as Told // by the API's description
  }

  return {
    answer,
    json,
    /** Null where the cloud knows no such thing. */
    jsonOrNull: async <Told>(path: string, signal: AbortSignal): Promise<Told | null> => {
      try {
        return await json<Told>('GET', path, { signal })
      } catch (error) {
        if (error instanceof Refused && error.status === 404) return null
        throw error
      }
    },
  }
}

async function refusedBy(response: Response): Promise<Refused> {
  try {
    const problem: unknown = await response.json()
    if (typeof problem === 'object' && problem !== null) {
      const detail = 'detail' in problem ? String(problem.detail) : undefined
      return new Refused(response.status, detail, { ...problem })
    }
  } catch {
    // No problem document: the status has to do.
  }
  return new Refused(response.status)
}
