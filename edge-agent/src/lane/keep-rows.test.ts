import type { Row } from '@vigie/contract/gate/row'
import type { LaneId } from '@vigie/contract/ids'
import { createHandTime } from '@vigie/tests/fakes/hand-time'
import { expect, test } from 'vitest'
import { AgentFault } from '../faults.ts'
import { createRowKeeper } from './keep-rows.ts'
import type { Written } from './ledger/lane-ledger.ts'

const lane = 'tripode1' as LaneId // of the contract's pattern
const passage: Written = { lane, body: { kind: 'passage', direction: 'in', decision: null, of: 'forced' } }
const out: Written = { lane, body: { kind: 'passage', direction: 'out', decision: null, of: 'free' } }

test('refuses what the disk does not take, keeps what has happened in its order and time, and writes it first', async () => {
  const time = createHandTime({ nowMs: Date.parse('2026-08-15T10:00:00.000Z') })
  const appended: Written[] = []
  const disk: boolean[] = []
  let isFull = true
  const keeper = createRowKeeper({
    time,
    ledger: {
      append(written) {
        if (isFull) throw new AgentFault('disk-failing')
        appended.push(...written)
        return written.map(({ body }) => ({ body }) as Row) // nobody here looks at the rest
      },
    },
    onRows: () => undefined,
    onDisk: ({ failing }) => void disk.push(failing),
  })
  expect(keeper.write(passage)).toBeNull()
  keeper.report(passage)
  time.pass(1_500)
  keeper.report(out)
  expect([keeper.fault(), appended]).toEqual(['disk-failing', []])
  isFull = false
  expect(keeper.write(passage)).toMatchObject({ body: passage.body })
  expect(appended.map(({ body, atMs }) => [body.kind === 'passage' && body.of, atMs && atMs - time.now()])).toEqual([
    ['forced', -1_500],
    ['free', 0],
    ['forced', undefined],
  ])
  expect([keeper.fault(), disk]).toEqual([null, [true, false]])
})

test('a bug is no failing disk', () => {
  const time = createHandTime({ nowMs: 0 })
  const append = () => {
    throw new TypeError('a bug')
  }
  const keeper = createRowKeeper({ time, ledger: { append }, onRows: () => undefined, onDisk: () => undefined })
  expect(() => keeper.write(passage)).toThrow('a bug')
})
