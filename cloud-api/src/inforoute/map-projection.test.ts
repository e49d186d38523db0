import { describe, expect, test } from 'vitest'
import { MAP_HEIGHT, MAP_WIDTH, OUTLINE_PATH, project, spread } from './map-projection.ts'

describe('the map', () => {
  test('has the north above and the east at the right, and every place within', () => {
    const larche = project(6.8486, 44.4508)
    const manosque = project(5.801, 43.83)
    expect(larche.x).toBeGreaterThan(manosque.x)
    expect(larche.y).toBeLessThan(manosque.y)
    for (const { x, y } of [larche, manosque]) {
      expect(x > 0 && x < MAP_WIDTH).toBe(true)
      expect(y > 0 && y < MAP_HEIGHT).toBe(true)
    }
  })

  test('keeps its proportions: a kilometre is as long to the north as to the east', () => {
    // 0.1° of latitude is 11.1 km; at 44.2° north so are 0.1395° of longitude.
    const from = project(6.2, 44.2)
    const north = from.y - project(6.2, 44.3).y
    const east = project(6.2 + 0.1395, 44.2).x - from.x
    expect(east / north).toBeCloseTo(1, 1)
  })

  test('draws an outline that is closed', () => {
    expect(OUTLINE_PATH).toMatch(/^M[\d. L]+Z$/)
  })
})

describe('markers that are too near each other', () => {
  test('part until each can be told from the other, always in the same way', () => {
    const crowd = [
      { x: 200, y: 200 },
      { x: 205, y: 203 },
      { x: 200, y: 200 },
      { x: 198, y: 210 },
    ]
    const moved = spread(crowd)
    for (const [index, a] of moved.entries()) {
      for (const b of moved.slice(index + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(24)
    }
    expect(spread(crowd)).toEqual(moved)
  })

  test('that stand alone stay where they are', () => {
    const alone = [
      { x: 100, y: 100 },
      { x: 300, y: 200 },
    ]
    expect(spread(alone)).toEqual(alone)
  })
})
