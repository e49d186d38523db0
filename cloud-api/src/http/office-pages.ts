import { resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Action } from '../people/actions.ts'
import { may } from '../people/person.ts'
import { hashOfSecret } from '../people/secret.ts'
import type { SessionStore } from '../store/sessions.ts'
import { assetsOf, type ReadConsoleBuild } from './console-build.ts'
import { sendConsolePage } from './console-page.ts'
import { isSecondFactorOverdue } from './guard.ts'
import { sendMessagePage } from './message-page.ts'
import { sessionSecretIn } from './session-cookie.ts'

type Deps = { consoleBuild: ReadConsoleBuild; sessions: SessionStore; clock: Clock }

type OfficePage = {
  url: string
  /** The file of the console's build. */
  page: string
  /** Who is not signed in is asked to; who may not do this is told so. */
  action: Action | 'own-account' | 'public'
}

/** The pages for those who work with Vigie. What follows an address with a slash is read by the page's own script. */
export const OFFICE_PAGES: readonly OfficePage[] = [
  { url: '/connexion', page: 'connexion', action: 'public' },
  { url: '/bienvenue', page: 'connexion', action: 'public' },
  { url: '/veille', page: 'veille', action: 'wall.read' },
  { url: '/guichet', page: 'guichet', action: 'ticket.read' },
  { url: '/parc', page: 'parc', action: 'unit.read' },
  { url: '/reglages', page: 'reglages', action: 'configuration.read' },
  { url: '/compte', page: 'bureau', action: 'own-account' },
  { url: '/personnes', page: 'bureau', action: 'people.manage' },
  { url: '/journal', page: 'bureau', action: 'audit.read' },
]

/** Names of built files carry a hash of their content. */
const FOR_EVER_MS = 365 * 86_400_000

/** The pages of the office, and the built files of all pages. */
export const officePageRoutes =
  ({ consoleBuild, sessions, clock }: Deps, { consoleFolder }: { consoleFolder: string }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.register(fastifyStatic, {
      root: resolve(consoleFolder, 'assets'),
      prefix: '/assets/',
      decorateReply: false,
      index: false,
      immutable: true,
      maxAge: FOR_EVER_MS,
      setHeaders: (reply) => {
        reply.setHeader('x-content-type-options', 'nosniff')
      },
    })

    /** Where the reader is sent instead, or `no-right`; null: the page is for this reader. */
    async function turnedAway(request: FastifyRequest, action: OfficePage['action']): Promise<string | null> {
      if (action === 'public') return null
      const secret = sessionSecretIn(request)
      const found = secret === null ? undefined : await sessions.find(hashOfSecret(secret), clock.now())
      if (found?.session.stage !== 'signed-in') return `/connexion?retour=${encodeURIComponent(request.url)}`
      if (action === 'own-account') return null
      if (isSecondFactorOverdue(found.person, found.session, clock.now())) return '/compte'
      return may(found.person, action) ? null : 'no-right'
    }

    const send = ({ page, action }: OfficePage) =>
      async function sendPage(request: FastifyRequest, reply: FastifyReply) {
        const [build, elsewhere] = await Promise.all([consoleBuild(), turnedAway(request, action)])
        if (elsewhere === 'no-right') return sendMessagePage(reply, 403, 'not-allowed', clock.now(), assetsOf(build))
        if (elsewhere !== null) return reply.header('cache-control', 'no-store').redirect(elsewhere, 303)
        return sendConsolePage(request, reply, { build, name: page })
      }

    for (const page of OFFICE_PAGES) {
      for (const url of [page.url, `${page.url}/*`]) {
        app.route({ method: 'GET', url, schema: { hide: true }, handler: send(page) })
      }
    }
  }
