import type { LaneMode } from '@vigie/contract/gate/lane-mode'
import type { TicketId, TicketRef } from '@vigie/contract/gate/ticket-code'
import type { TicketStatus } from '@vigie/contract/gate/ticket-status'
import type { BootId, ItemId, LaneId, SiteId, UnitId } from '@vigie/contract/ids'
import type { Generated } from 'kysely'

/* The tables of tickets and gates, as `tables.ts` says of the others. Days are civil days since 2020-01-01. */

export type MuseumTable = {
  site: SiteId
  bit: number
  /** OfferedMuseum, JSON. */
  offer: string
  /** The number of the newest ticket: it grows with the ticket, in one transaction, so that none is missing. */
  lastSerial: number
  feedNewest: number
  issuedNewest: Generated<number>
  /** Of the catalogue: the number last told, and the digest of what it said. */
  catalogueVersion: number
  catalogueDigest: string
  catalogueAt: number
}

export type TicketTypeTable = { number: number /** OfferedType, JSON. */; offer: string }

/** A slot in which somebody has a place. */
export type TicketSlotTable = { site: SiteId; day: number; start: number; taken: number }

export const PAYMENTS = ['cash', 'card', 'cheque', 'voucher', 'free'] as const
export type Payment = (typeof PAYMENTS)[number]

export type TicketOrderTable = {
  id: string
  /** Made by whoever asks, one museum's own: asked again with it, nothing is sold twice. */
  nonce: string
  site: SiteId
  at: number
  /** A person's name. */
  who: string
  payment: Payment
  totalCents: number
}

export type TicketTable = {
  id: TicketId
  site: SiteId
  serial: number
  order: string
  type: number
  /** Which key signs it. */
  key: number
  /** The 27 bytes that are signed, in hexadecimal; null: forgotten, its time is long over. */
  payload: string | null
  museums: number
  persons: number
  firstDay: number
  lastDay: number
  slotStart: number | null
  status: TicketStatus
  statusAt: number
}

/** A ticket to try a lane with; its serial is of a row of its own. */
export type TestTicketTable = Pick<TicketTable, 'id' | 'site' | 'serial' | 'key'> & {
  payload: string
  day: number
  at: number
}

export type ForeignTicketTable = {
  hash: TicketRef
  site: SiteId
  seller: string
  /** By what the seller knows it; no barcode. Null: forgotten. */
  reference: string | null
  museums: number
  /** FeedEntry without number, JSON. */
  entry: string
  status: TicketStatus
  /** When it was set to that; null: it stands as it was first imported. */
  statusAt: number | null
  lastDay: number
  importedAt: number
  /** When somebody was first let in with it; and when its seller has said that it knows. */
  enteredAt: number | null
  toldSellerAt: number | null
}

export type TicketFeedTable = { site: SiteId; n: number; at: number /** FeedEntry, JSON. */; entry: string }

/** What the gates of a museum were last told of a ticket's use at the others. */
export type TicketUseTable = { site: SiteId; ticket: TicketRef /** UsedElsewhere, a list, JSON. */; elsewhere: string }

/** A ticket that is good at a museum, in the order of issue. */
export type TicketIssuedTable = { site: SiteId; n: number; ticket: TicketId }

export type TicketKeyTable = {
  seq: Generated<number>
  /** As it stands in the codes; comes round after 256 keys. */
  id: number
  /** 32 bytes, base64url. */
  publicKey: string
  /** PKCS #8 in base64url, sealed to the vault. */
  sealed: string
  fromDay: number
  /** The last day on which it signs. */
  signsUntilDay: number
  /** The last day of any ticket that it signed. */
  untilDay: number
}

export type StaffKeyTable = {
  kid: string
  x: string
  y: string
  sealed: string
  madeAt: number
  /** When the last pass that it signed ends. */
  until: number
}

/** A row of a ledger, as it came; never changed, never deleted. */
export type GateRowTable = {
  id: ItemId
  site: SiteId
  origin: UnitId
  seq: number
  at: number
  kind: string
  lane: LaneId | null
  /** The ticket that it names, or that its decision names. */
  ticket: TicketRef | null
  decision: ItemId | null
  prev: string
  hash: string
  /** What does not fit in its chain: `hash-wrong`, `prev-wrong`, `known-otherwise`; null: nothing. */
  problem: string | null
  receivedAt: number
  row: string
}

/** How a lane does, as the box that drives it last said. */
export type GateLaneTable = {
  site: SiteId
  lane: LaneId
  unit: UnitId
  mode: LaneMode
  since: number
  fault: string | null
  /** Place of the state message that said so: to ignore an older one that comes later. */
  boot: BootId
  seq: number
  at: number
}

/** A ticket that let in more than it gives a right to. */
export type GateConflictTable = {
  site: SiteId
  ticket: TicketRef
  persons: number
  /** Conflict of the contract, JSON. */
  conflict: string
  foundAt: number
  acknowledgedAt: number | null
  acknowledgedBy: string | null
  note: string | null
}

export type TicketTables = {
  museum: MuseumTable
  ticketType: TicketTypeTable
  ticketSlot: TicketSlotTable
  ticketOrder: TicketOrderTable
  ticket: TicketTable
  testTicket: TestTicketTable
  foreignTicket: ForeignTicketTable
  ticketFeed: TicketFeedTable
  ticketUse: TicketUseTable
  ticketIssued: TicketIssuedTable
  ticketKey: TicketKeyTable
  staffKey: StaffKeyTable
  gateRow: GateRowTable
  gateLane: GateLaneTable
  gateConflict: GateConflictTable
}
