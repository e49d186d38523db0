import { createHash } from 'node:crypto'
import { civilDayOfDate, minutesOf } from '@vigie/contract/gate/civil-time'
import { bitsOfFlags, type ForeignHash, foreignText } from '@vigie/contract/gate/ticket-code'
import type { TicketStatus } from '@vigie/contract/gate/ticket-status'
import type { ForeignTicket } from '../store/tickets/foreign-tickets.ts'
import type { OfferedType, Seller } from './offer.ts'

/** What is taken of a line of another seller: no name, no mail address, whatever else stands in it. */
export type SoldElsewhere = {
  barcode: string
  /** The seller's name of the type. */
  ticket: string
  /** `2026-08-15` */
  date: string
  /** `14:00`; null: no slot. */
  time: string | null
  status: TicketStatus
  reference: string | null
}

export type Mistake = { line: number; why: 'no-barcode' | 'type-unknown' | 'no-date' | 'status-unknown' }

/** A barcode stands for itself only here: what is kept and told is its hash, from which nobody can print one. */
export const hashOfBarcode = (seller: string, barcode: string): ForeignHash =>
  createHash('sha256').update(foreignText(seller, barcode)).digest('hex').slice(0, 32) as ForeignHash // 32 digits

/** What the seller's ticket is good for here. A value: it cannot be taken, and why. */
export function foreignTicketOf(
  sold: SoldElsewhere,
  seller: Seller,
  types: readonly OfferedType[],
): ForeignTicket | Mistake['why'] {
  if (sold.barcode.trim() === '') return 'no-barcode'
  if (!/^20\d\d-[01]\d-[0-3]\d$/.test(sold.date) || Number.isNaN(Date.parse(sold.date))) return 'no-date'
  const number = seller.tickets.find(({ name }) => sameWords(name, sold.ticket))?.type
  const type = types.find((one) => one.number === number)
  if (type === undefined) return 'type-unknown'
  const hash = hashOfBarcode(seller.id, sold.barcode)
  const firstDay = civilDayOfDate(sold.date)
  const flags = {
    ...{ reentry: type.mayComeBack, proof: type.proof !== undefined, perDay: type.perDay },
    ...{ companion: type.hasCompanion, soldAtTill: false },
  }
  return {
    ...{ hash, reference: sold.reference, museums: type.museums, lastDay: firstDay + type.days - 1 },
    entry: {
      ...{ ticket: null, hash, seller: seller.id, status: sold.status, type: type.number, museums: type.museums },
      ...{ lanes: type.lanes, firstDay, days: type.days, toleranceMin: type.toleranceMin, entries: type.entries },
      slotStart: sold.time === null || type.slotLengthMin === null ? null : minutesOf(sold.time),
      ...{ persons: type.persons, flags: bitsOfFlags(flags) },
    },
  }
}

const sameWords = (one: string, other: string) => plain(one) === plain(other)
const plain = (text: string) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase()
