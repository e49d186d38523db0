import type { Conflict } from '@vigie/contract/gate/conflict'
import { mergeLedgers } from '@vigie/contract/gate/merge'
import { isRowOf, type Row } from '@vigie/contract/gate/row'
import type { Pass, PhoneAnswer } from './visitors.ts'

/** What was done to a part, from when until it was seen at work again. */
export type Harm = { part: string; fromMs: number; untilMs: number }

export type Evidence = {
  /** Of all sides together. */
  rows: readonly Row[]
  passes: readonly Pass[]
  answers: readonly PhoneAnswer[]
  harms: readonly Harm[]
  /** Who drives which lane. */
  unitOf: Readonly<Record<string, string>>
}

export type MuseumVerdict = {
  /** Persons who went through and stand in exactly one row. */
  counted: number
  /** Who went through while the agent of the lane was dead: a row says that nobody watched. */
  unseen: Pass[]
  /** Who went through and stands in no row, although somebody watched. */
  lost: Pass[]
  /** Rows of people whom no tripod saw. */
  invented: Row[]
  /** Passages without the grant on which they went through. */
  forced: Row[]
  /** Answers to a phone that stand in no row, in two, or otherwise. */
  misquoted: PhoneAnswer[]
  /** Tickets that let in too many, where the places were cut off from each other, or asked in the same moment. */
  split: Conflict[]
  /** Where nothing kept them apart. */
  doubled: Conflict[]
}

/** Between the end of a passage as the tripod tells it and as the row says it, on a loaded machine. */
const SAME_MS = 3_000
/** From one place to another, on a loaded machine; on a quiet one it takes some ten. */
const TOLD_WITHIN_MS = 2_000
/** A lane that lost its gateway looks for it again after up to three seconds, and is told what it lacks. */
const LINKED_WITHIN_MS = 8_000
/** PASS lasts 200 ms, and is told when it ends. */
const PASS_MS = 300
/** An agent on a loaded machine that is killed so soon after a PASS has not asked its board yet. */
const SEEN_WITHIN_MS = 500

export function judgeMuseum({ rows, passes, answers, harms, unitOf }: Evidence): MuseumVerdict {
  const { unmatched, left } = match(passes, rows, unitOf)
  const wasDead = ({ lane, atMs }: Pass) =>
    harms.some(
      ({ part, fromMs, untilMs }) => part === lane && fromMs <= atMs + SEEN_WITHIN_MS && atMs - PASS_MS <= untilMs,
    )
  const unseen = unmatched.filter(wasDead)
  const conflicts = mergeLedgers(rows).conflicts
  const isSplit = ({ beyond, stands }: Conflict) =>
    beyond.every((one) => {
      const places = [one, ...stands].map(({ lane }) => lane ?? 'gateway')
      const atMs = Date.parse(one.at)
      const isAtOnce = stands.some(({ at }) => Math.abs(atMs - Date.parse(at)) <= TOLD_WITHIN_MS)
      return new Set(places).size > 1 && (isAtOnce || harms.some((harm) => keepsApart(harm, places, atMs)))
    })
  return {
    counted: passes.length - unmatched.length,
    unseen,
    lost: unmatched.filter((pass) => !unseen.includes(pass)),
    invented: left,
    forced: rows.filter((row) => isRowOf(row, 'passage') && row.body.of === 'forced'),
    misquoted: answers.filter((answer) => !isQuoted(answer, rows)),
    split: conflicts.filter(isSplit),
    doubled: conflicts.filter((conflict) => !isSplit(conflict)),
  }
}

/** The closest first: whoever was not seen does not take the row of the next one. */
function match(passes: readonly Pass[], rows: readonly Row[], unitOf: Evidence['unitOf']) {
  const unmatched = new Set(passes)
  const left = new Set(rows.filter((row) => isRowOf(row, 'passage')))
  const pairs = passes.flatMap((pass) =>
    [...left].flatMap((row) => {
      const apartMs = Math.abs(Date.parse(row.at) - pass.atMs)
      const isOne = row.origin === unitOf[pass.lane] && row.body.direction === pass.way && apartMs <= SAME_MS
      return isOne ? [{ pass, row, apartMs }] : []
    }),
  )
  for (const { pass, row } of pairs.sort((one, other) => one.apartMs - other.apartMs)) {
    if (!unmatched.has(pass) || !left.has(row)) continue
    unmatched.delete(pass)
    left.delete(row)
  }
  return { unmatched: [...unmatched], left: [...left] }
}

const keepsApart = ({ part, fromMs, untilMs }: Harm, places: readonly string[], atMs: number) =>
  (part === 'lan' || part === 'gateway' || places.includes(part)) &&
  fromMs <= atMs &&
  atMs <= untilMs + LINKED_WITHIN_MS

function isQuoted({ nonce, ticket, outcome }: PhoneAnswer, rows: readonly Row[]): boolean {
  const said = rows.filter((row) => isRowOf(row, 'decision') && row.body.nonce === nonce)
  const [one] = said
  return said.length === 1 && one !== undefined && isRowOf(one, 'decision') && isSame(one.body, { ticket, outcome })
}

const isSame = (body: { ticket: string | null; outcome: string }, said: { ticket: string; outcome: string }) =>
  body.ticket === said.ticket && body.outcome === said.outcome
