import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'

/** What stands above the routes in the description of the API; the routes bring the rest. */
export const OPENAPI: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Vigie',
      version: '1.0.0',
      summary: 'The roads of Alpes de Haute-Provence, as their webcams see them.',
      description:
        'Open data. Every picture has a capture time, an age and a freshness; an old picture is never given as a live ' +
        'one. Each operation says in `x-vigie-action` what it does; `public` ones need no account. Answers that are not the thing asked for are problem details (RFC 9457).',
      license: { name: 'Licence Ouverte 2.0', url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence' },
    },
    tags: [
      { name: 'webcams', description: 'Cameras, what they show now and what they showed today.' },
      { name: 'pictures', description: 'Stored pictures.' },
      { name: 'units', description: 'Boxes: their claims, their certificates, shutting one out.' },
      { name: 'operators', description: 'For the people who run the network.' },
      { name: 'people', description: 'Signing in, accounts, and what people may do.' },
      { name: 'service', description: 'For whoever runs the server.' },
    ],
  },
  convertConstToEnum: false,
  refResolver: { buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`) },
}
