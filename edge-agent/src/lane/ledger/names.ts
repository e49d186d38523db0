import type Database from 'better-sqlite3'

/** Texts that many rows say, each written once. */
export type Names = {
  keyOf(text: string): number
  textOf(key: number): string
  /** What was given a key in a transaction that failed has none. */
  forget(): void
}

/** Shapes of one museum are some dozens, boots some hundreds in a life; what is beyond is read from the table. */
const REMEMBERED = 1_000

export function createNames(database: Database.Database, table: 'boot' | 'shape', column: 'id' | 'text'): Names {
  const find = database.prepare<[string], { key: number }>(`SELECT key FROM ${table} WHERE ${column} = ?`)
  const read = database.prepare<[number], { text: string }>(`SELECT ${column} AS text FROM ${table} WHERE key = ?`)
  const add = database.prepare<[string]>(`INSERT INTO ${table} (${column}) VALUES (?)`)
  const keys = new Map<string, number>()
  const texts = new Map<number, string>()
  function remember(key: number, text: string): void {
    if (keys.size >= REMEMBERED) forget()
    keys.set(text, key)
    texts.set(key, text)
  }
  function forget(): void {
    keys.clear()
    texts.clear()
  }
  return {
    keyOf(text) {
      const known = keys.get(text)
      if (known !== undefined) return known
      const key = find.get(text)?.key ?? Number(add.run(text).lastInsertRowid)
      remember(key, text)
      return key
    },
    textOf(key) {
      const known = texts.get(key)
      if (known !== undefined) return known
      const text = read.get(key)?.text
      if (text === undefined) throw new Error(`no ${table} ${key}`)
      remember(key, text)
      return text
    },
    forget,
  }
}
