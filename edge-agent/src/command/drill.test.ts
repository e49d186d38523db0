import type { ItemId } from '@vigie/contract/ids'
import { expect, test } from 'vitest'
import { createUplinkGate } from '../uplink/uplink-gate.ts'
import { createDrill } from './drill.ts'

const id = '01KAN5Z3W0F7Q8R9S0T1V2W3X4' as ItemId // a ULID
const body = { name: 'drill', what: 'store-and-forward', seconds: 60 } as const
const signal = new AbortController().signal

/** The gate itself, by a clock that somebody moves by hand. */
function trial() {
  const waits: (() => void)[] = []
  const time = { monotonicMs: () => 0, wait: () => new Promise<void>((resolve) => void waits.push(resolve)) }
  const counted = createDrill({ gate: createUplinkGate(time), time })
  const waitEnds = async () => {
    waits.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...counted, waitEnds }
}

test('a drill tells what was kept while the uplink was shut, and nothing from before', async () => {
  const { drill, kept, waitEnds } = trial()
  kept({ id, class: 'frame' })
  const running = drill.run(body, { id, signal })
  await waitEnds()
  kept({ id, class: 'frame' })
  kept({ id, class: 'state' })
  await waitEnds()
  kept({ id, class: 'state' })
  expect(await running).toMatchObject({ step: 'done', result: { madeItems: 2, madeFrames: 1, ids: [id, id] } })
})

test('no second drill begins before the first has ended, also not in the moment before the uplink is shut', async () => {
  const { drill, waitEnds } = trial()
  expect(drill.refusal?.(body)).toBeNull()
  const running = drill.run(body, { id, signal })
  expect(drill.refusal?.(body)).toBe('drill-under-way')
  await waitEnds()
  expect(drill.refusal?.(body)).toBe('drill-under-way')
  await waitEnds()
  await running
  expect(drill.refusal?.(body)).toBeNull()
})
