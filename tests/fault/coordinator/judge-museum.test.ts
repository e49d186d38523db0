import type { Row, RowBody } from '@vigie/contract/gate/row'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { type Evidence, judgeMuseum } from '../museum/judge-museum.ts'

const NOON_MS = Date.parse('2026-08-15T10:00:00.000Z')
const UNITS = { tripode1: 'vm-1001', tripode2: 'vm-1002' }
const TICKET = '00000000000000a1'
let seq = 0

/** A row of a lane, or of the gateway, so many milliseconds after noon. */
function row(lane: keyof typeof UNITS | null, afterMs: number, body: RowBody): Row {
  seq += 1
  return {
    ...{
      v: 1,
      id: String(seq).padStart(26, '0') as ItemId,
      origin: (lane === null ? 'vm-1000' : UNITS[lane]) as UnitId,
    },
    ...{ seq, boot: '' as BootId, mono: 0, at: new Date(NOON_MS + afterMs).toISOString(), clock: 'synchronised' },
    ...{ clockErrorMs: 0, lane: lane as LaneId | null, prev: '', hash: '', body },
  }
}
const letIn = (nonce = 'nonce-001'): RowBody => ({
  ...{ kind: 'decision', nonce, direction: 'in', outcome: 'ok', ticket: TICKET as never, persons: 1 },
  ...{ right: { entries: 1, persons: 1 }, medium: 'signed', listAge: { feed: 0, seconds: 0 } },
})
const through = (of: 'grant' | 'forced' = 'grant'): RowBody => ({
  ...{ kind: 'passage', direction: 'in', decision: null, of },
})
const pass = (lane: keyof typeof UNITS, afterMs: number) => ({ lane, way: 'in' as const, atMs: NOON_MS + afterMs })
const harm = (part: string, fromMs: number, untilMs: number) => ({
  ...{ part, fromMs: NOON_MS + fromMs, untilMs: NOON_MS + untilMs },
})
const judged = (evidence: Partial<Evidence>) =>
  judgeMuseum({ rows: [], passes: [], answers: [], harms: [], unitOf: UNITS, ...evidence })

test('counts a person who stands in one row, and finds one who stands in none, in two, or was never there', () => {
  const one = pass('tripode1', 1_000)
  expect(judged({ passes: [one], rows: [row('tripode1', 1_050, through())] })).toMatchObject({
    ...{ counted: 1, lost: [], invented: [], unseen: [] },
  })
  expect(judged({ passes: [one] }).lost).toEqual([one])
  expect(judged({ passes: [one], rows: [row('tripode2', 1_050, through())] })).toMatchObject({
    counted: 0,
    lost: [one],
  })
  const twice = [row('tripode1', 1_050, through()), row('tripode1', 1_060, through())]
  expect(judged({ passes: [one], rows: twice }).invented).toHaveLength(1)
  expect(judged({ passes: [one], rows: [row('tripode1', 1_050, through('forced'))] }).forced).toHaveLength(1)
})

test('takes of several rows the closest one for each person, so that who was not seen takes nobody else’s', () => {
  const [unseen, seen] = [pass('tripode1', 1_000), pass('tripode1', 2_600)]
  const rows = [row('tripode1', 2_650, through())]
  const harms = [harm('tripode1', 900, 1_500)]
  expect(judged({ passes: [unseen, seen], rows, harms })).toMatchObject({ counted: 1, unseen: [unseen], lost: [] })
})

test('excuses a lane for a person who came while it was dead, and for nobody else', () => {
  const passes = [pass('tripode1', 1_000)]
  expect(judged({ passes, harms: [harm('tripode1', 500, 3_000)] })).toMatchObject({ unseen: passes, lost: [] })
  expect(judged({ passes, harms: [harm('tripode2', 500, 3_000)] }).lost).toEqual(passes)
  expect(judged({ passes, harms: [harm('tripode1', 5_000, 9_000)] }).lost).toEqual(passes)
})

test('excuses two admissions on one ticket where the places could not hear of one another, and nowhere else', () => {
  const rows = [row('tripode1', 0, letIn('nonce-001')), row('tripode2', 5_000, letIn('nonce-002'))]
  expect(judged({ rows }).doubled).toHaveLength(1)
  expect(judged({ rows, harms: [harm('cloud-api', 1_000, 6_000)] }).doubled).toHaveLength(1)
  expect(judged({ rows, harms: [harm('lan', 1_000, 6_000)] })).toMatchObject({ doubled: [], split: [{}] })
  const atOneLane = [row('tripode1', 0, letIn('nonce-001')), row('tripode1', 500, letIn('nonce-002'))]
  expect(judged({ rows: atOneLane, harms: [harm('lan', 0, 6_000)] }).doubled).toHaveLength(1)
})

test('finds an answer to a phone that stands in no row, or otherwise', () => {
  const answer = { nonce: 'nonce-001', ticket: TICKET, outcome: 'ok' }
  expect(judged({ answers: [answer], rows: [row(null, 0, letIn())] }).misquoted).toEqual([])
  expect(judged({ answers: [answer] }).misquoted).toEqual([answer])
  const other = { ...answer, outcome: 'already_redeemed' }
  expect(judged({ answers: [other], rows: [row(null, 0, letIn())] }).misquoted).toEqual([other])
})
