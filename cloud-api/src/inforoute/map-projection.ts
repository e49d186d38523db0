import { OUTLINE } from './departement-outline.ts'

/** A point of the map, in its own units. */
export type Point = { x: number; y: number }

/** The map's width; a unit is about a pixel at the width it has beside the list. */
export const MAP_WIDTH = 480
const MARGIN = 18

const longitudes = OUTLINE.map(([longitude]) => longitude)
const latitudes = OUTLINE.map(([, latitude]) => latitude)
const west = Math.min(...longitudes)
const east = Math.max(...longitudes)
const south = Math.min(...latitudes)
const north = Math.max(...latitudes)
/** A degree of longitude is that much shorter than one of latitude here; over one département a constant is right to 1 %. */
const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
const unitsPerDegree = (MAP_WIDTH - 2 * MARGIN) / ((east - west) * shrink)

export const MAP_HEIGHT = Math.round((north - south) * unitsPerDegree + 2 * MARGIN)

/** Where a place lies on the map. */
export function project(longitude: number, latitude: number): Point {
  return {
    x: MARGIN + (longitude - west) * shrink * unitsPerDegree,
    y: MARGIN + (north - latitude) * unitsPerDegree,
  }
}

/** The outline of the département as the `d` of a path. */
export const OUTLINE_PATH = `M${OUTLINE.map(([longitude, latitude]) => {
  const { x, y } = project(longitude, latitude)
  return `${x.toFixed(1)} ${y.toFixed(1)}`
}).join('L')}Z`

/** A marker needs this much room to be told from its neighbour, and to be hit by a finger (24 px, WCAG 2.2, 2.5.8). */
const APART = 25
/** Each round moves pairs that are too near; forty places settle in about thirty. What is left then stays as it is. */
const ROUNDS = 80

/** Moves points that lie too near each other apart, as little as it can and always in the same way. */
export function spread(points: readonly Point[]): Point[] {
  const moved = points.map((point) => ({ ...point }))
  for (let round = 0; round < ROUNDS; round += 1) {
    let isSettled = true
    for (const [index, a] of moved.entries()) {
      for (const b of moved.slice(index + 1)) {
        const distance = Math.hypot(b.x - a.x, b.y - a.y)
        if (distance >= APART) continue
        isSettled = false
        const push = (APART - distance) / 2 + 0.05
        // Two at the very same point part sideways.
        const [dx, dy] = distance === 0 ? [1, 0] : [(b.x - a.x) / distance, (b.y - a.y) / distance]
        a.x = within(a.x - dx * push, MAP_WIDTH)
        a.y = within(a.y - dy * push, MAP_HEIGHT)
        b.x = within(b.x + dx * push, MAP_WIDTH)
        b.y = within(b.y + dy * push, MAP_HEIGHT)
      }
    }
    if (isSettled) break
  }
  return moved
}

const within = (value: number, size: number) => Math.min(size - MARGIN, Math.max(MARGIN, value))
