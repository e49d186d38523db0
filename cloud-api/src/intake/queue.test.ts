import { describe, expect, test } from 'vitest'
import { createQueue } from './queue.ts'
import { createRoom } from './room.ts'

const { signal } = new AbortController()
const clock = { monotonicMs: () => performance.now() }

describe('a queue', () => {
  test('gives what is there, at once and in order, and waits when there is nothing', async () => {
    const queue = createQueue<number>(10)
    const first = queue.take(5, signal)
    for (const item of [1, 2, 3]) queue.offer(item)
    expect(await first).toEqual([1, 2, 3])
    for (const item of [4, 5, 6]) queue.offer(item)
    expect(await queue.take(2, signal)).toEqual([4, 5])
    expect(queue.length()).toBe(1)
  })

  test('that is full refuses an offer, and makes a put wait until something is taken', async () => {
    const queue = createQueue<number>(1)
    expect(queue.offer(1)).toBe(true)
    expect(queue.offer(2)).toBe(false)
    const putting = queue.put(3, signal)
    expect(await queue.take(9, signal)).toEqual([1])
    await putting
    expect(await queue.take(9, signal)).toEqual([3])
  })

  test('stops waiting when it is told to', async () => {
    const stop = new AbortController()
    const queue = createQueue<number>(1)
    const taking = queue.take(1, stop.signal)
    stop.abort()
    await expect(taking).rejects.toMatchObject({ name: 'AbortError' })
    expect(queue.offer(1)).toBe(true)
  })
})

describe('room', () => {
  const limits = { maxItems: 2, maxBytes: 100 }

  test('is bounded by number and by bytes, and freed by those who leave', async () => {
    const room = createRoom(limits, clock)
    expect(await room.enter(90, 0, signal)).toBe(true)
    expect(await room.enter(20, 0, signal)).toBe(false)
    expect(await room.enter(10, 0, signal)).toBe(true)
    expect(await room.enter(0, 0, signal)).toBe(false)
    const waiting = room.enter(50, 60_000, signal)
    room.leave(90)
    expect(await waiting).toBe(true)
    expect(room.taken()).toEqual({ items: 2, bytes: 60 })
  })

  test('that is empty takes what is larger than itself', async () => {
    expect(await createRoom(limits, clock).enter(1_000, 0, signal)).toBe(true)
  })
})
