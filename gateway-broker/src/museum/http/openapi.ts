import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'

/** What stands above the routes in the description of the API; the routes bring the rest. */
export const OPENAPI: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Vigie, museum gateway',
      version: '1.0.0',
      summary: 'The gates of one museum, for the phones and tablets of its staff.',
      description:
        'It answers on the network of the museum, with or without a way to the cloud. Each operation says in ' +
        '`x-vigie-access` who may ask: whoever shows a device pass with that role, or more. A request that changes ' +
        'something carries the header x-vigie-client. Answers that are not the thing asked for are problem details (RFC 9457).',
      license: { name: 'EUPL-1.2', url: 'https://eupl.eu/1.2/en/' },
    },
    tags: [
      { name: 'device', description: 'Pairing a phone or tablet.' },
      { name: 'gates', description: 'Lanes, who is inside, what happens.' },
      { name: 'decisions', description: 'A phone as a reader.' },
      { name: 'tickets', description: 'What is known of a ticket.' },
      { name: 'day', description: 'Conflicts, the count and the closing report.' },
      { name: 'list', description: 'What a phone needs to decide by itself.' },
    ],
  },
  convertConstToEnum: false,
  refResolver: { buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`) },
}
