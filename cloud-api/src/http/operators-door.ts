import type { FastifyRequest } from 'fastify'

/** Who may read the operators' pages and API until people have accounts: this machine only, or everybody who gets here. */
export type OperatorsFrom = 'loopback' | 'anywhere'

/** Set by proxies: behind one, every request comes from this machine, whoever sent it. */
const FORWARDING = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/
/** A page of another name that was made to point at this machine (DNS rebinding) still says its own name. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** Whether this request may pass. */
export function mayPass({ headers, socket }: Pick<FastifyRequest, 'headers' | 'socket'>, from: OperatorsFrom): boolean {
  if (from === 'anywhere') return true
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    FORWARDING.every((name) => headers[name] === undefined)
  )
}
