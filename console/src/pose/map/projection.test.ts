import { expect, test } from 'vitest'
import { distanceM, layOut } from './projection.ts'

const OUTLINE = [
  [5.5, 43.7],
  [6.9, 43.7],
  [6.9, 44.6],
  [5.5, 44.6],
] as const

test('a finger on the map points at the place that is drawn there', () => {
  const map = layOut(OUTLINE)
  const allos = { latitude: 44.2989, longitude: 6.5953 }
  const { x, y } = map.project(allos)
  const { latitude, longitude } = map.placeAt(x, y)
  expect(latitude).toBeCloseTo(allos.latitude)
  expect(longitude).toBeCloseTo(allos.longitude)
  expect(x).toBeLessThan(map.width)
  expect(y).toBeLessThan(map.height)
})

test('a kilometre is as long to the north as to the east, on the map and on the ground', () => {
  const home = { latitude: 44.15, longitude: 6.2 }
  const [north, east] = [
    { ...home, latitude: home.latitude + 0.1 },
    { ...home, longitude: home.longitude + 0.1 / Math.cos((44.15 * Math.PI) / 180) },
  ]
  expect(distanceM(home, north)).toBeCloseTo(11_119, -2)
  expect(distanceM(home, east)).toBeCloseTo(distanceM(home, north), -2)
  const map = layOut(OUTLINE)
  const [a, b, c] = [map.project(home), map.project(north), map.project(east)]
  expect(c.x - a.x).toBeCloseTo(a.y - b.y, 1)
})
