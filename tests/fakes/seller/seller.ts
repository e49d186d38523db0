import { createHttpPeer } from '../http-peer/http-peer.ts'

export type SoldByPeer = { id: string; barcode: string; ticket: string; session_start: string; disabled?: string }

/**
 * Another seller of tickets, with an API in the manner of Billetweb's. It lets in one user, lists what it sold (names and
 * mail addresses too, which nobody here may keep), and hears who came in.
 */
export async function startSeller({ user, key }: { user: string; key: string }) {
  const sold = new Map<string, SoldByPeer>()
  /** How often each was told as used. */
  const used = new Map<string, number>()
  let isFailing = false
  const peer = await createHttpPeer(({ method, path, body }, response) => {
    const url = new URL(path, 'http://seller')
    const isKnown = url.searchParams.get('user') === user && url.searchParams.get('key') === key
    const say = (status: number, answer: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    }
    if (isFailing) return say(503, { error: 'maintenance' })
    if (!isKnown) return say(401, { error: 'unauthorized' })
    if (method === 'GET' && url.pathname.endsWith('/attendees'))
      return say(
        200,
        [...sold.values()].map((one) => ({ ...one, name: 'Dupont', email: 'dupont@example.org' })),
      )
    if (method === 'POST' && url.pathname.endsWith('/attendees/used')) {
      for (const { id } of JSON.parse(body) as { id: string }[]) used.set(id, (used.get(id) ?? 0) + 1)
      return say(200, {})
    }
    return say(404, {})
  })
  return {
    url: peer.url,
    used,
    sell: (...tickets: SoldByPeer[]) => {
      for (const ticket of tickets) sold.set(ticket.id, ticket)
    },
    refund: (id: string) => {
      const ticket = sold.get(id)
      if (ticket !== undefined) sold.set(id, { ...ticket, disabled: '1' })
    },
    fail: (fails: boolean) => {
      isFailing = fails
    },
    close: peer.close,
  }
}
