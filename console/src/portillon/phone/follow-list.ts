import type { Catalogue } from '@vigie/contract/gate/catalogue'
import type { FeedEntry } from '@vigie/contract/gate/feed'
import type { Row } from '@vigie/contract/gate/row'
import type { MuseumApi } from '../../api/museum.ts'
import type { Kept, Mark } from './kept.ts'

type Deps = {
  api: Pick<MuseumApi, 'catalogue' | 'feed' | 'rows' | 'state'>
  kept: Pick<Kept, 'catalogue' | 'setCatalogue' | 'mark' | 'take'>
  now: () => number
}

/** Brings the phone's list up to what the gateway has. Cut in the middle, it goes on from there the next time (Y02). */
export async function fetchList({ api, kept, now }: Deps, signal: AbortSignal): Promise<void> {
  const { version, jws } = await api.catalogue()
  if (version > ((await kept.catalogue())?.version ?? 0)) await kept.setCatalogue(catalogueIn(jws))
  const { at } = await api.state()
  let mark: Mark = { ...(await kept.mark()), clockOffsetMs: Date.parse(at) - now() }
  for (let isWhole = false; !isWhole && !signal.aborted; ) {
    const { upTo, newest, entries } = await api.feed(mark.feed)
    isWhole = upTo >= newest || upTo === mark.feed
    mark = { ...mark, feed: upTo }
    await kept.take({ entries: entries as FeedEntry[] }, mark) // branded in the contract, plain in the API's description
  }
  for (let isWhole = false; !isWhole && !signal.aborted; ) {
    const { position, rows } = await api.rows(mark.rows)
    isWhole = rows.length === 0
    mark = { ...mark, rows: position }
    await kept.take({ rows: (rows as Row[]).filter(isNeeded) }, mark) // likewise
  }
  if (!signal.aborted) await kept.take({}, { ...mark, syncedAt: now() })
}

/** A refusal changes nothing for the ticket, and there are many. */
const isNeeded = ({ body }: Row) => body.kind !== 'decision' || body.outcome === 'ok'

/**
 * The gateway has looked at the chain of certificates behind it, and the connection to the gateway is the phone's trust:
 * a browser holds no root of the fleet to look at it again by. What a ticket says is judged by the keys in it, here.
 */
function catalogueIn(jws: string): Catalogue {
  const [, payload = ''] = jws.split('.')
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
  return JSON.parse(new TextDecoder().decode(bytes)) as Catalogue // decoded by the gateway before it served it
}
