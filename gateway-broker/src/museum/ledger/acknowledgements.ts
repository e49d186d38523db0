import type Database from 'better-sqlite3'

/** That somebody has looked at a conflict. It changes nothing in the ledger, and stays on this gateway. */
export type Acknowledgement = { at: number; by: string; note: string | null }

export type Acknowledgements = {
  add(conflict: string, acknowledgement: Acknowledgement): void
  of(conflict: string): Acknowledgement | null
}

export function createAcknowledgements(database: Database.Database): Acknowledgements {
  const insert = database.prepare<[string, number, string, string | null]>(
    'INSERT INTO acknowledged (conflict, at_ms, by, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const find = database.prepare<[string], Acknowledgement>(
    'SELECT at_ms AS at, by, note FROM acknowledged WHERE conflict = ?',
  )
  return {
    add: (conflict, { at, by, note }) => void insert.run(conflict, at, by, note),
    of: (conflict) => find.get(conflict) ?? null,
  }
}
