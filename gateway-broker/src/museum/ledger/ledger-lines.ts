import { CHAIN_START } from '@vigie/contract/gate/chain'
import { Row } from '@vigie/contract/gate/row'
import Database from 'better-sqlite3'
import { Compile } from 'typebox/compile'
import { type FoundRow, ROW, rowFound } from './told-row.ts'

/** A row as it stands in a file, and what the file says of its chain: the hash before it and its own, where they are kept. */
export type LedgerLine = { row: Row; prev: string | null; hash: string | null }

/** Steps of the form in which a row stood there as whole JSON, its hash in it. */
export const STEPS_BEFORE = 2

const isRow = Compile(Row)

/** Up to the first page that cannot be read, in the order in which the rows came. A row that is none is left out. */
export function* ledgerLines(database: Database.Database): Generator<LedgerLine> {
  try {
    const steps = Number(database.pragma('user_version', { simple: true }))
    yield* steps <= STEPS_BEFORE ? linesBefore(database) : linesNow(database)
  } catch (error) {
    // What was written over may be no number and no JSON.
    const isTorn = error instanceof Database.SqliteError || error instanceof SyntaxError || error instanceof RangeError
    if (!isTorn) throw error
  }
}

function* linesBefore(database: Database.Database): Generator<LedgerLine> {
  const all = database.prepare<[], { text: string }>('SELECT text FROM row ORDER BY position')
  for (const { text } of all.iterate()) {
    const row: unknown = JSON.parse(text)
    if (isRow.Check(row)) yield { row, prev: row.prev, hash: row.hash }
  }
}

function* linesNow(database: Database.Database): Generator<LedgerLine> {
  const all = database.prepare<[], FoundRow>(`${ROW} ORDER BY row.position`)
  const checkpoint = database.prepare<[number, number], { prev: Buffer }>(
    'SELECT prev FROM checkpoint WHERE origin = ? AND seq = ?',
  )
  const ended = database.prepare<[number, number], { hash: Buffer }>(
    'SELECT hash FROM origin WHERE key = ? AND seq = ?',
  )
  for (const found of all.iterate()) {
    const row = rowFound(found)
    if (!isRow.Check({ ...row, ...NO_LINK })) continue
    const prev = checkpoint.get(found.key, found.seq)?.prev.toString('hex') ?? null
    yield { row, prev, hash: ended.get(found.key, found.seq)?.hash.toString('hex') ?? null }
  }
}

/** It is found without them. */
const NO_LINK = { prev: CHAIN_START, hash: CHAIN_START }
