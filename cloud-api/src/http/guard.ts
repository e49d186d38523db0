import type { Clock } from '@vigie/contract/clock'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Action } from '../people/actions.ts'
import { may, needsSecondFactor } from '../people/person.ts'
import { hashOfSecret } from '../people/secret.ts'
import { CONFIRMED_FOR_MS } from '../people/session-life.ts'
import type { StoredPerson } from '../store/people.ts'
import type { SessionStore, StoredSession } from '../store/sessions.ts'
import { type ProblemName, sendProblem } from './problem.ts'
import { whyForeign } from './request-origin.ts'
import { OPERATORS } from './security.ts'
import { sessionSecretIn } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Only on routes whose action is neither `public` nor `nothing`; the guard has checked role and site. */
    person: StoredPerson
    session: StoredSession
  }
}

type Deps = { sessions: SessionStore; clock: Clock }
type Options = { publicOrigin: string | null }
type Refusal = { name: ProblemName; detail: string }

/** Ways of signing in that a stolen password is not enough for. */
const STRONG = ['passkey', 'totp', 'recovery-code', 'mfa']

const READING = ['GET', 'HEAD', 'OPTIONS']
const isOfTheApi = (url: string) => /^\/api(?:\/|$)/.test(url)

/**
 * Stands before every route of the API, also those that nobody has thought of yet: a route that does not say what it
 * does is not served, and what it says decides who may ask. It stands in the API's description as `x-vigie-action`.
 */
export function guardRoutes(app: FastifyInstance, { sessions, clock }: Deps, { publicOrigin }: Options): void {
  app.decorateRequest('person', null as never) // set before any handler that may read it runs
  app.decorateRequest('session', null as never)
  app.addHook('onRoute', declareAction)

  app.addHook('onRequest', async (request, reply) => {
    const { action, site } = request.routeOptions.config
    if (action === undefined || action === 'nothing' || !isOfTheApi(request.routeOptions.url ?? '')) return
    const foreign = READING.includes(request.method) ? null : whyForeign(request.headers, publicOrigin)
    if (action !== 'public') reply.headers(OPERATORS)
    if (foreign !== null) return refuse(reply, { name: 'origin-foreign', detail: foreign })
    if (action === 'public') return
    const refusal = (await signedIn(request)) ?? maySo(request, action, siteIn(request.params, site))
    if (refusal !== null) return refuse(reply, refusal)
  })

  app.addHook('preHandler', async (request, reply) => {
    const { action, siteInBody, findSite } = request.routeOptions.config
    if (action === undefined || action === 'public' || action === 'nothing') return
    const site = findSite === undefined ? siteIn(request.body, siteInBody) : await findSite(request)
    if (site === undefined) return
    const refusal = maySo(request, action, site)
    if (refusal !== null) return refuse(reply, refusal)
  })

  /** Finds out who asks. */
  async function signedIn(request: FastifyRequest): Promise<Refusal | null> {
    const secret = sessionSecretIn(request)
    const found = secret === null ? undefined : await sessions.find(hashOfSecret(secret), clock.now())
    if (found === undefined) return { name: 'sign-in-needed', detail: 'POST /api/v1/session signs in.' }
    if (found.session.stage !== 'signed-in')
      return { name: 'sign-in-needed', detail: 'The second factor is missing: POST /api/v1/session/second-factor.' }
    request.person = found.person
    request.session = found.session
    return null
  }

  function maySo(
    { person, session, routeOptions }: FastifyRequest,
    action: Action | 'own-account',
    site: string | undefined,
  ): Refusal | null {
    const now = clock.now()
    if (routeOptions.config.isSensitive === true && now - session.confirmedAt > CONFIRMED_FOR_MS)
      return { name: 'confirmation-needed', detail: 'Prove again who you are: POST /api/v1/session/confirmation.' }
    if (action === 'own-account') return null
    if (isSecondFactorOverdue(person, session, now))
      return { name: 'second-factor-needed', detail: 'This role needs a second factor: set one up in your account.' }
    if (may(person, action, site)) return null
    return may(person, action)
      ? { name: 'out-of-scope', detail: `None of your roles allows ${action} at this site.` }
      : { name: 'not-allowed', detail: `None of your roles allows ${action}.` }
  }
}

/** Whether somebody whose role needs a second factor has had the time to set one up, and came in without. */
export const isSecondFactorOverdue = (person: StoredPerson, { method }: StoredSession, now: number): boolean =>
  needsSecondFactor(person) &&
  person.secondFactorBy !== null &&
  now >= person.secondFactorBy &&
  person.totpSecret === null &&
  !STRONG.some((name) => method.includes(name))

const refuse = (reply: FastifyReply, { name, detail }: Refusal) => sendProblem(reply, name, { detail })

function siteIn(part: unknown, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  // A site that is not named is none that anybody has.
  return String((part as Record<string, unknown> | null)?.[name] ?? '')
}

function declareAction(route: RouteOptions): void {
  if (!isOfTheApi(route.url)) return
  const { action, site, siteInBody, findSite } = route.config ?? {}
  if (action === undefined) throw new Error(`${route.method} ${route.url} does not say what it does: config.action`)
  if (site !== undefined && !route.url.includes(`:${site}`))
    throw new Error(`${route.method} ${route.url} has no parameter ${site}: config.site`)
  const where = site ?? (siteInBody !== undefined ? 'body' : findSite !== undefined ? 'found' : undefined)
  const said = { 'x-vigie-action': action, ...(where === undefined ? {} : { 'x-vigie-site': where }) }
  route.schema = { ...route.schema, ...said }
}
