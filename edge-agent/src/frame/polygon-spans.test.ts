import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PointPx, polygonSpans, type Span } from './polygon-spans.ts'

const size = { widthPx: 48, heightPx: 36 }
/** Also outside the picture, and often the same numbers again: points that fall together, edges on pixel borders. */
const coordinate = fc.oneof(
  fc.double({ min: -10, max: 58, noNaN: true }),
  fc.integer({ min: -4, max: 52 }),
  fc.integer({ min: 0, max: 96 }).map((half) => half / 2),
)
const polygon = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 9 })
const grow = fc.constantFrom(0, 0.75, 2, 3)

/** The winding number by summed angles: another way than the one under test. */
function isInside(points: readonly PointPx[], x: number, y: number): boolean {
  let turned = 0
  points.forEach(([startX, startY], index) => {
    const [endX, endY] = points[(index + 1) % points.length] ?? [startX, startY]
    const from = Math.atan2(startY - y, startX - x)
    const to = Math.atan2(endY - y, endX - x)
    let angle = to - from
    if (angle > Math.PI) angle -= 2 * Math.PI
    if (angle < -Math.PI) angle += 2 * Math.PI
    turned += angle
  })
  return Math.abs(Math.round(turned / (2 * Math.PI))) > 0
}

function distanceToEdges(points: readonly PointPx[], x: number, y: number): number {
  return Math.min(
    ...points.map(([startX, startY], index) => {
      const [endX, endY] = points[(index + 1) % points.length] ?? [startX, startY]
      const [dx, dy] = [endX - startX, endY - startY]
      const length = dx * dx + dy * dy
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - startX) * dx + (y - startY) * dy) / length))
      return Math.hypot(x - startX - t * dx, y - startY - t * dy)
    }),
  )
}

function pixelsOf(spans: readonly Span[]): Set<number> {
  return new Set(
    spans.flatMap(({ y, from, to }) => Array.from({ length: to - from }, (_, i) => y * size.widthPx + from + i)),
  )
}

describe('polygonSpans', () => {
  test('covers every pixel whose centre is in the polygon or near it, and no other', () => {
    fc.assert(
      fc.property(polygon, grow, (points, growPx) => {
        const covered = pixelsOf(polygonSpans(points, size, growPx))
        for (let y = 0; y < size.heightPx; y++) {
          for (let x = 0; x < size.widthPx; x++) {
            const distance = distanceToEdges(points, x + 0.5, y + 0.5)
            // On an edge, and at the very rim, either answer is right.
            if (distance < 1e-4 && growPx === 0) continue
            if (Math.abs(distance - growPx) < 1e-4) continue
            const isCovered = distance < growPx || isInside(points, x + 0.5, y + 0.5)
            if (covered.has(y * size.widthPx + x) !== isCovered) return false
          }
        }
        return true
      }),
      { numRuns: 150 },
    )
  })

  test('gives runs within the picture that do not overlap, row by row', () => {
    fc.assert(
      fc.property(polygon, grow, (points, growPx) => {
        const spans = polygonSpans(points, size, growPx)
        spans.forEach(({ y, from, to }, index) => {
          expect(from >= 0 && from < to && to <= size.widthPx && y >= 0 && y < size.heightPx).toBe(true)
          const before = spans[index - 1]
          if (before) expect(before.y < y || (before.y === y && before.to <= from)).toBe(true)
        })
      }),
      { numRuns: 300 },
    )
  })

  test('covers what a polygon encloses twice by crossing itself', () => {
    const star: PointPx[] = [0, 2, 4, 1, 3].map((point) => {
      const angle = (point / 5) * 2 * Math.PI - Math.PI / 2
      return [24 + 15 * Math.cos(angle), 18 + 15 * Math.sin(angle)]
    })
    expect(pixelsOf(polygonSpans(star, size, 0)).has(18 * size.widthPx + 24)).toBe(true)
  })

  test('draws a point as a disc and a line as a thick line', () => {
    expect(pixelsOf(polygonSpans([[10, 10]], size, 3)).size).toBeGreaterThan(20)
    const line = pixelsOf(
      polygonSpans(
        [
          [5, 5],
          [40, 30],
          [5, 5],
        ],
        size,
        3,
      ),
    )
    for (let x = 6; x < 40; x++) expect(line.has(Math.floor(5 + ((x - 5) * 25) / 35) * size.widthPx + x)).toBe(true)
  })

  test('refuses what it cannot draw instead of drawing nothing', () => {
    expect(() => polygonSpans([], size, 3)).toThrow(RangeError)
    expect(() =>
      polygonSpans(
        [
          [0, 0],
          [Number.NaN, 1],
          [2, 2],
        ],
        size,
        3,
      ),
    ).toThrow(RangeError)
    expect(() =>
      polygonSpans(
        [
          [0, 0],
          [Number.POSITIVE_INFINITY, 1],
        ],
        size,
        3,
      ),
    ).toThrow(RangeError)
  })
})
