import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { together } from './together.ts'

const untilStopped = (signal: AbortSignal) => pause(60_000, undefined, { signal })

test('being stopped is no failure', async () => {
  const stop = new AbortController()
  const running = together(stop.signal, [untilStopped, untilStopped])
  stop.abort()
  await running
})

test('a part that fails stops the others, and its error is thrown once they have ended', async () => {
  const order: string[] = []
  const slow = async (signal: AbortSignal) => {
    await untilStopped(signal).catch(() => undefined)
    order.push('others ended')
  }
  const failing = async () => {
    throw new Error('disk gone')
  }
  const running = together(new AbortController().signal, [slow, failing]).catch((error: Error) =>
    order.push(error.message),
  )
  await running
  expect(order).toEqual(['others ended', 'disk gone'])
})

test('a part that fails while it is being stopped is not silenced', async () => {
  const stop = new AbortController()
  const failing = async (signal: AbortSignal) => {
    await untilStopped(signal).catch(() => undefined)
    throw new Error('could not close')
  }
  const running = together(stop.signal, [failing])
  stop.abort()
  await expect(running).rejects.toThrow('could not close')
})
