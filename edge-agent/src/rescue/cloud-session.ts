import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { UsageError } from '../probe/login.ts'
import type { LyingItem } from './read-outbox.ts'
import type { Outcome, PostItems } from './rescue-outbox.ts'

/** What `vigie session begin` has left: which cloud, and the cookie of somebody who is signed in there. */
const Session = Type.Object({ origin: Type.String({ pattern: '^https?://' }), cookie: Type.String({ minLength: 1 }) })
export type Session = Type.Static<typeof Session>

const Answer = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      outcome: Type.Enum(['stored', 'expired', 'refused', 'passed-over']),
      reason: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
})

/** A batch of 4 MB over a line of 256 kbit/s takes three minutes with base64. */
const ANSWER_WITHIN_MS = 300_000
/** A hundred words on a hundred items. */
const ANSWER_MAX_BYTES = 64 * 1024

/** Reads the session file; throws a UsageError when nobody is signed in. */
export function readSession(env: Readonly<Record<string, string | undefined>>): Session {
  const folder = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? '', '.config')
  const file = join(folder, 'vigie', 'session.json')
  try {
    const session: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (Value.Check(Session, session)) return session
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof Error && 'code' in error)) throw error
  }
  throw new UsageError('Personne n’est connecté : « vigie session begin » d’abord.')
}

/** Posts items over HTTP. Rejects with a sentence for the technician. */
export const postTo =
  ({ origin, cookie }: Session): PostItems =>
  async ({ site, unit }, items, signal) => {
    const url = new URL(`/api/v1/sites/${site}/rescued-items`, origin)
    const unanswered = (cause: unknown) => {
      throw new Error('Le centre ne répond pas.', { cause })
    }
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'x-vigie-client': 'vigie-outbox' },
      body: JSON.stringify({ unit, items: items.map(inText) }),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    }).catch(unanswered)
    if (!response.ok) throw new Error(WORDS[response.status] ?? `Le centre refuse (${response.status}).`)
    const answer = parsed(await response.text().catch(unanswered))
    if (!Value.Check(Answer, answer)) throw new Error('La réponse du centre ne se comprend pas.')
    return answer.items satisfies Outcome[]
  }

/** Null: it is longer than any answer, or no JSON. */
function parsed(text: string): unknown {
  try {
    return text.length > ANSWER_MAX_BYTES ? null : JSON.parse(text)
  } catch {
    return null
  }
}

const inText = ({ id, topic, payload }: LyingItem) => ({ id, topic, payload: Buffer.from(payload).toString('base64') })

const WORDS: Record<number, string> = {
  401: 'La session est finie : « vigie session begin ».',
  403: "Votre compte n'a pas le droit de mettre ce site en service.",
  404: "Le centre ne connaît pas ce site, ou ce boîtier n'y a jamais été.",
}
