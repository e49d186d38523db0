import { CHAIN_START, type ChainEnd, chainStart, hashedText } from '@vigie/contract/gate/chain'
import type { HaveMark } from '@vigie/contract/gate/ledger-message'
import type { Row } from '@vigie/contract/gate/row'
import type { TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId, UnitId } from '@vigie/contract/ids'
import { bytesOfId, idOfBytes, partsOf, type RowParts, rowOf } from '@vigie/contract/row-columns'
import type Database from 'better-sqlite3'
import { createNames } from './names.ts'

/** Numbers of one origin; far above what a gate writes in its life. */
const ROWS_OF_AN_ORIGIN = 2 ** 32

/** A row whose hash is kept, so that a chain is reckoned anew from close by. At 64 it costs half a byte a row. */
const CHECKPOINT_EVERY = 64

/**
 * What a decision comes to is written within these many rows of its lane; further away it is looked up another way. May be
 * made more, never less: rows that are written stay as far away as they are.
 */
const NEAR_ROWS = 64

/**
 * Who was given rows of this unit: the outbox, for the cloud, and the museum gateway. `outbox` is no number of a row: it is
 * that of the file of the outbox to which they were given.
 */
export const MARKS = ['cloud', 'lan', 'outbox'] as const
export type Mark = (typeof MARKS)[number]

/** The rows of a ledger, and everything that is SQL about them. */
export type RowTable = {
  /** Adds rows that continue the chain of their origin, or stand in a gap of it; durable when it returns. */
  add(rows: readonly Row[]): void
  endOf(origin: UnitId): ChainEnd
  /** Leaves a gap: the next row of this origin follows on an end whose rows cannot be read any more. */
  goOnFrom(origin: UnitId, end: ChainEnd): void
  ends(): HaveMark[]
  /** Up to where the rows of an origin are here without a gap. */
  wholeEndOf(origin: UnitId): ChainEnd
  /** Everything about one ticket, in no order. */
  ofTicket(ticket: TicketRef): Row[]
  /** The times of the rows that count everybody out, ascending. */
  nights(): string[]
  /** Of one origin, after a number. With their hashes, so that they can be sent. */
  after(origin: UnitId, seq: number, count: number): Row[]
  /** Of all origins, by their own clocks. */
  since(atMs: number): Row[]
  /** The next row of an origin after a number whose hash is kept. */
  checkpointAfter(origin: UnitId, seq: number): ChainEnd | null
  /** Whether a row whose hash was reckoned anew has the hash that it had when it was written, where that is kept. */
  agrees(row: Row): boolean
  mark(name: Mark): number
  setMark(name: Mark, seq: number): void
}

type Found = Omit<RowParts, 'boot' | 'shape' | 'decision'> & {
  place: number
  boot: number
  shape: number
  about: number | null
  feed_age: number | null
}

/**
 * @param sha256 of a text, as hexadecimal digits
 */
