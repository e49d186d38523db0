import type { Catalogue } from '@vigie/contract/gate/catalogue'
import { personsLeft } from '@vigie/contract/gate/checks'
import { civilTimeOf, dateOfCivilDay } from '@vigie/contract/gate/civil-time'
import { statusOf } from '@vigie/contract/gate/decide'
import type { FeedEntry } from '@vigie/contract/gate/feed'
import type { TicketHistory } from '@vigie/contract/gate/history'
import { isForeignHash, isTicketId, readTicketCode, type TicketRef } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import { orderDigest } from '@vigie/contract/order-digest'
import { createPresent, foreignHash } from '@vigie/contract/present'
import type { Decisions } from './decisions.ts'
import { toldDecision } from './gate-state.ts'
import type { TicketFound } from './http/told.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'
import type { Lists } from './lists.ts'
import { undoUntil } from './undo-until.ts'

/** Fewer would list half a day's tickets to whoever types one figure. */
export const SEARCH_MIN_CHARACTERS = 4
/** The largest order of a desk is 60. */
export const FOUND_MAX = 60

type Deps = {
  site: SiteId
  ledger: Pick<MuseumLedger, 'history' | 'ofDecision' | 'refsBeginning'>
  lists: Pick<Lists, 'entryOf' | 'bySerial' | 'catalogue' | 'issuedOf' | 'issuedBySerial' | 'issuedOfOrder'>
  decisions: Pick<Decisions, 'mayForce'>
  now: () => number
}
/** Who asks, and what is left to them of today's overrides. */
type Asker = { staff: string; overridesLeft: number }

/**
 * What the gateway knows of tickets, with the cloud away: found by a whole code, by an order's reference, by the number on
 * the ticket, or by the first digits of an id that stands in the ledger. It holds no names, and no reference.
 */
export function findTickets(query: string, by: Asker, deps: Deps): TicketFound[] {
  const text = query.trim()
  if (text.length < SEARCH_MIN_CHARACTERS) return []
  return (
    ofCode(text, by, deps) ??
    [...new Set(refsOf(text, deps))].slice(0, FOUND_MAX).flatMap((ref) => toldTicket(ref, by, deps) ?? [])
  )
}

/** A code of ours says itself what it is, before anybody has seen it; one whose seal does not hold is nothing. Null: not ours. */
function ofCode(text: string, by: Asker, deps: Deps): TicketFound[] | null {
  const code = readTicketCode(text)
  if (!code.ok) return null
  const catalogue = deps.lists.catalogue()
  const presented = catalogue && createPresent(() => false)(text, catalogue)
  if (presented?.medium !== 'signed' || presented.seal !== 'good') return []
  return [told(code.payload.id, code.payload, by, deps)]
}

function refsOf(text: string, { site, ledger, lists }: Deps): TicketRef[] {
  const ofSellers = (lists.catalogue()?.sellers ?? []).map((seller) => foreignHash(seller, text))
  const foreign = ofSellers.filter((hash) => lists.entryOf(hash) !== null)
  const ofOrder = lists.issuedOfOrder(orderDigest(site, text)).map(({ ticket }) => ticket)
  const lower = text.toLowerCase()
  const byId = isTicketId(lower) || isForeignHash(lower) ? [lower] : []
  const beginning = /^[0-9a-f]{4,32}$/.test(lower) ? ledger.refsBeginning(lower, FOUND_MAX) : []
  return [...foreign, ...ofOrder, ...withNumber(text, lists), ...byId, ...beginning]
}

