import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export type DigestAlgorithm = 'MD5' | 'SHA-256'

export type HttpCredentials = { user: string; password: string }

/** A request as far as its credentials go: the method, the target as sent, the header. */
export type ClaimedRequest = { method: string; target: string; authorization: string | undefined }

/** `stale`: the password was right, the nonce too old; the client may try again without asking a person. */
export type HttpVerdict = 'granted' | 'refused' | 'stale'

const NONCE_LIFE_MS = 5 * 60_000

/** HTTP Basic (RFC 7617). */
export function checkBasic({ authorization = '' }: ClaimedRequest, { user, password }: HttpCredentials): HttpVerdict {
  const [scheme = '', encoded = ''] = authorization.split(' ', 2)
  if (scheme.toLowerCase() !== 'basic') return 'refused'
  return isSame(Buffer.from(encoded, 'base64').toString('utf8'), `${user}:${password}`) ? 'granted' : 'refused'
}

/**
 * HTTP Digest (RFC 7616, qop auth). Its nonces carry their own time and seal, so that the camera remembers nothing.
 * @param secret seals the nonces of one camera
 * @param monotonicMs ages the nonces
 */
export function createDigest(
  realm: string,
  algorithms: readonly DigestAlgorithm[],
  secret: Buffer,
  monotonicMs: () => number,
) {
  const seal = (time: string) => createHmac('sha256', secret).update(time).digest('hex').slice(0, 32)
  const newNonce = () => {
    const time = Math.floor(monotonicMs()).toString(16)
    return `${time}.${seal(time)}`
  }

  function ageMs(nonce: string): number | undefined {
    const [time = '', mark = ''] = nonce.split('.', 2)
    return isSame(mark, seal(time)) ? monotonicMs() - Number.parseInt(time, 16) : undefined
  }

  return {
    /** The values of the WWW-Authenticate headers of a 401, one for each algorithm. */
    challenges: (stale: boolean): string[] =>
      algorithms.map(
        (algorithm) =>
          `Digest realm="${realm}", qop="auth", nonce="${newNonce()}", algorithm=${algorithm}${stale ? ', stale=true' : ''}`,
      ),

    check({ method, target, authorization = '' }: ClaimedRequest, { user, password }: HttpCredentials): HttpVerdict {
      const claim = parseDigest(authorization)
      const algorithm = algorithms.find((one) => one === (claim.get('algorithm') ?? 'MD5'))
      const nonce = claim.get('nonce') ?? ''
      const age = ageMs(nonce)
      if (algorithm === undefined || age === undefined) return 'refused'
      if (claim.get('username') !== user || claim.get('uri') !== target || claim.get('realm') !== realm)
        return 'refused'
      if (claim.get('qop') !== 'auth') return 'refused'
      const hash = (text: string) =>
        createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
          .update(text)
          .digest('hex')
      const expected = hash(
        [
          hash(`${user}:${realm}:${password}`),
          nonce,
          claim.get('nc') ?? '',
          claim.get('cnonce') ?? '',
          'auth',
          hash(`${method}:${target}`),
        ].join(':'),
      )
      if (!isSame(claim.get('response') ?? '', expected)) return 'refused'
      return age > NONCE_LIFE_MS ? 'stale' : 'granted'
    },
  }
}

function parseDigest(header: string): Map<string, string> {
  if (!/^digest /i.test(header) || header.length > 2048) return new Map()
  const pairs = header.slice('digest '.length).matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)
  return new Map([...pairs].map(([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? '']))
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}
