import type { FastifyInstance, HTTPMethods } from 'fastify'
import type {} from '../people/actions.ts' // declares config.action
import { sendProblem } from './problem.ts'
import { PREFLIGHT } from './security.ts'

const WRITING: HTTPMethods[] = ['POST', 'PUT', 'PATCH', 'DELETE']
const ALLOWED = 'GET, HEAD, OPTIONS'

/** What the public sees is only read: gives each address of a GET an honest answer to the other methods. */
export function refuseOtherMethods(app: FastifyInstance): void {
  app.addHook('onRoute', function ({ method, url, prefix, schema, config }) {
    const isWritten = config?.action !== undefined && config.action !== 'public'
    if (method !== 'GET' || url.includes('*') || isWritten) return
    const route = { url: url.slice(prefix.length), schema: { hide: true } }
    this.route({
      ...route,
      method: WRITING,
      onRequest: (_request, reply) => {
        sendProblem(reply.header('allow', ALLOWED), 'method-not-allowed', { detail: `Allowed: ${ALLOWED}.` })
      },
      handler: () => undefined,
    })
    const isOpen = !(schema?.tags ?? []).includes('operators')
    this.route({
      ...route,
      method: 'OPTIONS',
      handler: (_request, reply) =>
        reply
          .code(204)
          .headers(isOpen ? PREFLIGHT : {})
          .header('allow', ALLOWED)
          .send(),
    })
  })
}
