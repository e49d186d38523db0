import { signal } from '@preact/signals'
import { expect, test } from 'vitest'
import { keepList } from './follow-gateway.ts'
import type { Gate } from './gate.ts'
import { NO_MARK } from './phone/kept.ts'

test('the list is asked for at once when the gateway is found while the phone still counts what it keeps', async () => {
  let answer = () => {}
  const counted = new Promise<void>((resolve) => {
    answer = resolve
  })
  let asked = 0
  const api = {
    catalogue: async () => {
      asked += 1
      throw new Error('it has none yet')
    },
  }
  const kept = {
    ...{ outgoing: async () => [], turnedAway: () => counted.then(() => []) },
    ...{ mark: async () => NO_MARK, catalogue: async () => null },
  }
  const counts = { waiting: signal(0), turnedAway: signal([]), listAt: signal(null) }
  const gate = { api, kept, link: signal('finding'), ...counts } as unknown as Gate // the rest is not asked
  const closed = new AbortController()
  const following = keepList(gate, () => 0, closed.signal)
  gate.link.value = 'up'
  answer()
  await expect.poll(() => asked).toBe(1)
  closed.abort()
  await following
})
