import type { ItemId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { createHistoryAllowance } from './history-allowance.ts'
import type { WaitingItem } from './item-table.ts'

/** Frames of one view, in the order in which they were taken; the last is not history. */
const frames = ['1', '2', '3', '4'].map(
  (digit): WaitingItem => ({
    ...{ id: `01KAN5Z3W0F7Q8R9S0T1V2W3X${digit}` as ItemId, class: 'frame' }, // a ULID
    ...{ topic: 'vigie/1/col-d-allos/vg-0001/frame/cam1/amont', bytes: 100 },
  }),
)
const ids = (of: WaitingItem[]) => of.map(({ id }) => id.at(-1))

test('the newest always leaves; of the history what is allowed, and all that waits when somebody asks for it', () => {
  const allowance = createHistoryAllowance(50, () => 0)
  const waiting = frames.slice(0, 3)
  for (const frame of waiting) allowance.kept(frame)
  const mayLeave = () => ids(waiting.filter(allowance.mayLeave))
  for (const frame of waiting.slice(0, 1)) allowance.leaves(frame)
  expect(mayLeave()).toEqual(['3'])
  allowance.release()
  expect(mayLeave()).toEqual(['1', '2', '3'])
})

test('what is kept after somebody asked is history again, as soon as there is something newer', () => {
  const allowance = createHistoryAllowance(50, () => 0)
  const [first, second, third, fourth] = frames
  if (!first || !second || !third || !fourth) throw new Error('four frames')
  for (const frame of [first, second]) allowance.kept(frame)
  allowance.release()
  for (const frame of [third, fourth]) allowance.kept(frame)
  // What was asked for takes nothing from the allowance.
  allowance.leaves(first)
  expect(ids([third].filter(allowance.mayLeave))).toEqual(['3'])
  allowance.leaves(third)
  expect([third].filter(allowance.mayLeave)).toEqual([])
  expect(ids([second].filter(allowance.mayLeave))).toEqual(['2'])
})
