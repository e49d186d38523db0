import type { Catalogue, TicketKey, TicketType } from './catalogue.ts'
import type { CivilDay } from './civil-time.ts'
import type { FeedEntry } from './feed.ts'
import { PERSONS_MAX, type Right } from './row.ts'
import {
  type ForeignHash,
  flagsOfBits,
  type NotATicket,
  type TicketCode,
  type TicketFlags,
  type TicketPayload,
  type TicketRef,
} from './ticket-code.ts'

/** What somebody holds up to a gate, after its seal was looked at. */
export type Presented =
  | { medium: 'signed'; payload: TicketPayload; seal: 'good'; key: TicketKey }
  | { medium: 'signed'; payload: TicketPayload; seal: 'wrong' | 'key-unknown' }
  | { medium: 'foreign'; hash: ForeignHash }
  | { medium: 'none'; why: NotATicket }
  | NotShown

/** Found by its number or its order: nobody holds it up. `facts`: null where nothing is told of what it is good for. */
export type NotShown = { medium: 'none'; why: 'not-shown'; ticket: TicketRef; facts: TicketFacts | null }
export const isNotShown = (presented: Presented): presented is NotShown =>
  presented.medium === 'none' && presented.why === 'not-shown'

/** What is told of a ticket whose code is not at hand. */
export type TicketFacts = Partial<
  Pick<FeedEntry, 'type' | 'museums' | 'lanes' | 'firstDay' | 'days' | 'slotStart' | 'toleranceMin'> &
    Pick<FeedEntry, 'entries' | 'persons' | 'flags' | 'serial'>
>

/**
 * A code whose signature was tried under the keys of its number (`keysOf`). `signer` is the key that it holds under.
 */
export function presentCode(code: TicketCode, tried: readonly TicketKey[], signer: TicketKey | undefined): Presented {
  const { payload } = code
  if (signer !== undefined) return { medium: 'signed', payload, seal: 'good', key: signer }
  return { medium: 'signed', payload, seal: tried.length === 0 ? 'key-unknown' : 'wrong' }
}

/** By what a ledger knows it. A code whose seal does not hold may name anybody's ticket, and is written down as none. */
export function ticketOf(presented: Presented): TicketRef | null {
  if (presented.medium === 'foreign') return presented.hash
  if (isNotShown(presented)) return presented.ticket
  return presented.medium === 'signed' && presented.seal === 'good' ? presented.payload.id : null
}

/** What a ticket is good for, from its own code or from what another seller told. */
export type Entitlement = {
  type: TicketType
  museums: number
  lanes: number
  firstDay: CivilDay
  days: number
  slotStart: number | null
  toleranceMin: number
  entries: number
  /** With the companion, where one goes along. */
  persons: number
  flags: TicketFlags
  serial: number | null
}

/** Null where its type is not in the catalogue, or what is told of a ticket without our code is nothing or incomplete. */
export function entitlementOf(
  presented: Presented,
  feed: FeedEntry | null,
  { types }: Pick<Catalogue, 'types'>,
): Entitlement | null {
  const parts = partsOf(presented, feed)
  const type = types.find(({ number }) => number === parts?.type)
  if (parts === null || type === undefined || parts.firstDay === undefined) return null
  const flags = typeof parts.flags === 'object' ? parts.flags : flagsOfBits(parts.flags ?? 0)
  return {
    type,
    museums: parts.museums ?? type.museums,
    lanes: parts.lanes ?? type.lanes,
    firstDay: parts.firstDay,
    days: parts.days ?? 1,
    slotStart: parts.slotStart ?? null,
    toleranceMin: parts.toleranceMin ?? 0,
    entries: parts.entries ?? type.entries,
    persons: (parts.persons ?? type.persons) + (flags.companion ? 1 : 0),
    flags,
    serial: parts.serial ?? null,
  }
}

function partsOf(presented: Presented, feed: FeedEntry | null): TicketPayload | TicketFacts | null {
  if (presented.medium === 'signed') return presented.payload
  if (presented.medium === 'foreign') return feed
  return isNotShown(presented) ? presented.facts : null
}

export function rightOf({ entries, persons, flags }: Entitlement, museum: { reentry: boolean }): Right {
  return {
    entries,
    persons: Math.min(PERSONS_MAX, persons),
    ...(flags.perDay ? { perDay: true as const } : {}),
    ...(flags.reentry && museum.reentry ? { reentry: true as const } : {}),
  }
}
