import type { FastifyReply } from 'fastify'
import { NO_ASSETS, type PageAssets } from '../inforoute/assets.ts'
import { type MessageName, renderMessagePage } from '../inforoute/message-page.tsx'
import { PAGE } from './security.ts'

/** A person is told in a page what a program is told in a problem; the status is the same. */
export function sendMessagePage(
  reply: FastifyReply,
  status: number,
  name: MessageName,
  now: number,
  assets: PageAssets = NO_ASSETS,
): FastifyReply {
  return reply
    .code(status)
    .headers(PAGE)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(renderMessagePage(name, { now, assets }))
}
