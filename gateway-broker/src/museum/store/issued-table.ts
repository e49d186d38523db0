import type { IssuedEntry, IssuedPage } from '@vigie/contract/gate/issued'
import type { TicketId, TicketRef } from '@vigie/contract/gate/ticket-code'
import type Database from 'better-sqlite3'

/** Which tickets were issued for this museum, to be found without the cloud. No reference of an order is among it. */
export type IssuedTable = {
  /** Up to where the log is known without a gap. */
  issuedMark(): number
  /** Entries and mark in one transaction. */
  keepIssued(page: Pick<IssuedPage, 'entries' | 'upTo'>): void
  issuedOf(ticket: TicketRef): IssuedEntry | null
  /** @param letter of the museum that sold it; null: of any */
  issuedBySerial(serial: number, letter: string | null): IssuedEntry[]
  /** @param order its digest */
  issuedOfOrder(order: string): IssuedEntry[]
}

/** 200,000 take 19 MB: ticket and order as their bytes, the number as its letter and its serial. */
export const ISSUED_STEP = `
  CREATE TABLE issued (
    n INTEGER PRIMARY KEY, ticket BLOB NOT NULL UNIQUE, letter TEXT NOT NULL, serial INTEGER NOT NULL,
    digits INTEGER NOT NULL, type INTEGER NOT NULL, first_day INTEGER NOT NULL, days INTEGER NOT NULL,
    slot_start INTEGER, "order" INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX issued_by_serial ON issued (serial);
  CREATE INDEX issued_by_order ON issued ("order");
  CREATE TABLE issued_mark (only INTEGER PRIMARY KEY CHECK (only = 1), n INTEGER NOT NULL) STRICT;
  INSERT INTO issued_mark VALUES (1, 0);`

/** What each is good for, in six bytes; the log is asked for anew, since those that are kept were told without. */
export const RIGHTS_STEP = `
  ALTER TABLE issued ADD COLUMN rights INTEGER;
  UPDATE issued_mark SET n = 0;`

/** Some ten years of both museums. Beyond, the oldest are found in the cloud alone. */
const KEPT_MAX = 500_000
/** The largest order of a desk is 60. */
const FOUND_MAX = 60

type Kept = {
  n: number
  ticket: Buffer
  letter: string
  serial: number
  digits: number
  type: number
  first_day: number
  days: number
  slot_start: number | null
  order: number
  rights: number | null
}

export function createIssuedTable(database: Database.Database): IssuedTable {
  const mark = database.prepare<[], { n: number }>('SELECT n FROM issued_mark')
  const moveMark = database.prepare<[number]>('UPDATE issued_mark SET n = ?')
  const keep = database.prepare<[Kept]>(
    `INSERT OR REPLACE INTO issued
     VALUES (:n, :ticket, :letter, :serial, :digits, :type, :first_day, :days, :slot_start, :order, :rights)`,
  )
  const forget = database.prepare<[number]>('DELETE FROM issued WHERE n <= ?')
  const ofTicket = database.prepare<[Buffer], Kept>('SELECT * FROM issued WHERE ticket = ?')
  const withSerial = database.prepare<[number, string | null], Kept>(
    `SELECT * FROM issued WHERE serial = ? AND letter = ifnull(?, letter) ORDER BY n DESC LIMIT ${FOUND_MAX}`,
  )
  const ofOrder = database.prepare<[number], Kept>(
    `SELECT * FROM issued WHERE "order" = ? ORDER BY n LIMIT ${FOUND_MAX}`,
  )
  const keepIssued = database.transaction(({ entries, upTo }: Pick<IssuedPage, 'entries' | 'upTo'>) => {
    for (const one of entries) keep.run(keptOf(one))
    forget.run(upTo - KEPT_MAX)
    moveMark.run(upTo)
  })
  return {
    issuedMark: () => mark.get()?.n ?? 0,
    keepIssued: (page) => void keepIssued(page),
    issuedOf(ticket) {
      const kept = ofTicket.get(Buffer.from(ticket, 'hex'))
      return kept === undefined ? null : entryOf(kept)
    },
    issuedBySerial: (serial, letter) => withSerial.all(serial, letter).map(entryOf),
    issuedOfOrder: (order) => ofOrder.all(Number.parseInt(order, 16)).map(entryOf),
  }
}

const keptOf = ({ n, ticket, number, type, firstDay, days, slotStart, order, rights }: IssuedEntry): Kept => ({
  ...{ n, ticket: Buffer.from(ticket, 'hex'), letter: number.charAt(0), serial: Number(number.slice(1)) },
  ...{ digits: number.length - 1, type, first_day: firstDay, days, slot_start: slotStart ?? null },
  order: Number.parseInt(order, 16),
  rights: rights === undefined ? null : Number.parseInt(rights, 16),
})

const entryOf = ({
  n,
  ticket,
  letter,
  serial,
  digits,
  type,
  first_day,
  days,
  slot_start,
  order,
  rights,
}: Kept): IssuedEntry => ({
  ...{ n, ticket: ticket.toString('hex') as TicketId }, // an id's eight bytes
  ...{ number: letter + String(serial).padStart(digits, '0'), type, firstDay: first_day, days },
  ...(slot_start !== null && { slotStart: slot_start }),
  order: order.toString(16).padStart(8, '0'),
  ...(rights !== null && { rights: rights.toString(16).padStart(12, '0') }),
})
