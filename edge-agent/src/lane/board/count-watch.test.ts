import { trialLane } from '@vigie/tests/fixtures/trial-lane'
import { expect, test } from 'vitest'
import { createCountWatch } from './count-watch.ts'

/** What is told of counts of PASS A and B that are seen at these moments. */
function told(...looks: [atMs: number, a: number, b: number][]): string[] {
  const look = createCountWatch(trialLane({ direction: 'both' }))
  return looks.flatMap(([atMs, a, b]) =>
    look([a, b], atMs).map((event) =>
      'direction' in event ? `${event.name} ${event.direction} at ${atMs}` : event.name,
    ),
  )
}

test('G03: a count that rose is a passage, also of a pulse that no poll saw, and what it was at first is none', () => {
  expect(told([0, 7, 3], [50, 8, 3], [100, 8, 3], [150, 8, 3], [200, 8, 4], [300, 8, 4])).toEqual([
    ...['pass in at 150', 'pass out at 300'],
  ])
})

test('passages while the line was cut are told when it is back, as many as can have been', () => {
  expect(told([0, 7, 3], [4_000, 9, 3], [4_100, 9, 3])).toEqual(['pass in at 4100', 'pass in at 4100'])
})

test('contacts that come back together are power that came back, also when a look falls in between', () => {
  expect(told([0, 7, 3], [50, 8, 4], [200, 8, 4], [400, 8, 4])).toEqual([])
  expect(told([0, 7, 3], [50, 8, 3], [100, 8, 4], [300, 8, 4])).toEqual([])
})

test('a board that counts from nought again, or from anywhere, has seen nobody', () => {
  expect(told([0, 700, 3], [50, 0, 0], [200, 0, 0], [250, 1, 0], [400, 1, 0])).toEqual(['pass in at 400'])
  expect(told([0, 0, 0], [50, 700, 3], [200, 700, 3])).toEqual([])
})
