import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { readStaffBuild } from './console-build.ts'
import { sendProblem } from './problem.ts'
import { PAGE } from './security.ts'

export const STAFF_PAGE = 'portillon.html'

/** A year: what is in this folder of the build has its content in its name. */
const FOREVER = 'public, max-age=31536000, immutable'

/**
 * The page of the gate staff, from the console's build, with what it loads. It holds nothing that is secret; what it asks for
 * is guarded. The other pages of the build stay in the cloud.
 */
export const pageRoutes =
  ({ consoleFolder }: { consoleFolder: string }): FastifyPluginAsync =>
  async (app) => {
    const hidden = { schema: { hide: true } }
    const notBuilt = 'The console is not built, or has no page for the gate staff.'

    app.get('/', hidden, (_request, reply) => reply.redirect(`/${STAFF_PAGE}`, 303))

    // What lets the page open while the gateway is away: its worker, and the list of its files.
    app.get('/portillon/service-worker.js', hidden, async (_request, reply) => {
      const worker = (await readStaffBuild(consoleFolder))?.worker ?? null
      if (worker === null) return sendProblem(reply, 'address-unknown', notBuilt)
      reply.headers(PAGE).header('service-worker-allowed', '/').header('cache-control', 'no-cache')
      return reply.type('text/javascript; charset=utf-8').send(createReadStream(join(consoleFolder, worker)))
    })
    app.get('/portillon/files.json', hidden, async (_request, reply) => {
      const build = await readStaffBuild(consoleFolder)
      if (build === null) return sendProblem(reply, 'address-unknown', notBuilt)
      return reply.headers(PAGE).header('cache-control', 'no-cache').send({ files: build.files })
    })

    await app.register(fastifyStatic, {
      root: consoleFolder,
      index: false,
      dotfiles: 'deny',
      cacheControl: false,
      schemaHide: true,
      allowedPath: (path) => path === `/${STAFF_PAGE}` || path.startsWith('/assets/'),
      setHeaders: (response, path) => {
        for (const [name, value] of Object.entries(PAGE)) response.setHeader(name, value)
        response.setHeader('cache-control', path.startsWith(join(consoleFolder, 'assets')) ? FOREVER : 'no-cache')
      },
    })
  }
