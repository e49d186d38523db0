import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ConsoleBuild } from './console-build.ts'
import { PAGE } from './security.ts'
import { sendText } from './send-text.ts'

const NOT_BUILT = `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Vigie</title></head>
<body><h1>La console n’est pas encore construite</h1>
<p>Sur le serveur, dans le dossier de Vigie, lancez <code>npm run build</code>, puis rechargez cette page.</p>
<p>Les images sont aussi sur <a href="/">la page publique</a>.</p></body></html>
`

/**
 * Sends a page of the console by its name, or says that there is none yet.
 * @param policy what this page may do, where that is more than others
 */
export async function sendConsolePage(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    build,
    name,
    policy = PAGE,
  }: { build: ConsoleBuild | null; name: string; policy?: Record<keyof typeof PAGE, string> },
): Promise<FastifyReply> {
  reply.headers(policy).header('cache-control', 'no-cache').type('text/html; charset=utf-8')
  const page = build?.pages.get(name)
  if (page === undefined) return reply.code(503).header('retry-after', 60).send(NOT_BUILT)
  return sendText(request, reply, page.html)
}
