import type { UnitId } from '../ids.ts'
import type { Row, UnhashedRow } from './row.ts'

/** What the first row of an origin has as the hash of the row before it. */
export const CHAIN_START = '0'.repeat(64)

/** SHA-256 of a text in UTF-8, as hexadecimal digits. */
export type Sha256Hex = (text: string) => string

/** JSON with sorted keys and no spaces: the same text for the same value, whoever writes it. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`)
  return `{${parts.join(',')}}`
}

/** What a row's hash is taken of: the hash before it, and all of the row but its own. */
export function hashedText(row: UnhashedRow | Row): string {
  const { hash: _, ...rest } = { hash: '', ...row }
  return row.prev + canonicalJson(rest)
}

export const withHash = (row: UnhashedRow, sha256: Sha256Hex): Row => ({ ...row, hash: sha256(hashedText(row)) })

export type ChainEnd = { seq: number; hash: string }
export const chainStart: ChainEnd = { seq: 0, hash: CHAIN_START }

/** Why rows do not continue a chain: rows are missing, or one is not what it was, or it is of another origin. */
export type ChainProblem = { at: number; why: 'gap' | 'hash-wrong' | 'prev-wrong' | 'origin-wrong' | 'known-otherwise' }

/**
 * Follows rows of one origin, ascending, from where its chain ends. Gives the new end, and how many rows may be taken:
 * those before the first problem.
 */
export function followChain(
  rows: readonly Row[],
  origin: UnitId,
  end: ChainEnd,
  sha256: Sha256Hex,
): { end: ChainEnd; taken: number; problem: ChainProblem | null } {
  let last = end
  for (const [taken, row] of rows.entries()) {
    const why = problemOf(row, origin, last, sha256)
    if (why !== null) return { end: last, taken, problem: { at: row.seq, why } }
    last = { seq: row.seq, hash: row.hash }
  }
  return { end: last, taken: rows.length, problem: null }
}

function problemOf(row: Row, origin: UnitId, last: ChainEnd, sha256: Sha256Hex): ChainProblem['why'] | null {
  if (row.origin !== origin) return 'origin-wrong'
  if (row.hash !== sha256(hashedText(row))) return 'hash-wrong'
  if (row.seq <= last.seq) return 'known-otherwise'
  if (row.seq !== last.seq + 1) return 'gap'
  return row.prev === last.hash ? null : 'prev-wrong'
}
