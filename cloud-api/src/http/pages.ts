import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Clock } from '@vigie/contract/clock'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import Type from 'typebox'
import { PUBLIC_MS } from '../frames/lifetime.ts'
import { renderInforoutePage } from '../inforoute/inforoute-page.tsx'
import { addressOf, readSelection } from '../inforoute/selection.ts'
import { renderSitePage } from '../inforoute/site-page.tsx'
import type { PastFrame } from '../inforoute/webcam.ts'
import { isPublic, pictureOf, sightOf, type WebcamNow } from '../live/feature.ts'
import type { Snapshot, Snapshots } from '../live/snapshot.ts'
import { createTextBody, type TextBody } from '../live/text-body.ts'
import type { FrameStore } from '../store/frames.ts'
import { assetsOf, type ReadConsoleBuild } from './console-build.ts'
import { HISTORY_MAX_FRAMES } from './history.ts'
import { sendMessagePage } from './message-page.ts'
import { PAGE } from './security.ts'
import { sendText } from './send-text.ts'

type Deps = {
  snapshots: Snapshots
  frames: Pick<FrameStore, 'history'>
  consoleBuild: ReadConsoleBuild
  clock: Clock
}

/** Ages stand in words on the page: a cache keeps it no longer than the list that it is made of. */
const PAGE_CACHE = 'public, max-age=1'
/** The different selections that are rendered once a second; beyond, the longest unread is rendered again when asked. */
const RENDERED_MAX = 64
/** The strip of the last 24 hours shows one frame an hour: a minute does not matter there. */
const HISTORY_LIVES_MS = 60_000
const HISTORIES_MAX = 100

/** The public pages, complete in HTML: all places, and one place. */
export const pageRoutes =
  ({ snapshots, frames, consoleBuild, clock }: Deps): FastifyPluginAsyncTypebox =>
  async (app) => {
    let rendered: { snapshot: Snapshot; pages: LRUCache<string, TextBody> } | null = null
    const histories = new LRUCache<string, { at: number; frames: PastFrame[] }>({ max: HISTORIES_MAX })

    /** A page is rendered once for each snapshot, however many read it. */
    function renderOnce(snapshot: Snapshot, address: string, render: () => string): TextBody {
      if (rendered?.snapshot !== snapshot) rendered = { snapshot, pages: new LRUCache({ max: RENDERED_MAX }) }
      const page = rendered.pages.get(address) ?? createTextBody(render())
      rendered.pages.set(address, page)
      return page
    }

    async function historyOf({ site, camera, webcam }: WebcamNow): Promise<PastFrame[]> {
      const now = clock.now()
      const known = histories.get(webcam.id)
      if (known !== undefined && now - known.at < HISTORY_LIVES_MS) return known.frames
      const rows = await frames.history({ site, camera, from: now - PUBLIC_MS, to: now, limit: HISTORY_MAX_FRAMES })
      const past = rows
        .filter((frame) => isPublic(frame, now))
        .map((frame) => ({
          preset: frame.preset,
          capturedAt: new Date(frame.capturedAt).toISOString(),
          seenAt: new Date(sightOf(frame).at).toISOString(),
          picture: pictureOf(frame),
        }))
      histories.set(webcam.id, { at: now, frames: past })
      return past
    }

    app.addHook('onRequest', async (_request, reply) => {
      reply.headers(PAGE)
    })

    app.route({
      method: 'GET',
      url: '/',
      schema: { hide: true },
      handler: async (request, reply) => {
        const [snapshot, build] = await Promise.all([snapshots.current(), consoleBuild()])
        const query = queryOf(request)
        const page = renderOnce(snapshot, `${addressOf(readSelection(query))} ${build !== null}`, () =>
          renderInforoutePage({
            webcams: [...snapshot.webcams.values()].map(({ webcam }) => webcam),
            now: snapshot.at,
            assets: assetsOf(build),
            query,
          }),
        )
        return sendPage(request, reply, page)
      },
    })

    app.route({
      method: 'GET',
      url: '/site/:site',
      schema: { hide: true, params: Type.Object({ site: Type.String() }) },
      handler: async (request, reply) => {
        const { site } = request.params
        const [snapshot, build] = await Promise.all([snapshots.current(), consoleBuild()])
        const all = [...snapshot.webcams.values()]
        const here = all.filter((now) => now.site === site)
        if (here.length === 0) return sendMessagePage(reply, 404, 'site-unknown', clock.now(), assetsOf(build))
        const past = new Map<string, PastFrame[]>()
        for (const now of here) past.set(now.webcam.id, await historyOf(now))
        const page = renderOnce(
          snapshot,
          `/site/${site} ${build !== null}`,
          () =>
            renderSitePage({
              webcams: all.map(({ webcam }) => webcam),
              site,
              histories: past,
              now: snapshot.at,
              assets: assetsOf(build),
            }) ?? '',
        )
        return sendPage(request, reply, page)
      },
    })
  }

function sendPage(request: FastifyRequest, reply: FastifyReply, page: TextBody): Promise<FastifyReply> {
  reply.type('text/html; charset=utf-8').header('cache-control', PAGE_CACHE)
  return sendText(request, reply, page)
}

/** Everything after the question mark; the base only makes the address whole. */
const queryOf = (request: FastifyRequest) => new URL(request.url, 'http://localhost').searchParams
