import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ReadConsoleBuild } from './console-build.ts'
import { sendConsolePage } from './console-page.ts'
import { sendProblem } from './problem.ts'
import { PAGE } from './security.ts'
import { sendText } from './send-text.ts'

/**
 * The technician's page does what no other may: it reads a label with the phone's camera (a WebAssembly reader), asks
 * where it stands, shows pictures that it has made itself, and opens without a network.
 */
const AT_THE_POLE = {
  ...PAGE,
  'content-security-policy': `${PAGE['content-security-policy']}; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob:; worker-src 'self'`,
  'permissions-policy': 'camera=(self), geolocation=(self), microphone=()',
} as const

/** The technician's page, and what lets it open without a network: its worker, and the list of its files. */
export const poseRoutes =
  ({ consoleBuild }: { consoleBuild: ReadConsoleBuild }): FastifyPluginAsyncTypebox =>
  async (app) => {
    // The page holds nothing that is secret; what it asks for is guarded. Without a network it must open for anybody.
    for (const url of ['/pose', '/pose/*']) {
      app.route({
        method: 'GET',
        url,
        schema: { hide: true },
        handler: async (request, reply) =>
          sendConsolePage(request, reply, { build: await consoleBuild(), name: 'pose', policy: AT_THE_POLE }),
      })
    }

    app.route({
      method: 'GET',
      url: '/pose/service-worker.js',
      schema: { hide: true },
      handler: async (request, reply) => {
        const worker = (await consoleBuild())?.workers.get('pose')
        if (worker === undefined) return sendProblem(reply, 'address-unknown', { detail: 'The console is not built.' })
        // Its address lies below the page that it serves.
        reply.headers(AT_THE_POLE).header('service-worker-allowed', '/pose').header('cache-control', 'no-cache')
        return sendText(request, reply.type('text/javascript; charset=utf-8'), worker)
      },
    })

    app.route({
      method: 'GET',
      url: '/pose/files.json',
      schema: { hide: true },
      handler: async (_request, reply) => {
        const page = (await consoleBuild())?.pages.get('pose')
        if (page === undefined) return sendProblem(reply, 'address-unknown', { detail: 'The console is not built.' })
        return reply.header('cache-control', 'no-cache').send({ files: page.files })
      },
    })
  }
