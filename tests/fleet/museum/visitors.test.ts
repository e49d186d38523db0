import type { TicketId } from '@vigie/contract/gate/ticket-code'
import { expect, test } from 'vitest'
import { seededRandom } from '../../fixtures/seeded-random.ts'
import type { Attempt, SimulatedGate, Way } from './simulated-gate.ts'
import { visit, WRONGS } from './visitors.ts'

const sold = (serial: number) => ({
  id: serial.toString(16).padStart(16, '0') as TicketId,
  code: `VG1:${serial}--`,
  ...{ persons: 1, entries: 1 },
})

test('visitors come in and leave, and a few come with what must not let them in', async () => {
  const stop = new AbortController()
  const went: Way[] = []
  const howOften = (way: Way) => went.filter((one) => one === way).length
  const cancelled: TicketId[] = []
  let serial = 0
  const gate: SimulatedGate = {
    ...{ site: 'musee-salagon', lane: 'tripode1', lets: () => true },
    async come(way, _code, persons): Promise<Attempt> {
      went.push(way)
      if (howOften('in') >= 500) stop.abort()
      return { shown: true, passed: persons }
    },
    stop: async () => {},
  }
  const wrongs: unknown[] = []
  await visit(
    { site: 'musee-salagon', types: [1, 2], elsewhere: 11, everyMs: 1, stayMs: 40 },
    {
      gates: [gate],
      till: {
        sell: async (_, __, count) => Array.from({ length: count }, () => sold(++serial)),
        cancel: async (_, ticket) => {
          cancelled.push(ticket)
          return []
        },
      },
      random: seededRandom(7),
      // Each in its turn, as time would have it.
      async wait(ms) {
        for (let turn = 0; turn < ms; turn += 1) await Promise.resolve()
      },
      log: (event, { wrong }) => event === 'visitor.came' && wrong !== null && wrongs.push(wrong),
    },
    stop.signal,
  )
  expect(new Set(wrongs)).toEqual(new Set(Object.keys(WRONGS)))
  expect(wrongs.length).toBeLessThan(howOften('in') / 4)
  expect(howOften('out')).toBeGreaterThan(300)
  expect(cancelled.length).toBeGreaterThan(0)
})
