import { createHash } from 'node:crypto'

/** What a server asks for in one challenge of a WWW-Authenticate header; parameter names in lower case. */
export type Challenge = { scheme: string; parameters: Record<string, string> }

/**
 * Splits a WWW-Authenticate header, or several joined by commas (RFC 9110 §11.6.1), into its challenges.
 * What cannot be read is left out.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = []
  // Either `name = "quoted"`, `name = token`, or a word alone, which begins the next challenge.
  const piece = /([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g
  for (const [, word = '', quoted, token] of header.matchAll(piece)) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? token
    if (value === undefined) challenges.push({ scheme: word.toLowerCase(), parameters: {} })
    else {
      const current = challenges.at(-1)
      if (current !== undefined) current.parameters[word.toLowerCase()] = value
    }
  }
  return challenges
}

/** Best first; the names that node:crypto gives them. */
const HASHES: Record<string, string> = { 'sha-256': 'sha256', md5: 'md5' }

/** The challenge to answer: Digest with SHA-256, else with MD5, else Basic; null when there is none we can answer. */
export function chooseChallenge(challenges: Challenge[]): Challenge | null {
  const usable = challenges.filter(({ scheme, parameters: { nonce, realm, qop } }) => {
    const isDigest = scheme === 'digest' && nonce !== undefined && realm !== undefined
    return isDigest && (qop === undefined || offersAuth(qop))
  })
  for (const algorithm of Object.keys(HASHES)) {
    const found = usable.find((challenge) => algorithmOf(challenge).replace(/-sess$/, '') === algorithm)
    if (found !== undefined) return found
  }
  return challenges.find(({ scheme }) => scheme === 'basic') ?? null
}

export type Login = { user: string; password: string }

/**
 * The value of the Authorization header that answers a challenge.
 * Digest as in RFC 7616 with qop=auth; without qop, as cameras of before 1999 want it, as in RFC 2069.
 * @param count how often this nonce has been used, from 1
 * @param clientNonce unguessable
 */
export function answerChallenge(
  challenge: Challenge,
  { user, password }: Login,
  request: { method: string; path: string; count: number; clientNonce: string },
): string {
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const { realm = '', nonce = '', qop, opaque, algorithm, userhash } = challenge.parameters
  const hash = hashOf(challenge)
  const { method, path, clientNonce } = request
  const count = request.count.toString(16).padStart(8, '0')
  const secret = hash(`${user}:${realm}:${password}`)
  const first = algorithmOf(challenge).endsWith('-sess') ? hash(`${secret}:${nonce}:${clientNonce}`) : secret
  const second = hash(`${method}:${path}`)
  const middle = qop === undefined ? nonce : `${nonce}:${count}:${clientNonce}:auth`
  const isHashed = userhash?.toLowerCase() === 'true'
  const fields = [
    `username=${quote(isHashed ? hash(`${user}:${realm}`) : user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(path)}`,
    `response=${quote(hash(`${first}:${middle}:${second}`))}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(qop === undefined ? [] : ['qop=auth', `nc=${count}`, `cnonce=${quote(clientNonce)}`]),
    ...(isHashed ? ['userhash=true'] : []),
  ]
  return `Digest ${fields.join(', ')}`
}

const offersAuth = (qop: string) => qop.split(',').some((name) => name.trim().toLowerCase() === 'auth')

/** RFC 7616 §3.3: without the parameter it is MD5. */
const algorithmOf = ({ parameters }: Challenge) => (parameters['algorithm'] ?? 'md5').toLowerCase()

function hashOf(challenge: Challenge): (text: string) => string {
  const name = HASHES[algorithmOf(challenge).replace(/-sess$/, '')] ?? 'md5'
  return (text) => createHash(name).update(text, 'utf8').digest('hex')
}

const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
