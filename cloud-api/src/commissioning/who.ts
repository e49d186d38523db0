import type { FastifyRequest } from 'fastify'

/** The name under which a person's doing is kept. */
export const nameOf = ({ person }: FastifyRequest): string => person.name
