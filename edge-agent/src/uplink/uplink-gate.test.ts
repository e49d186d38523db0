import { expect, test } from 'vitest'
import { createUplinkGate } from './uplink-gate.ts'

/** A wait that somebody ends by hand. */
function handWait() {
  const ends: (() => void)[] = []
  return {
    ends,
    wait: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        ends.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  }
}
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
const aTurn = () => new Promise((resolve) => setImmediate(resolve))

test('shut, the uplink ends and does not come back before its time, and then it does', async () => {
  const { wait, ends } = handWait()
  const gate = createUplinkGate({ wait })
  const stop = new AbortController()
  const events: string[] = []
  const running = gate.run(async (signal) => {
    events.push('up')
    await untilAborted(signal)
    events.push('down')
  }, stop.signal)
  await aTurn()
  const drill = gate.shutFor(60_000, stop.signal)
  await aTurn()
  await aTurn()
  expect(events).toEqual(['up', 'down'])
  ends[0]?.()
  await drill
  await aTurn()
  expect(events).toEqual(['up', 'down', 'up'])
  stop.abort()
  await running
})

test('told to stop while it is shut, it ends at once and leaves the gate open', async () => {
  const { wait } = handWait()
  const gate = createUplinkGate({ wait })
  const stop = new AbortController()
  const running = gate.run(untilAborted, stop.signal)
  await aTurn()
  const drill = gate.shutFor(60_000, stop.signal)
  await aTurn()
  stop.abort(new Error('stopped'))
  await expect(drill).rejects.toThrow('stopped')
  await running
  const again = new AbortController()
  let isUp = false
  const next = gate.run((signal) => {
    isUp = true
    return untilAborted(signal)
  }, again.signal)
  await aTurn()
  expect(isUp).toBe(true)
  again.abort()
  await next
})
