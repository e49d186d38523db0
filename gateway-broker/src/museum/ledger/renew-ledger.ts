import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Sha256Hex } from '@vigie/contract/gate/chain'
import type Database from 'better-sqlite3'
import { createRowTable } from './row-table.ts'
import { takeOver } from './salvage.ts'

type RenewDeps = {
  /** The ledger of the form before; nobody else has it open. */
  before: Database.Database
  openAnew: (file: string) => Database.Database
  sha256: Sha256Hex
}

/**
 * Puts a ledger of today's form in the place of one of the form before, in which a row took thirteen times as much. The new
 * file takes the old one's name when it is whole and on the disk: whatever ends the process before that leaves the old one.
 * False, and nothing is changed: a row is not what it was when it was written.
 */
export function renewLedger(file: string, { before, openAnew, sha256 }: RenewDeps): boolean {
  const renewed = `${file}.new`
  const forget = () => {
    for (const ending of ['', '-wal', '-shm']) rmSync(renewed + ending, { force: true })
  }
  forget()
  const database = openAnew(renewed)
  try {
    const rows = before.prepare<[], { count: number }>('SELECT count(*) AS count FROM row').get()?.count
    if (takeOver(before, createRowTable(database, sha256), sha256) !== rows) return false
    copyBeside(before, database)
    database.close()
    // What stands in its log goes into the old file, or the new one would be given that log.
    before.pragma('journal_mode = DELETE')
    renameSync(renewed, file)
    syncFolder(dirname(file))
    return true
  } finally {
    database.close()
    forget()
  }
}

const BESIDE = [
  ['handed_over', 'SELECT seq, outcome, reason FROM handed_over JOIN row USING (position)', 3],
  ['acknowledged', 'SELECT conflict, at_ms, by, note FROM acknowledged', 4],
  ['number', 'SELECT name, value FROM number', 2],
  ['in_conflict', 'SELECT ticket FROM in_conflict', 1],
] as const

/** What stands beside the rows. */
function copyBeside(before: Database.Database, database: Database.Database): void {
  const tables = before.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  database.transaction(() => {
    for (const [table, query, columns] of BESIDE) {
      if (!tables.includes(table)) continue
      const add = database.prepare<unknown[]>(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join()})`)
      for (const one of before.prepare<[], unknown[]>(query).raw().iterate()) add.run(...one)
    }
  })()
}

/** A name that a file was given outlives a power cut when its folder is on the disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
