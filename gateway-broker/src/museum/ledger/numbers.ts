import type Database from 'better-sqlite3'

/** Numbers that only grow, whatever is killed in between. */
export type Numbers = {
  /** Gives the next number of this name, from 1; durable when it returns. */
  next(name: 'session'): number
}

export function createNumbers(database: Database.Database): Numbers {
  const raise = database.prepare<[string], { value: number }>(
    `INSERT INTO number (name, value) VALUES (?, 1)
     ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
  )
  return { next: (name) => raise.get(name)?.value ?? 1 }
}
