import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type Database from 'better-sqlite3'

/** Which tickets let in too many, as far as the ledger was looked through: a start then looks at what came since, not at a season. */
export type ConflictTable = {
  tickets(): TicketRef[]
  /** The position of the last row that was looked at; 0: none was. */
  upTo(): number
  /** Keeps both together; durable when it returns. */
  keep(tickets: Iterable<TicketRef>, upTo: number): void
}

export function createConflictTable(database: Database.Database): ConflictTable {
  const all = database.prepare<[], { ticket: TicketRef }>('SELECT ticket FROM in_conflict')
  const clear = database.prepare('DELETE FROM in_conflict')
  const add = database.prepare<[string]>('INSERT INTO in_conflict (ticket) VALUES (?)')
  const mark = database.prepare<[], { value: number }>("SELECT value FROM number WHERE name = 'conflicts'")
  const setMark = database.prepare<[number]>(
    `INSERT INTO number (name, value) VALUES ('conflicts', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
  return {
    tickets: () => all.all().map(({ ticket }) => ticket),
    upTo: () => mark.get()?.value ?? 0,
    keep: database.transaction((tickets: Iterable<TicketRef>, upTo: number) => {
      clear.run()
      for (const ticket of tickets) add.run(ticket)
      setMark.run(upTo)
    }),
  }
}
