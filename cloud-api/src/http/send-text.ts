import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TextBody } from '../live/text-body.ts'
import { isNotModified } from './conditional.ts'

/** What fits one packet is not made faster by being smaller. */
const WORTH_BYTES = 1_400

/** Sends the text in the form that the client takes, or 304. Each form has an entity tag of its own: its bytes differ. */
export async function sendText(request: FastifyRequest, reply: FastifyReply, body: TextBody): Promise<FastifyReply> {
  reply.header('vary', 'Accept-Encoding')
  const isGzip = body.bytes.byteLength > WORTH_BYTES && takesGzip(request.headers['accept-encoding'])
  const etag = isGzip ? `${body.etag.slice(0, -1)}-gzip"` : body.etag
  reply.header('etag', etag)
  if (isNotModified(request.headers, { etag })) return reply.code(304).send()
  if (!isGzip) return reply.send(body.bytes)
  return reply.header('content-encoding', 'gzip').send(await body.gzipped())
}

/** `gzip` or `*`, unless with a weight of zero. */
export const takesGzip = (header: string | string[] | undefined): boolean =>
  /(?:^|,)\s*(?:x-gzip|gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i.test(String(header ?? ''))
