import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { PAGE } from './security.ts'

export const STAFF_PAGE = 'portillon.html'

/** A year: what is in this folder of the build has its content in its name. */
const FOREVER = 'public, max-age=31536000, immutable'

/** The page of the gate staff, from the console's build, with what it loads. The rest of the build stays in the cloud. */
export const pageRoutes =
  ({ consoleFolder }: { consoleFolder: string }): FastifyPluginAsync =>
  async (app) => {
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect(`/${STAFF_PAGE}`, 303))
    await app.register(fastifyStatic, {
      root: consoleFolder,
      wildcard: true,
      index: false,
      dotfiles: 'deny',
      cacheControl: false,
      schemaHide: true,
      allowedPath: (path) =>
        path === `/${STAFF_PAGE}` ||
        /^\/(?:assets|portillon)\//.test(path) ||
        /^\/portillon[\w.-]*\.(?:js|webmanifest)$/.test(path),
      setHeaders: (response, path) => {
        for (const [name, value] of Object.entries(PAGE)) response.setHeader(name, value)
        response.setHeader('cache-control', path.startsWith(join(consoleFolder, 'assets')) ? FOREVER : 'no-cache')
      },
    })
  }

/** Whether the console was built where the settings say. */
export const hasStaffPage = (consoleFolder: string): boolean => existsSync(join(consoleFolder, STAFF_PAGE))
