import { expect, test } from 'vitest'
import { coursesOf } from './courses.ts'

const HOUR_MS = 3_600_000
const every = (value: (index: number) => number) =>
  Array.from({ length: 9 }, (_, index) => ({ atMs: index * HOUR_MS, bytes: { broker: value(index) } }))

test('tells what grows from what goes up and down', () => {
  const [growing] = coursesOf(every((index) => 100 + 10 * index))
  expect(growing).toMatchObject({ name: 'broker', early: 110, late: 170, most: 180 })
  expect(growing?.slope).toBeCloseTo(10)
  const [steady] = coursesOf(every((index) => 100 + (index % 2) * 50))
  expect(steady?.early).toBe(steady?.late)
})

test('leaves out what was not always there', () => {
  const [first, ...others] = every(() => 1)
  expect(coursesOf([{ atMs: 0, bytes: {} }, ...(first ? [first] : []), ...others])).toEqual([])
})
