import { statusOf } from '@vigie/contract/gate/decide'
import { isForeignHash, isTicketId, readTicketCode, type TicketRef } from '@vigie/contract/gate/ticket-code'
import { createPresent, foreignHash } from '@vigie/contract/present'
import { toldDecision } from './gate-state.ts'
import type { TicketFound } from './http/told.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'
import type { Lists } from './lists.ts'

/** Fewer would list half a day's tickets to whoever types one figure. */
export const SEARCH_MIN_CHARACTERS = 4
const FOUND_MAX = 20

type Deps = {
  ledger: Pick<MuseumLedger, 'history' | 'ofDecision' | 'refsBeginning'>
  lists: Pick<Lists, 'entryOf' | 'bySerial' | 'catalogue'>
}

/**
 * What the gateway knows of tickets: it holds no orders and no names. Found by a whole code, by the serial number of a
 * ticket that is in the feed, or by the first digits of an id that stands in the ledger.
 */
export function findTickets(query: string, deps: Deps): TicketFound[] {
  const text = query.trim()
  if (text.length < SEARCH_MIN_CHARACTERS) return []
  return (
    ofCode(text, deps) ??
    [...new Set(refsOf(text, deps))].slice(0, FOUND_MAX).flatMap((ref) => toldTicket(ref, deps) ?? [])
  )
}

/** A code of ours says itself what it is, before anybody has seen it; one whose seal does not hold is nothing. Null: not ours. */
function ofCode(text: string, deps: Deps): TicketFound[] | null {
  const code = readTicketCode(text)
  if (!code.ok) return null
  const catalogue = deps.lists.catalogue()
  const presented = catalogue && createPresent(() => false)(text, catalogue)
  if (presented?.medium !== 'signed' || presented.seal !== 'good') return []
  const { id, serial, type } = code.payload
  return [{ ...(toldTicket(id, deps) ?? unseen(id)), serial, type }]
}

const unseen = (ticket: TicketRef): TicketFound => ({
  ...{ ticket, serial: null, seller: null, type: null, status: 'valid', entries: [], inside: 0, decisions: [] },
})

function refsOf(text: string, { ledger, lists }: Deps): TicketRef[] {
  const ofSellers = (lists.catalogue()?.sellers ?? []).map((seller) => foreignHash(seller, text))
  const foreign = ofSellers.filter((hash) => lists.entryOf(hash) !== null)
  const serial = /^\d{1,10}$/.test(text) ? lists.bySerial(Number(text)) : []
  const bySerial = serial.flatMap(({ ticket, hash }) => ticket ?? hash ?? [])
  const lower = text.toLowerCase()
  const byId = isTicketId(lower) || isForeignHash(lower) ? [lower] : []
  const beginning = /^[0-9a-f]{4,32}$/.test(lower) ? ledger.refsBeginning(lower, FOUND_MAX) : []
  return [...foreign, ...bySerial, ...byId, ...beginning]
}

/** Null where nothing at all is known of it. */
export function toldTicket(ref: TicketRef, { ledger, lists }: Deps): TicketFound | null {
  const entry = lists.entryOf(ref)
  const history = ledger.history(ref)
  if (entry === null && history.decisions.length === 0 && history.status === null) return null
  return {
    ticket: ref,
    serial: entry?.serial ?? null,
    seller: entry?.seller ?? null,
    type: entry?.type ?? null,
    status: statusOf({ feed: entry, history }),
    entries: history.entries.map(({ row, persons, beyond }) => ({
      ...{ at: row.at, lane: row.lane, persons, isBeyond: beyond > 0 },
    })),
    inside: history.inside,
    decisions: history.decisions.flatMap((row) => toldDecision(row, ledger)),
  }
}
