import { CHAIN_START, hashedText, type Sha256Hex } from '@vigie/contract/gate/chain'
import type { Row } from '@vigie/contract/gate/row'
import type Database from 'better-sqlite3'
import { type FoundRow, ROW, rowFound } from './told-row.ts'

/** A row and its place in the order in which rows came here. */
export type PlacedRow = { position: number; row: Row }

/** A hash is 33 bytes in each row; kept of one in 64, the others are reckoned anew from there, in half a millisecond. */
const CHECKPOINT_EVERY = 64
/** Two rows of one origin stand no further apart, or the later one is a checkpoint: so far is looked for the next. */
const CHECKPOINT_AFTER_POSITIONS = 64

/** The chains of the origins: the hash of each row, from the nearest checkpoint before it. */
export type RowChain = {
  /** Keeps the place of a row, and the hash before it, where the chain is to be reckoned from there. */
  mark(row: Row, place: { key: number; position: number; afterPosition: number }): void
  /** Rows found in the order in which they came, none of an origin left out between two of it. */
  linked(found: readonly FoundRow[]): PlacedRow[]
  /** Of one origin, after a number. */
  ofOrigin(key: number, seq: number, count: number): PlacedRow[]
}

type Checkpoint = { seq: number; position: number; prev: Buffer }

/** @param sha256 of a text, as hexadecimal digits */
export function createRowChain(database: Database.Database, sha256: Sha256Hex): RowChain {
  const add = database.prepare<[number, number, number, Buffer]>('INSERT INTO checkpoint VALUES (?, ?, ?, ?)')
  const atOrBefore = database.prepare<[number, number], Checkpoint>(
    'SELECT seq, position, prev FROM checkpoint WHERE origin = ? AND seq <= ? ORDER BY seq DESC LIMIT 1',
  )
  const behind = database.prepare<[number, number], Checkpoint>(
    'SELECT seq, position, prev FROM checkpoint WHERE origin = ? AND seq > ? ORDER BY seq LIMIT 1',
  )
  const end = database.prepare<[number], { seq: number }>('SELECT seq FROM origin WHERE key = ?')
  const stretch = database.prepare<[number, number, number], FoundRow>(
    `${ROW} WHERE row.position >= ? AND row.origin = ? ORDER BY row.position LIMIT ?`,
  )

  function link(found: FoundRow, prev: string): PlacedRow {
    const unhashed = { ...rowFound(found), prev }
    return { position: found.position, row: { ...unhashed, hash: sha256(hashedText(unhashed)) } }
  }

  function follow(found: readonly FoundRow[], from: string): PlacedRow[] {
    let prev = from
    return found.map((one) => {
      const placed = link(one, prev)
      prev = placed.row.hash
      return placed
    })
  }

  /** So many rows from a checkpoint on, which are all before the next. */
  const from = (key: number, { position, prev }: Checkpoint, count: number): PlacedRow[] =>
    follow(stretch.all(position, key, count), prev.toString('hex'))

  function hashBefore({ key, seq }: FoundRow): string {
    const checkpoint = atOrBefore.get(key, seq)
    if (checkpoint === undefined) return CHAIN_START
    const rows = from(key, checkpoint, seq - checkpoint.seq)
    return rows.at(-1)?.row.hash ?? checkpoint.prev.toString('hex')
  }

  return {
    mark({ seq, prev }, { key, position, afterPosition }) {
      const last = atOrBefore.get(key, seq)
      const isFar = position - afterPosition > CHECKPOINT_AFTER_POSITIONS
      if (last !== undefined && seq - last.seq < CHECKPOINT_EVERY && !isFar) return
      add.run(key, seq, position, Buffer.from(prev, 'hex'))
    },
    linked(found) {
      const ends = new Map<number, string>()
      return found.map((one) => {
        const placed = link(one, ends.get(one.key) ?? hashBefore(one))
        ends.set(one.key, placed.row.hash)
        return placed
      })
    },
    ofOrigin(key, seq, count) {
      const last = end.get(key)?.seq ?? 0
      const rows: PlacedRow[] = []
      let checkpoint = seq < last ? atOrBefore.get(key, seq + 1) : undefined
      while (checkpoint !== undefined && rows.length < count) {
        const next = behind.get(key, checkpoint.seq)
        const stretched = from(key, checkpoint, (next?.seq ?? last + 1) - checkpoint.seq)
        rows.push(...stretched.filter(({ row }) => row.seq > seq))
        checkpoint = next
      }
      return rows.slice(0, count)
    },
  }
}
