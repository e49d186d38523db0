import { Fault } from '../faults.ts'
import type { KeptSession } from './kept-session.ts'

/** The cloud answers in milliseconds, its authority in a second. Beyond: fault `cloud-unreachable`. */
const ANSWER_WITHIN_MS = 20_000

export type CloudAnswer = { status: number; value: unknown; cookie: string | null }

export type CloudClient = {
  /**
   * Asks the cloud's API, as the person of the session. Throws a Fault `cloud-unreachable`, `session-needed`, or
   * `cloud-refuses` with the cloud's own word.
   */
  ask(method: string, path: string, body?: unknown): Promise<CloudAnswer>
  /** The bytes of something that is no JSON, such as a report; the same faults. */
  read(path: string): Promise<Uint8Array>
}

/** A client of the cloud's API, as a browser is one; `session.cookie` may be empty for what anybody may ask. */
export function createCloudClient({ origin, cookie }: KeptSession): CloudClient {
  async function exchange(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ response: Response; bytes: Buffer }> {
    const headers: Record<string, string> = { 'x-vigie-client': 'vigie' }
    if (cookie !== '') headers['cookie'] = cookie
    if (body !== undefined) headers['content-type'] = 'application/json'
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const { response, bytes } = await fetch(new URL(`/api/v1${path}`, origin), { method, headers, signal, ...sent })
      .then(async (answer) => ({ response: answer, bytes: Buffer.from(await answer.arrayBuffer()) }))
      .catch((cause: unknown) => {
        throw new Fault('cloud-unreachable', origin, { cause })
      })
    if (response.status === 401 && cookie !== '') throw new Fault('session-needed', origin)
    if (!response.ok) throw new Fault('cloud-refuses', wordOf(parsed(bytes.toString()), response.status))
    return { response, bytes }
  }

  return {
    async ask(method, path, body) {
      const { response, bytes } = await exchange(method, path, body)
      const value = bytes.length === 0 ? null : parsed(bytes.toString())
      const pairs = response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
      return { status: response.status, value, cookie: pairs.length === 0 ? null : pairs.join('; ') }
    },
    read: async (path) => (await exchange('GET', path)).bytes,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What a problem says of itself (RFC 9457). */
function wordOf(value: unknown, status: number): string {
  if (typeof value !== 'object' || value === null) return `HTTP ${status}`
  const { title, detail } = value as { title?: unknown; detail?: unknown } // whatever stands there is made text
  return [title, detail].filter((part) => typeof part === 'string').join(' : ') || `HTTP ${status}`
}
