import type { CivilDay } from '@vigie/contract/gate/civil-time'
import { encodeTicketPayload, type TicketId } from '@vigie/contract/gate/ticket-code'
import type { SiteId } from '@vigie/contract/ids'
import type { OfferedType } from '../../tickets/offer.ts'
import { payloadOf } from '../../tickets/ticket-payload.ts'
import { appendAudit } from '../audit.ts'
import { type Database, writeInOrder } from '../database.ts'
import type { Tables } from '../tables.ts'
import { keepKeyUntil, type StoredTicketKey } from './ticket-keys.ts'
import type { TestTicketTable } from './ticket-tables.ts'

export type TestTicketWish = {
  id: TicketId
  site: SiteId
  /** What it says that it is; a lane that visitors use looks no further than that it is a test. */
  type: OfferedType
  day: CivilDay
  key: Pick<StoredTicketKey, 'seq' | 'id'>
  at: number
  who: string
}

/** Tickets that let nobody in. They are no sale: in no order, in no report, and they take no number of the museum's. */
export type TestTicketStore = {
  make(wish: TestTicketWish): Promise<TestTicketTable>
  one(site: SiteId, id: TicketId): Promise<TestTicketTable | undefined>
}

export function createTestTicketStore(database: Database<Tables>): TestTicketStore {
  return {
    make: ({ id, site, type, day, key, at, who }) =>
      writeInOrder(database, async (transaction) => {
        const { last } = await transaction
          .selectFrom('testTicket')
          .select(({ fn }) => fn.max('serial').as('last'))
          .where('site', '=', site)
          .executeTakeFirstOrThrow()
        const serial = Number(last ?? 0) + 1
        const facts = { id, key: key.id, firstDay: day, slotStart: null, serial, soldAtTill: false }
        const bytes = encodeTicketPayload({ ...payloadOf(type, facts), kind: 'test', days: 1 })
        const ticket = { id, site, serial, key: key.seq, payload: Buffer.from(bytes).toString('hex'), day, at }
        await transaction.insertInto('testTicket').values(ticket).execute()
        await keepKeyUntil(transaction, key.seq, day)
        await appendAudit(transaction, { at, who, action: 'ticket.test-made', what: String(serial), site })
        return ticket
      }),
    one: (site, id) =>
      database.kysely
        .selectFrom('testTicket')
        .selectAll()
        .where('id', '=', id)
        .where('site', '=', site)
        .executeTakeFirst(),
  }
}
