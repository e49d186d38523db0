import type { ItemId } from '@vigie/contract/ids'
import { describe, expect, test } from 'vitest'
import type { WaitingItem } from '../outbox/item-table.ts'
import { createWindow } from './window.ts'

const limits = { maxItems: 3, maxBytes: 1000 }
const item = (name: string, bytes = 100): WaitingItem => ({ id: name as ItemId, class: 'frame', topic: 't', bytes }) // ids are only compared here
const id = (name: string) => name as ItemId // likewise

describe('a window', () => {
  test('bounds what is under way without a receipt, in items and in bytes', () => {
    const window = createWindow(limits)
    window.sent(item('a', 700), 0)
    expect(window.room()).toEqual({ maxItems: 2, maxBytes: 300 })
    window.settled(id('a'), 500)
    expect(window.room()).toEqual(limits)
  })

  test('has an item sent again after 30 s without a receipt, then ever more rarely, at most each quarter of an hour', () => {
    const window = createWindow(limits)
    const at: number[] = []
    window.sent(item('a'), 0)
    for (let nowMs = 0; nowMs < 3_600_000; nowMs += 1000) {
      if (!window.overdue(nowMs)) continue
      window.sent(item('a'), nowMs)
      at.push(nowMs / 1000)
    }
    expect(at.slice(0, 5)).toEqual([30, 90, 210, 450, 930])
    expect(at.slice(5)).toEqual([1830, 2730])
  })

  test('sends at once what went into a silence, when the cloud is heard again', () => {
    const window = createWindow(limits)
    window.sent(item('a'), 0)
    window.sent(item('a'), 30_000)
    window.sent(item('a'), 90_000)
    window.sent(item('b'), 119_000)
    window.heard(125_000)
    expect(window.overdue(125_000)?.id).toBe('a')
    window.sent(item('a'), 125_000)
    expect(window.overdue(125_000)).toBeUndefined()
  })

  test('lets others pass an item that the cloud passes over, and still sends it again', () => {
    const window = createWindow({ maxItems: 1, maxBytes: 1000 })
    window.heard(0)
    window.sent(item('passed-over'), 1000)
    window.heard(20_000)
    expect(window.room().maxItems).toBe(0)
    window.heard(40_000)
    expect(window.room().maxItems).toBe(1)
    expect(window.overdue(40_000)?.id).toBe('passed-over')
    window.sent(item('passed-over'), 40_000)
    expect(window.room().maxItems).toBe(1)
  })

  test('lets only so many pass over: a cloud that answers for nothing of a lane is not flooded', () => {
    const window = createWindow({ maxItems: 4, maxBytes: 1e9 })
    let sent = 0
    for (let nowMs = 0; nowMs < 4 * 3_600_000; nowMs += 1000) {
      window.heard(nowMs)
      for (let again = window.overdue(nowMs); again; again = window.overdue(nowMs)) window.sent(again, nowMs)
      while (window.room().maxItems > 0) window.sent(item(`frame-${sent++}`), nowMs)
    }
    expect(sent).toBeLessThan(40)
  })

  test('counts a round trip from the first sending: no receipt is older than that', () => {
    const window = createWindow(limits)
    window.sent(item('once'), 1000)
    window.sent(item('twice'), 1000)
    window.sent(item('twice'), 40_000)
    expect(window.settled(id('once'), 1800)).toBe(800)
    expect(window.settled(id('twice'), 41_000)).toBe(40_000)
    expect(window.settled(id('never'), 41_000)).toBeNull()
  })

  test('says when to look again', () => {
    const window = createWindow(limits)
    expect(window.nextDueMs()).toBe(Infinity)
    window.sent(item('a'), 5000)
    expect(window.nextDueMs()).toBe(35_000)
    window.forget(id('a'))
    expect(window.nextDueMs()).toBe(Infinity)
  })
})
