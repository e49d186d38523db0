import { describe, expect, test } from 'vitest'
import { createAskedFrames } from './asked-frames.ts'

function asking() {
  let rings = 0
  const asked = createAskedFrames(['nord', 'sud'], () => {
    rings += 1
  })
  const told: unknown[] = []
  return { asked, told, ask: () => asked.ask((fault) => told.push(fault)), rings: () => rings }
}

describe('frames that were asked for', () => {
  test('are one of each view, and the asker is told after the last', () => {
    const { asked, told, ask, rings } = asking()
    ask()
    expect(rings()).toBe(1)
    expect(asked.takeNext()).toBe('nord')
    asked.tried(null)
    expect(told).toEqual([])
    expect(asked.takeNext()).toBe('sud')
    asked.tried(null)
    expect(told).toEqual([null])
    expect(asked.takeNext()).toBeUndefined()
  })

  test('tell the first fault, and go on to the other view all the same', () => {
    const { asked, told, ask } = asking()
    ask()
    asked.takeNext()
    asked.tried('camera-timeout')
    expect(asked.takeNext()).toBe('sud')
    asked.tried('picture-broken')
    expect(told).toEqual(['camera-timeout'])
  })

  test('are taken once for all who ask before they begin, and once more for who asks meanwhile', () => {
    const { asked, told, ask } = asking()
    ask()
    ask()
    asked.takeNext()
    ask()
    asked.tried(null)
    asked.takeNext()
    asked.tried(null)
    expect(told).toEqual([null, null])
    expect(asked.takeNext()).toBe('nord')
  })

  test('are not counted when a planned one was taken', () => {
    const { asked, told, ask } = asking()
    ask()
    asked.tried(null)
    expect(told).toEqual([])
    expect(asked.takeNext()).toBe('nord')
  })

  test('are refused to the seventeenth who waits', () => {
    const { ask } = asking()
    expect(Array.from({ length: 17 }, ask)).toEqual([...Array.from({ length: 16 }, () => true), false])
  })
})
