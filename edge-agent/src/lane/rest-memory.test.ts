import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RowBody } from '@vigie/contract/gate/row'
import type { BootId, ItemId, LaneId, UnitId } from '@vigie/contract/ids'
import { monotonicFactory } from 'ulid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LaneLedger, openLaneLedger } from './ledger/lane-ledger.ts'
import { restBefore } from './rest-memory.ts'

const unit = 'vg-0101' as UnitId
const time = { now: () => Date.parse('2026-08-16T10:00:00.000Z'), monotonicMs: () => 5_000 }
const ulid = monotonicFactory()
let folder: string
let ledger: LaneLedger

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-rest-'))
  ledger = openLaneLedger(
    { file: join(folder, 'ledger.sqlite'), now: time.now },
    {
      ...{ unit, boot: '01KAN5Z000F7Q8R9S0T1V2W3X4' as BootId, newId: () => ulid() as ItemId },
      clock: { ...time, state: () => 'synchronised', errorMs: () => 40 },
    },
  ).ledger
})
afterEach(() => {
  ledger.close()
  rmSync(folder, { recursive: true, force: true })
})

const write = (lane: string, ...bodies: RowBody[]) =>
  ledger.append(bodies.map((body) => ({ body, lane: lane as LaneId })))
const passages = (count: number) =>
  Array.from({ length: count }, (): RowBody => ({ kind: 'passage', direction: 'in', decision: null, of: 'free' }))
const before = (lane: string) => restBefore(ledger, { unit, lane }, time)?.rest ?? null

test('G15: a lane that was set free, or out of service, is so again after a busy day and a power cut', () => {
  write('tripod1', { kind: 'lane', state: 'out-of-service', by: 'claire', reason: 'panne' })
  write('tripod2', { kind: 'lane', state: 'free', by: 'claire', until: '2026-08-16T11:00:00.000Z' })
  write('tripod2', ...passages(3_000))
  expect(before('tripod1')).toEqual({ name: 'out-of-service' })
  const until = '2026-08-16T11:00:00.000Z'
  expect(before('tripod2')).toEqual({ name: 'free', direction: 'both', untilMs: 5_000 + 3_600_000, until })
  expect(before('portillon')).toBeNull()
})

test('a lane is what the staff asked last, also where a fire or a fault hid it', () => {
  const until = '2026-08-16T11:00:00.000Z'
  write('tripod1', { kind: 'lane', state: 'free', by: 'claire' }, { kind: 'lane', state: 'fire', rest: 'locked' })
  write('tripod2', { kind: 'lane', state: 'fault', cause: 'board-silent', rest: 'free', until, by: 'claire' })
  write('portillon', { kind: 'lane', state: 'out-of-service' }, { kind: 'lane', state: 'fire' })
  expect(before('tripod1')).toBeNull()
  expect(before('tripod2')).toMatchObject({ name: 'free', until })
  expect(before('portillon')).toEqual({ name: 'out-of-service' })
})

test('a lane whose free time is over, or that was locked since, is locked', () => {
  write('tripod1', { kind: 'lane', state: 'free', by: 'claire', until: '2026-08-16T09:00:00.000Z' })
  write('tripod2', { kind: 'lane', state: 'free', by: 'claire' }, { kind: 'lane', state: 'locked', by: 'claire' })
  expect([before('tripod1'), before('tripod2')]).toEqual([null, null])
})
