import type { Catalogue } from '@vigie/contract/gate/catalogue'
import { civilDayOf } from '@vigie/contract/gate/civil-time'
import { decide, decisionBody } from '@vigie/contract/gate/decide'
import type { Decision } from '@vigie/contract/gate/decision'
import { ticketOf } from '@vigie/contract/gate/entitlement'
import { ticketHistory } from '@vigie/contract/gate/history'
import { isRowOf, type Row } from '@vigie/contract/gate/row'
import type { Asked } from '../../api/museum.ts'
import { asRows } from './as-rows.ts'
import type { Kept, Outgoing } from './kept.ts'
import { digestOf, presentHere } from './present-code.ts'

type List = Pick<
  Kept,
  'catalogue' | 'mark' | 'entryOf' | 'rowsOf' | 'nights' | 'overrides' | 'outgoing' | 'putOutgoing'
>
type Question = Asked & { staff: string; overrideReason?: string }
type Deps = { kept: List; subtle: Pick<SubtleCrypto, 'importKey' | 'verify' | 'digest'>; now: () => number }

export type DecidedHere = {
  decision: Decision
  /** What is kept until the gateway has it. */
  made: Outgoing
  /** For this person, today, as far as the phone knows. */
  overridesLeft: number
  /** When the list by which it was decided was as the gateway's. */
  listAt: number
}

/** Somebody has let in against the word of a gate as often as a day allows. */
export class NoOverrideLeft extends Error {}

/**
 * Decides without the gateway, by the same function as gateway and lanes, over what this phone knows: the list that it
 * last fetched, and what it let in since. The decision is on the phone's disk when it is told. Null: it has no list.
 * Rejects with a NoOverrideLeft.
 */
export async function decideHere(question: Question, { kept, subtle, now }: Deps): Promise<DecidedHere | null> {
  const { site, code, direction, nonce, staff, ignoreUnpaid, overrideReason } = question
  const [catalogue, mark, outgoing] = await Promise.all([kept.catalogue(), kept.mark(), kept.outgoing()])
  if (catalogue === null || catalogue.site !== site) return null
  // The gateway's time, as far as it was heard: a phone may be set wrong by hand.
  const nowMs = now() + mark.clockOffsetMs
  const own = outgoing.flatMap((one) => asRows(one))
  const left = overridesLeft(catalogue, notOwn(await kept.overrides(), outgoing).concat(own), { staff, nowMs })
  if (overrideReason !== undefined && left === 0) throw new NoOverrideLeft()
  const isKnown = async (hash: string) => (await kept.entryOf(hash)) !== null
  const presented = await presentHere(code, catalogue, { subtle, isKnown })
  const ticket = ticketOf(presented)
  const known = ticket === null ? [] : notOwn(await kept.rowsOf(ticket), outgoing)
  const ofTicket = outgoing.filter(({ body }) => body.ticket !== null && body.ticket === ticket)
  const request = {
    ...{ direction, nonce, onList: 'phone' as const, text: await digestOf(code, subtle) },
    listAge: { feed: mark.feed, seconds: Math.max(0, Math.round((now() - mark.syncedAt) / 1000)) },
    ...(ignoreUnpaid !== undefined && { ignoreUnpaid }),
    ...(overrideReason !== undefined && { force: { by: staff, reason: overrideReason } }),
  }
  const decision = decide({
    ...{ presented, catalogue, request },
    feed: ticket === null ? null : await kept.entryOf(ticket),
    history: ticketHistory([...known, ...ofTicket.flatMap((one) => asRows(one))], await kept.nights()),
    lane: { id: null, bits: null, isInService: true, openFor: null },
    clock: { nowMs, state: 'estimated' },
    occupancy: null,
  })
  const { onList: _, ...body } = decisionBody(decision, request)
  const made: Outgoing = { nonce, site, at: new Date(nowMs).toISOString(), body }
  await kept.putOutgoing(made)
  return { decision, made, overridesLeft: left - (decision.forced === null ? 0 : 1), listAt: mark.syncedAt }
}

/** What is on its way counts as it stands here: the gateway's row of it may not know yet that it was taken back. */
function notOwn(rows: readonly Row[], outgoing: readonly Outgoing[]): Row[] {
  const own = new Set(outgoing.map(({ nonce }) => nonce))
  return rows.filter((row) => !isRowOf(row, 'decision') || !own.has(row.body.nonce))
}

/** As the gateway counts them: one that was taken back was used all the same. */
function overridesLeft(
  { museum }: Catalogue,
  rows: readonly Row[],
  { staff, nowMs }: { staff: string; nowMs: number },
): number {
  const today = civilDayOf(nowMs)
  const used = rows.filter(
    (row) => isRowOf(row, 'decision') && row.body.forced?.by === staff && civilDayOf(Date.parse(row.at)) === today,
  )
  return Math.max(0, museum.overridesPerDay - used.length)
}
