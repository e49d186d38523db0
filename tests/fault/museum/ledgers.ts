import { join } from 'node:path'
import { chainStart, followChain } from '@vigie/contract/gate/chain'
import type { Row } from '@vigie/contract/gate/row'
import type { BootId, ItemId, UnitId } from '@vigie/contract/ids'
import { openLaneLedger } from '@vigie/edge-agent/lane/ledger/lane-ledger'
import { openLedgerFile } from '@vigie/gateway-broker/museum/ledger/ledger-file'
import { createRowTable } from '@vigie/gateway-broker/museum/ledger/row-table'
import { sha256 } from '@vigie/gateway-broker/museum/ledger/sha256'
import Database from 'better-sqlite3'

/** What each side of a museum has on its disk. A gate's own file is its process's alone: it is read when that has ended. */
export function readLane(dataFolder: string, unit: string, origins: readonly string[]): Row[] {
  const clock = { now: Date.now, monotonicMs: () => 0, state: () => 'unknown' as const, errorMs: () => null }
  // Read as by each of them, since a lane gives whole rows, with their hashes, of the one that it is.
  return origins.flatMap((origin) => {
    const { ledger, rebuilt } = openLaneLedger(
      { file: join(dataFolder, 'units', unit, 'ledger.sqlite'), now: Date.now },
      { unit: origin as UnitId, boot: '' as BootId, clock, newId: () => '' as ItemId }, // nothing is written
    )
    try {
      const problem = ledger.verify()
      if (rebuilt !== null || problem !== null) throw new Error(`${unit}: ${JSON.stringify(rebuilt ?? problem)}`)
      return ledger.own(0, Number.MAX_SAFE_INTEGER)
    } finally {
      ledger.close()
    }
  })
}

export function readGateway(dataFolder: string, unit: string): Row[] {
  const file = join(dataFolder, 'units', unit, 'ledger.sqlite')
  const { database, setAside } = openLedgerFile(file, { now: Date.now })
  try {
    if (setAside !== null) throw new Error(`${unit}: ${setAside}`)
    return createRowTable(database, sha256)
      .after(0, null, Number.MAX_SAFE_INTEGER)
      .map(({ row }) => row)
  } finally {
    database.close()
  }
}

export function readCloud(dataFolder: string): Row[] {
  const database = new Database(join(dataFolder, 'cloud', 'vigie.sqlite'), { readonly: true })
  try {
    const found = database.prepare<[], { text: string }>('SELECT row AS text FROM gate_row').all()
    return found.map(({ text }) => JSON.parse(text) as Row) // decoded before it was stored
  } finally {
    database.close()
  }
}

/** One line for each row, in one order on every side: a row that is there twice, changed or missing makes them differ. */
export const listed = (rows: readonly Row[]): string[] =>
  rows.map(({ origin, seq, hash }) => `${origin} ${String(seq).padStart(6, '0')} ${hash}`).sort()

/** What does not follow from what is before it, by origin: a half row, a gap, a number that is there twice. */
export function brokenChains(rows: readonly Row[]): unknown[] {
  return [...new Set(rows.map(({ origin }) => origin))].flatMap((origin) => {
    const own = rows.filter((row) => row.origin === origin).sort((one, other) => one.seq - other.seq)
    const { problem } = followChain(own, origin, chainStart, sha256)
    return problem === null ? [] : [{ origin, ...problem }]
  })
}
