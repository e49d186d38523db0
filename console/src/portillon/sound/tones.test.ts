import { APPEARANCES } from '@vigie/contract/gate/words'
import { expect, test } from 'vitest'
import { SHAKES, TONES } from './tones.ts'

const tones = Object.values(APPEARANCES).map(({ tone }) => TONES[tone])

test('G23: each answer has a tone of its own: one goes up, one says itself twice, one is held, one goes down', () => {
  const courses = tones.map((notes) => notes.slice(1).map(({ hz }, index) => Math.sign(hz - (notes[index]?.hz ?? hz))))
  expect(courses).toEqual([[1], [0], [], [-1, -1]])
})

test('G23: steps are at least a fourth, so that an untrained ear hears them, and none is longer than 0.6 s', () => {
  for (const notes of tones) {
    for (const [index, { hz, fromS, forS }] of notes.entries()) {
      const before = notes[index - 1]
      if (before !== undefined && before.hz !== hz) {
        expect(Math.max(hz / before.hz, before.hz / hz)).toBeGreaterThanOrEqual(1.33)
      }
      expect(fromS + forS).toBeLessThanOrEqual(0.6)
    }
  }
})

test('G23: by hand they differ in the number of shakes or their length', () => {
  const shakes = Object.values(APPEARANCES).map(({ tone }) => SHAKES[tone].join(' '))
  expect(new Set(shakes).size).toBe(shakes.length)
})
