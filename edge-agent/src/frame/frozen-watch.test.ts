import { describe, expect, test } from 'vitest'
import { afterPicture, type FrozenState, isFrozen, type Light, NOTHING_SEEN } from './frozen-watch.ts'

const AFTER = 5
const see = (state: FrozenState, isAlike: boolean, times = 1, light: Light = 'light') =>
  Array.from({ length: times }).reduce<FrozenState>((before) => afterPicture(before, { isAlike, light }, AFTER), state)

describe('a camera', () => {
  test('whose pictures always differed is frozen at the fifth that is the same, and not before', () => {
    const known = see(NOTHING_SEEN, false, 60)
    expect(isFrozen(see(known, true, AFTER - 2), 'light', AFTER)).toBe(false)
    expect(isFrozen(see(known, true, AFTER - 1), 'light', AFTER)).toBe(true)
  })

  test('is no longer frozen with the first picture that differs, and its frozen hours are held against nobody', () => {
    const frozen = see(see(NOTHING_SEEN, false, 60), true, 600)
    expect(isFrozen(frozen, 'light', AFTER)).toBe(true)
    const back = see(frozen, false)
    expect(isFrozen(back, 'light', AFTER)).toBe(false)
    expect(isFrozen(see(back, true, AFTER - 1), 'light', AFTER)).toBe(true)
  })

  test('that nobody knows yet is not called frozen', () => {
    expect(isFrozen(see(see(NOTHING_SEEN, false, 10), true, 500), 'light', AFTER)).toBe(false)
  })

  test('whose nights are compressed into nothing is not called frozen at night, but is by day', () => {
    let camera = see(NOTHING_SEEN, false, 600)
    for (let spell = 0; spell < 40; spell++) camera = see(see(camera, true, 3, 'dark'), false, 1, 'dark')
    expect(isFrozen(see(camera, true, 400, 'dark'), 'dark', AFTER)).toBe(false)
    expect(isFrozen(see(camera, true, AFTER - 1), 'light', AFTER)).toBe(true)
  })

  test('that gives each picture twice is not called frozen', () => {
    let camera = NOTHING_SEEN
    for (let pair = 0; pair < 100; pair++) camera = see(see(camera, true), false)
    expect(isFrozen(see(camera, true, 30), 'light', AFTER)).toBe(false)
  })
})
