import { randomBytes } from 'node:crypto'
import type { TicketId } from '@vigie/contract/gate/ticket-code'

/** 64 random bits: nobody guesses one, and two that are alike are refused by the table. */
export const newTicketId = (): TicketId => randomBytes(8).toString('hex') as TicketId // 16 hexadecimal digits

/** Without 0, O, 1, I and L: it is read out over a desk. 31^8 orders; two that are alike are refused by the table. */
const LETTERS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const ORDER_LETTERS = 8

/** Bytes beyond the greatest multiple of the alphabet are thrown away, so that each letter is as likely as the others. */
export function newOrderId(): string {
  const letters: string[] = []
  while (letters.length < ORDER_LETTERS) {
    const usable = [...randomBytes(ORDER_LETTERS)].filter((byte) => byte < 256 - (256 % LETTERS.length))
    letters.push(...usable.map((byte) => LETTERS.charAt(byte % LETTERS.length)))
  }
  return letters.slice(0, ORDER_LETTERS).join('')
}

const MUSEUM_LETTERS: Readonly<Record<number, string>> = { 1: 'S', 2: 'P' }

/** `S000123`: the museum's letter and its number, as it is printed. */
export const numberOf = (museum: { bit: number }, serial: number): string =>
  `${MUSEUM_LETTERS[museum.bit] ?? 'M'}${String(serial).padStart(6, '0')}`

/** `E000001`, for « essai »: of a ticket that lets nobody in. */
export const testNumberOf = (serial: number): string => `E${String(serial).padStart(6, '0')}`

/** The serial in what somebody typed, with or without its letter; null: it is none. */
export function serialIn(typed: string): number | null {
  const [, digits] = /^[SPM]?(\d{1,10})$/i.exec(typed) ?? []
  return digits === undefined ? null : Number(digits)
}
