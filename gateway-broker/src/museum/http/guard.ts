import type {} from '@fastify/cookie'
import type { DevicePass, GateRole } from '@vigie/contract/gate/device-pass'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { whyForeign } from './foreign-origin.ts'
import type { PassVerdict } from './pass.ts'
import { sendProblem } from './problem.ts'
import { STAFF } from './security.ts'

/** `public`: whoever reaches the address. Else the least of roles that may do it. */
export type Access = 'public' | 'gate-staff' | 'supervisor'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Whose device asks. Only on routes that are not `public`. */
    pass: DevicePass
  }
}

/**
 * `__Host-`: of this origin alone, never readable by a script, never sent without TLS (browsers take 127.0.0.1 for as safe).
 * It holds the pass itself, so a gateway that was restarted, or exchanged, knows every phone again.
 */
export const PASS_COOKIE = '__Host-vigie-portillon'

const RANK: Record<Access | GateRole, number> = {
  ...{ public: 0, 'gate-staff': 1, supervisor: 2, administrator: 3 },
}
const READING = ['GET', 'HEAD', 'OPTIONS']
const isOfTheApi = (url: string) => url.startsWith('/api/')

/** Stands before every route of the API, also those that nobody has thought of yet: one that says no `access` is not served. */
export function guardRoutes(app: FastifyInstance, readPass: (text: string) => Promise<PassVerdict>): void {
  app.decorateRequest('pass', null as never) // set before any handler that may read it runs
  app.addHook('onRoute', declareAccess)
  app.addHook('onRequest', async (request, reply) => {
    if (!isOfTheApi(request.routeOptions.url ?? '')) return
    reply.headers(STAFF)
    const { access } = request.routeOptions.config
    const foreign = READING.includes(request.method) ? null : whyForeign(request.headers)
    if (foreign !== null) return sendProblem(reply, 'origin-foreign', foreign)
    if (access === 'public') return
    return refuseUnpaired(request, reply, access ?? 'supervisor')
  })

  async function refuseUnpaired(request: FastifyRequest, reply: FastifyReply, access: Access) {
    const text = request.cookies[PASS_COOKIE]
    const verdict: PassVerdict = text === undefined ? { ok: false, why: 'refused' } : await readPass(text)
    if (!verdict.ok) {
      const detail =
        verdict.why === 'over' ? 'The pass of this device has ended.' : 'POST /api/v1/pairing takes a pass.'
      return sendProblem(reply, 'pass-needed', detail, { why: verdict.why })
    }
    if (RANK[verdict.pass.role] < RANK[access]) return sendProblem(reply, 'not-allowed', `Only for ${access}.`)
    request.pass = verdict.pass
    return undefined
  }
}

function declareAccess(route: RouteOptions): void {
  if (!isOfTheApi(route.url)) return
  const access = route.config?.access
  if (access === undefined) throw new Error(`${route.method} ${route.url} does not say who may: config.access`)
  route.schema = { ...route.schema, ...{ 'x-vigie-access': access } }
}
