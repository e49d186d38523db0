import { CameraFault } from './camera-fault.ts'
import type { CameraTrust } from './camera-port.ts'
import { answerChallenge, type Challenge, chooseChallenge, type Login, parseChallenges } from './http-digest.ts'
import { exchange, type HttpAnswer, type HttpRequest } from './http-exchange.ts'

/** Sends a request and logs in when it is asked to. An answer of any status but 401 is given back as it is. */
export type HttpClient = { send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> }

export type HttpClientOptions = {
  login: Login | null
  trust: CameraTrust | undefined
  onConnected(): void
  /** False: a password is never said in clear. */
  allowsBasic?: boolean
}

/** First without login or with a nonce that has gone stale, then with a fresh one, and once more if that went stale too. */
const MAX_ATTEMPTS = 3

/**
 * HTTP with Digest or Basic login to one camera. The last challenge of each origin is kept, so that the next request
 * needs no second round trip. A password goes out only after a challenge, and as Basic only if Digest is not offered.
 */
export function createHttpClient(
  { login, trust, onConnected, allowsBasic = true }: HttpClientOptions,
  { randomHex }: { randomHex(): string },
): HttpClient {
  const kept = new Map<string, { challenge: Challenge; count: number }>()

  function authorization({ url, method }: HttpRequest): Record<string, string> {
    const known = kept.get(url.origin)
    if (known === undefined || login === null) return {}
    known.count += 1
    const path = `${url.pathname}${url.search}`
    const request = { method, path, count: known.count, clientNonce: randomHex() }
    return { Authorization: answerChallenge(known.challenge, login, request) }
  }

  return {
    async send(request, signal) {
      let fresh = false
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        const headers = { ...request.headers, ...authorization(request) }
        const answer = await exchange({ ...request, headers }, { trust, onConnected }, signal)
        if (answer.status !== 401) return answer
        const offered = parseChallenges(answer.headers['www-authenticate'] ?? '')
        const challenge = chooseChallenge(allowsBasic ? offered : offered.filter(({ scheme }) => scheme !== 'basic'))
        kept.delete(request.url.origin)
        if (login === null) throw new CameraFault('camera-refused-login', 'it asks for one, and none is configured')
        if (challenge === null) throw new CameraFault('camera-refused-login', 'no login that we know is offered')
        if (fresh && challenge.parameters['stale']?.toLowerCase() !== 'true') break
        kept.set(request.url.origin, { challenge, count: 0 })
        fresh = true
      }
      kept.delete(request.url.origin)
      throw new CameraFault('camera-refused-login', 'HTTP 401')
    },
  }
}
