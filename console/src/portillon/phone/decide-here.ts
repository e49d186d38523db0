import { decide, decisionBody } from '@vigie/contract/gate/decide'
import type { Decision } from '@vigie/contract/gate/decision'
import { ticketOf } from '@vigie/contract/gate/entitlement'
import { ticketHistory } from '@vigie/contract/gate/history'
import type { Row } from '@vigie/contract/gate/row'
import type { Direction } from '../../api/museum.ts'
import type { Kept, Outgoing } from './kept.ts'
import { digestOf, presentHere } from './present-code.ts'

type List = Pick<Kept, 'catalogue' | 'mark' | 'entryOf' | 'rowsOf' | 'nights' | 'outgoing' | 'putOutgoing'>
type Asked = { site: string; code: string; direction: Direction; nonce: string }
type Deps = { kept: List; subtle: Pick<SubtleCrypto, 'importKey' | 'verify' | 'digest'>; now: () => number }

/**
 * Decides without the gateway, by the same function as gateway and lanes, over what this phone knows: the list that it
 * last fetched, and what it let in since. The decision is on the phone's disk when it is told. Null: it has no list.
 */
export async function decideHere({ site, code, direction, nonce }: Asked, { kept, subtle, now }: Deps) {
  const [catalogue, mark, outgoing] = await Promise.all([kept.catalogue(), kept.mark(), kept.outgoing()])
  if (catalogue === null || catalogue.site !== site) return null
  // The gateway's time, as far as it was heard: a phone may be set wrong by hand.
  const nowMs = now() + mark.clockOffsetMs
  const isKnown = async (hash: string) => (await kept.entryOf(hash)) !== null
  const presented = await presentHere(code, catalogue, { subtle, isKnown })
  const ticket = ticketOf(presented)
  const known = ticket === null ? [] : await kept.rowsOf(ticket)
  const own = outgoing.filter(({ body }) => body.ticket !== null && body.ticket === ticket).map(asRow)
  const request = {
    ...{ direction, nonce, onList: 'phone' as const, text: await digestOf(code, subtle) },
    listAge: { feed: mark.feed, seconds: Math.max(0, Math.round((now() - mark.syncedAt) / 1000)) },
  }
  const decision = decide({
    ...{ presented, catalogue, request },
    feed: ticket === null ? null : await kept.entryOf(ticket),
    history: ticketHistory([...known, ...own], await kept.nights()),
    lane: { id: null, bits: null, isInService: true, openFor: null },
    clock: { nowMs, state: 'estimated' },
    occupancy: null,
  })
  const { onList: _, ...body } = decisionBody(decision, request)
  await kept.putOutgoing({ nonce, site, at: new Date(nowMs).toISOString(), body })
  return { decision, at: new Date(nowMs).toISOString() } satisfies { decision: Decision; at: string }
}

/** As it will stand in the ledger, as far as a decision looks: its chain is the gateway's to make. */
export const asRow = ({ nonce, at, body }: Outgoing): Row =>
  ({
    ...{ v: 1, id: nonce, origin: 'phone', seq: 1, boot: nonce, mono: 0, at, clock: 'estimated', clockErrorMs: null },
    ...{ lane: null, prev: '', hash: '', body },
  }) as unknown as Row // never leaves this phone, where no brand of its ids is looked at
