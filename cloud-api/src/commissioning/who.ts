import type { FastifyRequest } from 'fastify'

/** The name under which a person's doing is kept. */
export const nameOf = (_request: FastifyRequest): string => 'opérateur'