/** A number as it is printed or said: `S000123`, `s 123`, `n° 123`, `0123`. It is the whole of it, never a beginning. */
function withNumber(text: string, lists: Pick<Lists, 'bySerial' | 'issuedBySerial'>): TicketRef[] {
  const [, letter, digits] = /^(?:n[°º]|#)?\s*([a-z])?\s*(\d{1,10})$/i.exec(text) ?? []
  if (digits === undefined) return []
  const issued = lists.issuedBySerial(Number(digits), letter?.toUpperCase() ?? null).map(({ ticket }) => ticket)
  const inFeed = letter === undefined ? lists.bySerial(Number(digits)) : []
  return [...issued, ...inFeed.flatMap(({ ticket, hash }) => ticket ?? hash ?? [])]
}

/** Null where nothing at all is known of it. */
export const toldTicket = (ref: TicketRef, by: Asker, deps: Deps): TicketFound | null =>
  isKnown(ref, deps) ? told(ref, {}, by, deps) : null

export function isKnown(ref: TicketRef, { ledger, lists }: Known): boolean {
  if (lists.entryOf(ref) !== null || lists.issuedOf(ref) !== null) return true
  const { decisions, status } = ledger.history(ref)
  return decisions.length > 0 || status !== null
}
type Known = { ledger: Pick<MuseumLedger, 'history'>; lists: Pick<Lists, 'entryOf' | 'issuedOf'> }

type Facts = { serial?: number; type?: number; firstDay?: number; days?: number; slotStart?: number | null }

/** @param said what its own code says; the rest is what the lists know */
function told(
  ref: TicketRef,
  said: Facts,
  { staff, overridesLeft }: Asker,
  { ledger, lists, decisions, now }: Deps,
): TicketFound {
  const [entry, issued, history] = [lists.entryOf(ref), lists.issuedOf(ref), ledger.history(ref)]
  const facts: Facts = { ...entry, ...issued, ...said }
  const { type = null, firstDay, days = 1, slotStart = null } = facts
  return {
    ticket: ref,
    number: issued?.number ?? null,
    serial: facts.serial ?? (issued === null ? null : Number(issued.number.slice(1))),
    seller: entry?.seller ?? null,
    type,
    typeWords: lists.catalogue()?.types.find(({ number }) => number === type)?.name.fr ?? null,
    firstDay: firstDay === undefined ? null : dateOfCivilDay(firstDay),
    lastDay: firstDay === undefined ? null : dateOfCivilDay(firstDay + days - 1),
    slot: slotStart === null ? null : timeOf(slotStart),
    status: statusOf({ feed: entry, history }),
    isUsedUp: isUsedUp(history, entry, now()),
    entries: history.entries.map(({ row, persons, beyond }) => ({
      ...{ at: row.at, lane: row.lane, persons, isBeyond: beyond > 0 },
    })),
    elsewhere: elsewhereOf(entry, lists.catalogue()),
    inside: history.inside,
    ...{ canBeForced: decisions.mayForce(ref), overridesLeft, undo: undoOf(history, staff, now()) },
    decisions: history.decisions.flatMap((row) => toldDecision(row, ledger)),
  }
}

/** Its last entry, where that may still be taken back. */
function undoOf({ entries }: TicketHistory, staff: string, nowMs: number): TicketFound['undo'] {
  const last = entries.at(-1)?.row
  const until = last === undefined ? null : undoUntil(last, staff)
  return last === undefined || until === null || Date.parse(until) < nowMs ? null : { decision: last.id, until }
}

/** By the right that its last entry here was let in on. */
function isUsedUp(history: TicketHistory, entry: FeedEntry | null, nowMs: number): boolean {
  const right = history.entries.at(-1)?.row.body.right
  if (right === undefined) return false
  return personsLeft(right, { history, elsewhere: entry?.elsewhere ?? [], now: civilTimeOf(nowMs) }) === 0
}

function elsewhereOf(entry: FeedEntry | null, catalogue: Catalogue | null): TicketFound['elsewhere'] {
  const nameOf = (bit: number) => catalogue?.others.find((one) => one.bit === bit)?.name
  return (entry?.elsewhere ?? []).flatMap(({ museum: bit, uses }) => {
    const museum = nameOf(bit)
    return museum === undefined ? [] : uses.map(({ at, persons }) => ({ at, museum, persons }))
  })
}

const timeOf = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
