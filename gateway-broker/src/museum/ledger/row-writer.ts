import { CHAIN_START } from '@vigie/contract/gate/chain'
import type { Row } from '@vigie/contract/gate/row'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import { partsOf } from '@vigie/contract/row-columns'
import type Database from 'better-sqlite3'
import type { RowChain } from './row-chain.ts'
import { keptId } from './told-row.ts'

export type RowWriter = {
  /** Adds rows that continue the chain of their origin, all or none; durable when it returns. */
  add(rows: readonly Row[]): void
}

type Origin = { key: number; position: number }

/** Takes rows apart into their columns. What many have in common is written once. */
export function createRowWriter(database: Database.Database, chain: RowChain): RowWriter {
  const addOrigin = database.prepare<[string, Buffer]>(
    'INSERT INTO origin (unit, seq, hash, position) VALUES (?, 0, ?, 0) ON CONFLICT DO NOTHING',
  )
  const originOf = database.prepare<[string], Origin>('SELECT key, position FROM origin WHERE unit = ?')
  const setEnd = database.prepare<[number, Buffer, number, number]>(
    'UPDATE origin SET seq = ?, hash = ?, position = ? WHERE key = ?',
  )
  const last = database.prepare<[], { position: number | null }>('SELECT max(position) AS position FROM row')
  const addBoot = database.prepare<[string]>('INSERT INTO boot (id) VALUES (?) ON CONFLICT DO NOTHING')
  const addShape = database.prepare<[string, string]>(
    'INSERT INTO shape (kind, text) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const insert = database.prepare(
    `INSERT INTO row (position, made, random, late, origin, seq, boot, mono, error, shape, ticket, about, feed, feed_age, extra)
     VALUES (:position, :made, :random, :at - :made, :key, :seq, (SELECT key FROM boot WHERE id = :boot), :mono, :error,
       (SELECT key FROM shape WHERE text = :shape), :ticket, :about, :feed, :feedAge, :extra)`,
  )
  const decided = database.prepare<[number, Buffer], { position: number }>(
    'SELECT position FROM row WHERE made = ? AND random = ?',
  )
  const addApart = database.prepare<[number, Buffer, number]>('INSERT INTO apart VALUES (?, ?, ?)')
  const addNight = database.prepare<[number]>('INSERT INTO night VALUES (?) ON CONFLICT DO NOTHING')
  const setLaneWord = database.prepare<[string, number, number]>(
    'INSERT INTO lane_word VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position',
  )

  function originFor(unit: UnitId): Origin {
    addOrigin.run(unit, Buffer.from(CHAIN_START, 'hex'))
    const origin = originOf.get(unit)
    if (origin === undefined) throw new Error(`no origin ${unit}`)
    return origin
  }

  /** The position of the decision; where it is not here, its id is said by the row itself. */
  function aboutOf(decision: ItemId | null, extra: string | null, position: number) {
    if (decision === null) return { about: null, extra }
    const id = keptId(decision)
    const about = decided.get(...id)?.position
    if (about !== undefined) return { about, extra }
    addApart.run(...id, position)
    return {
      about: null,
      extra: JSON.stringify({ ...(extra === null ? {} : (JSON.parse(extra) as object)), decision }),
    }
  }

  function addRow(row: Row, position: number): void {
    const { key, position: afterPosition } = originFor(row.origin)
    chain.mark(row, { key, position, afterPosition })
    const { id: _, decision, extra, ...parts } = partsOf(row)
    const [made, random] = keptId(row.id)
    addBoot.run(parts.boot)
    addShape.run(row.body.kind, parts.shape)
    insert.run({ ...parts, ...aboutOf(decision, extra, position), key, position, made, random, seq: row.seq })
    if (row.body.kind === 'everybody-out') addNight.run(parts.at)
    if (row.body.kind === 'lane') setLaneWord.run(row.lane ?? '', key, position)
    setEnd.run(row.seq, Buffer.from(row.hash, 'hex'), position, key)
  }

  return {
    add: database.transaction((rows: readonly Row[]) => {
      let position = last.get()?.position ?? 0
      for (const row of rows) addRow(row, ++position)
    }),
  }
}
