import { resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { assetsOf, type ReadConsoleBuild } from './console-build.ts'
import { sendConsolePage } from './console-page.ts'
import { sendMessagePage } from './message-page.ts'
import { mayPass, type OperatorsFrom } from './operators-door.ts'

type Deps = { consoleBuild: ReadConsoleBuild; clock: Clock }
type Options = { consoleFolder: string; operatorsFrom: OperatorsFrom }

/** Names of built files carry a hash of their content. */
const FOR_EVER_MS = 365 * 86_400_000

/** The operators' page and the built files of all pages. */
export const veilleRoutes =
  ({ consoleBuild, clock }: Deps, { consoleFolder, operatorsFrom }: Options): FastifyPluginAsyncTypebox =>
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

    async function sendVeille(request: FastifyRequest, reply: FastifyReply) {
      const build = await consoleBuild()
      if (!mayPass(request, operatorsFrom)) {
        return sendMessagePage(reply, 403, 'operators-only', clock.now(), assetsOf(build))
      }
      return sendConsolePage(request, reply, { build, name: 'veille' })
    }

    // What follows /veille/ is read by the page's own script: a site's panel has an address of its own.
    for (const url of ['/veille', '/veille/*']) {
      app.route({ method: 'GET', url, schema: { hide: true }, handler: sendVeille })
    }
  }
