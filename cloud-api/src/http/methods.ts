import type { FastifyInstance, HTTPMethods } from 'fastify'
import type {} from '../people/actions.ts' // declares config.action
import { sendProblem } from './problem.ts'
import { PREFLIGHT } from './security.ts'

const METHODS: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Gives each address an honest answer to the methods that it does not take. To be called before the routes; what it
 * returns is to be registered after them, when it is known what each address takes.
 */
export function refuseOtherMethods(app: FastifyInstance): (after: FastifyInstance) => Promise<void> {
  /** By address: what it takes, and whether pages of any origin may read it. */
  const addresses = new Map<string, { takes: Set<string>; isOpen: boolean }>()
  app.addHook('onRoute', ({ method, url, config }) => {
    if (url.includes('*')) return
    const address = addresses.get(url) ?? { takes: new Set(), isOpen: true }
    for (const one of [method].flat()) address.takes.add(one)
    address.isOpen &&= (config?.action ?? 'public') === 'public'
    addresses.set(url, address)
  })
  return async (after) => {
    for (const [url, { takes, isOpen }] of [...addresses]) {
      const allowed = [...METHODS.filter((method) => takes.has(method)), 'OPTIONS'].join(', ')
      const route = { url, schema: { hide: true }, config: { action: 'nothing' as const } }
      const others = METHODS.filter((method) => !takes.has(method))
      after.route({
        ...route,
        method: others,
        onRequest: (_request, reply) => {
          sendProblem(reply.header('allow', allowed), 'method-not-allowed', { detail: `Allowed: ${allowed}.` })
        },
        handler: () => undefined,
      })
      const isReadByAll = isOpen && takes.has('GET')
      after.route({
        ...route,
        method: 'OPTIONS',
        handler: (_request, reply) =>
          reply
            .code(204)
            .headers(isReadByAll ? PREFLIGHT : {})
            .header('allow', allowed)
            .send(),
      })
    }
  }
}
