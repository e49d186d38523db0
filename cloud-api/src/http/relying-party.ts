import type { FastifyRequest } from 'fastify'
import type { RelyingParty } from '../people/passkeys.ts'

/** How the browser of this request names us: the public origin, or this machine. */
export function originOf({ headers }: Pick<FastifyRequest, 'headers'>, publicOrigin: string | null): string {
  return publicOrigin ?? `http://${headers.host ?? 'localhost'}`
}

/** A passkey is bound to a name; an address like 127.0.0.1 is none (WebAuthn §5.1.2), http://localhost is. */
export function relyingPartyOf(request: Pick<FastifyRequest, 'headers'>, publicOrigin: string | null): RelyingParty {
  const origin = originOf(request, publicOrigin)
  return { origin, id: new URL(origin).hostname }
}