export function createRowTable(database: Database.Database, sha256: (text: string) => string): RowTable {
  const boots = createNames(database, 'boot', 'id')
  const shapes = createNames(database, 'shape', 'text')
  const insert = database.prepare(
    `INSERT INTO row (place, at, id, boot, mono, error, shape, ticket, about, feed, feed_age, extra)
     VALUES (:place, :at, :id, :boot, :mono, :error, :shape, :ticket, :about, :feed, :feedAge, :extra)`,
  )
  const addOrigin = database.prepare<[string, Buffer]>('INSERT INTO origin (unit, seq, hash) VALUES (?, 0, ?)')
  const setEnd = database.prepare<[number, Buffer, number]>('UPDATE origin SET seq = ?, hash = ? WHERE key = ?')
  const origins = database.prepare<[], { key: number; unit: UnitId; seq: number; hash: Buffer }>('SELECT * FROM origin')
  const near = database.prepare<[number, number, Buffer], { place: number }>(
    'SELECT place FROM row WHERE place BETWEEN ? AND ? AND id = ? LIMIT 1',
  )
  const addApart = database.prepare<[Buffer, number]>('INSERT INTO apart (decision, place) VALUES (?, ?)')
  const apartOf = database.prepare<[Buffer], { place: number }>('SELECT place FROM apart WHERE decision = ?')
  const addNight = database.prepare<[number]>('INSERT INTO night (at) VALUES (?) ON CONFLICT DO NOTHING')
  const allNights = database.prepare<[], { at: number }>('SELECT at FROM night ORDER BY at')
  const addCheckpoint = database.prepare<[number, Buffer]>(
    'INSERT INTO checkpoint (place, hash) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const checkpointBefore = database.prepare<[number, number], { place: number; hash: Buffer }>(
    'SELECT place, hash FROM checkpoint WHERE place BETWEEN ? AND ? ORDER BY place DESC LIMIT 1',
  )
  const checkpointBehind = database.prepare<[number, number], { place: number; hash: Buffer }>(
    'SELECT place, hash FROM checkpoint WHERE place > ? AND place < ? ORDER BY place LIMIT 1',
  )
  const checkpointAt = database.prepare<[number], { hash: Buffer }>('SELECT hash FROM checkpoint WHERE place = ?')
  const byPlace = database.prepare<[number], Found>('SELECT * FROM row WHERE place = ?')
  const stretch = database.prepare<[number, number], Found>(
    'SELECT * FROM row WHERE place BETWEEN ? AND ? ORDER BY place',
  )
  const withTicket = database.prepare<[Buffer], Found>('SELECT * FROM row WHERE ticket = ?')
  const withDecision = database.prepare<[number, number, number], Found>(
    'SELECT * FROM row WHERE place BETWEEN ? AND ? AND about = ?',
  )
  const countOf = database.prepare<[number, number], { rows: number }>(
    'SELECT count(*) AS rows FROM row WHERE place BETWEEN ? AND ?',
  )
  const beforeGap = database.prepare<[number, number], { place: number }>(
    `SELECT place FROM row AS here WHERE place BETWEEN ? AND ?
     AND NOT EXISTS (SELECT 1 FROM row WHERE place = here.place + 1) ORDER BY place LIMIT 1`,
  )
  const idAt = database.prepare<[number], { id: Buffer }>('SELECT id FROM row WHERE place = ?')
  const readMark = database.prepare<[string], { seq: number }>('SELECT seq FROM mark WHERE name = ?')
  const writeMark = database.prepare<[string, number]>(
    'INSERT INTO mark (name, seq) VALUES (?, ?) ON CONFLICT DO UPDATE SET seq = excluded.seq',
  )

  type Origin = { key: number } & ChainEnd
  const known = new Map<UnitId, Origin>(
    origins.all().map(({ key, unit, seq, hash }) => [unit, { key, seq, hash: hash.toString('hex') }]),
  )
  const unitOf = new Map([...known].map(([unit, { key }]) => [key, unit]))

  function originOf(unit: UnitId): Origin {
    const found = known.get(unit)
    if (found !== undefined) return found
    const key = Number(addOrigin.run(unit, Buffer.from(CHAIN_START, 'hex')).lastInsertRowid)
    const origin = { key, ...chainStart }
    known.set(unit, origin)
    unitOf.set(key, unit)
    return origin
  }

  function insertRow(row: Row): void {
    const origin = originOf(row.origin)
    const place = origin.key * ROWS_OF_AN_ORIGIN + row.seq
    const { decision, shape, boot, ...parts } = partsOf(row)
    const about =
      decision === null ? undefined : near.get(Math.max(place - NEAR_ROWS, place - row.seq), place, bytesOfId(decision))
    if (decision !== null && about === undefined) addApart.run(bytesOfId(decision), place)
    const columns = {
      ...parts,
      place,
      boot: boots.keyOf(boot),
      shape: shapes.keyOf(shape),
      about: about?.place ?? null,
    }
    // Where the decision is not close by, its id is said by the row itself.
    const extra = decision !== null && about === undefined ? withDecisionIn(parts.extra, decision) : parts.extra
    insert.run({ ...columns, extra })
    if (row.body.kind === 'everybody-out') addNight.run(parts.at)
    if (row.seq % CHECKPOINT_EVERY === 0) addCheckpoint.run(place, Buffer.from(row.hash, 'hex'))
    if (row.seq < origin.seq) return
    setEnd.run(row.seq, Buffer.from(row.hash, 'hex'), origin.key)
    origin.seq = row.seq
    origin.hash = row.hash
  }

  const add = database.transaction((rows: readonly Row[]) => {
    for (const row of rows) insertRow(row)
  })

  /** A row as it was, but for its place in the chain. */
  function read(found: Found, link: { prev: string; hash: string }): Row {
    const { place, about, feed_age: feedAge, boot, shape, ...rest } = found
    const key = Math.floor(place / ROWS_OF_AN_ORIGIN)
    const unit = unitOf.get(key)
    if (unit === undefined) throw new Error(`no origin ${key}`)
    const decision = about === null ? null : idOfBytes(idAt.get(about)?.id ?? Buffer.alloc(16))
    const parts = { ...rest, feedAge, decision, boot: boots.textOf(boot), shape: shapes.textOf(shape) }
    return rowOf(parts, { origin: unit, seq: place % ROWS_OF_AN_ORIGIN, ...link })
  }

  function after(unit: UnitId, seq: number, count: number): Row[] {
    const origin = known.get(unit)
    if (origin === undefined) return []
    const first = origin.key * ROWS_OF_AN_ORIGIN
    const from = checkpointBefore.get(first, first + seq)
    let prev = from?.hash.toString('hex') ?? CHAIN_START
    let last = from?.place ?? first
    const rows: Row[] = []
    for (const found of stretch.iterate(last + 1, first + ROWS_OF_AN_ORIGIN - 1)) {
      // Beyond a gap the chain goes on from the end that is kept of what cannot be read any more.
      if (found.place !== last + 1) prev = checkpointAt.get(found.place - 1)?.hash.toString('hex') ?? prev
      const row = read(found, { prev, hash: '' })
      const hash = sha256(hashedText(row))
      if (row.seq > seq) rows.push({ ...row, hash })
      if (rows.length >= count) break
      prev = hash
      last = found.place
    }
    return rows
  }

  function wholeEndOf(unit: UnitId): ChainEnd {
    const origin = known.get(unit)
    if (origin === undefined) return chainStart
    const { key, seq, hash } = origin
    const first = key * ROWS_OF_AN_ORIGIN
    if (countOf.get(first + 1, first + seq)?.rows === seq) return { seq, hash }
    const isBegun = byPlace.get(first + 1) !== undefined
    const last = isBegun ? (beforeGap.get(first + 1, first + seq)?.place ?? first) - first : 0
    return last === 0 ? chainStart : { seq: last, hash: after(unit, last - 1, 1)[0]?.hash ?? '' }
  }

  /** Where nobody looks at the chain, it is not reckoned. */
  const unlinked = (found: Found): Row => read(found, { prev: '', hash: '' })

  return {
    add(rows) {
      const before = [...known].map(([unit, { seq, hash }]) => ({ unit, seq, hash }))
      try {
        add(rows)
      } catch (error) {
        // Nothing was written: what is known of the ends, and of the names, is what it was.
        for (const { unit, seq, hash } of before) Object.assign(originOf(unit), { seq, hash })
        for (const unit of [...known.keys()].filter((one) => !before.some((was) => was.unit === one)))
          known.delete(unit)
        boots.forget()
        shapes.forget()
        throw error
      }
    },
    endOf: (origin) => {
      const found = known.get(origin)
      return found === undefined ? chainStart : { seq: found.seq, hash: found.hash }
    },
    goOnFrom: (unit, end) =>
      database.transaction(() => {
        const origin = originOf(unit)
        const hash = Buffer.from(end.hash, 'hex')
        setEnd.run(end.seq, hash, origin.key)
        addCheckpoint.run(origin.key * ROWS_OF_AN_ORIGIN + end.seq, hash)
        Object.assign(origin, end)
      })(),
    ends: () => [...known].map(([origin, { seq }]) => ({ origin, seq })),
    ...{ wholeEndOf, after },
    ofTicket(ticket) {
      const named = withTicket.all(Buffer.from(ticket, 'hex'))
      const about = named.flatMap(({ place, id }) => [
        ...withDecision.all(place + 1, place + NEAR_ROWS, place),
        ...apartOf.all(id).flatMap((apart) => byPlace.get(apart.place) ?? []),
      ])
      return [...named, ...about].map(unlinked)
    },
    nights: () => allNights.all().map(({ at }) => new Date(at).toISOString()),
    since(atMs) {
      // By their clocks rows are nearly in order: the last stretch of each origin is looked at, from its end.
      return [...known.values()].flatMap(({ key, seq }) => {
        const rows: Row[] = []
        for (let last = seq; last > 0; last -= CHECKPOINT_EVERY) {
          const first = Math.max(1, last - CHECKPOINT_EVERY + 1)
          const part = stretch.all(key * ROWS_OF_AN_ORIGIN + first, key * ROWS_OF_AN_ORIGIN + last)
          const fresh = part.filter(({ at }) => at >= atMs)
          rows.unshift(...fresh.map(unlinked))
          if (fresh.length === 0) break
        }
        return rows
      })
    },
    checkpointAfter(unit, seq) {
      const first = (known.get(unit)?.key ?? 0) * ROWS_OF_AN_ORIGIN
      const found = checkpointBehind.get(first + seq, first + ROWS_OF_AN_ORIGIN)
      return found === undefined ? null : { seq: found.place - first, hash: found.hash.toString('hex') }
    },
    agrees({ origin, seq, hash }) {
      const key = known.get(origin)?.key ?? 0
      const kept = checkpointAt.get(key * ROWS_OF_AN_ORIGIN + seq)
      return kept === undefined || kept.hash.toString('hex') === hash
    },
    mark: (name) => readMark.get(name)?.seq ?? 0,
    setMark: (name, seq) => void writeMark.run(name, seq),
  }
}

const withDecisionIn = (extra: string | null, decision: ItemId): string =>
  JSON.stringify({ ...(extra === null ? {} : (JSON.parse(extra) as object)), decision })
