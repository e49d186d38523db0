import { describe, expect, test } from 'vitest'
import { NOW, presetOf, siteOf, webcamOf } from '../wall.fixture.ts'
import { createWallState } from './wall-state.ts'

const names = (state: ReturnType<typeof createWallState>) => state.standings.value.map(({ site }) => site.name)

describe('the wall', () => {
  test('keeps each tile where it is while only pictures change', () => {
    const state = createWallState()
    state.takeWall({ sites: ['Vars', 'Allos', 'Seyne'].map((name) => siteOf(name)) })
    const before = names(state)
    state.takeWebcam(webcamOf('seyne', [presetOf('fresh', { capturedAt: new Date(NOW).toISOString() })]))
    expect(names(state)).toEqual(before)
  })

  test('moves a site when its own state changes, and no other', () => {
    const state = createWallState()
    state.takeWall({ sites: ['Vars', 'Allos', 'Seyne'].map((name) => siteOf(name)) })
    state.takeWebcam(webcamOf('seyne', [presetOf('stale')]))
    expect(names(state)).toEqual(['Seyne', 'Allos', 'Vars'])
  })

  test('does not take in a webcam of a site that it does not know', () => {
    const state = createWallState()
    state.takeWall({ sites: [siteOf('Vars')] })
    state.takeWebcam(webcamOf('paris', [presetOf('stale')]))
    expect(names(state)).toEqual(['Vars'])
  })

  test('keeps what it shows when the cloud stops answering, and says since when', () => {
    const state = createWallState()
    state.takeWall({ sites: [siteOf('Vars')] })
    state.takeFailure('failed')
    state.takeLink(false, NOW)
    state.takeLink(false, NOW + 60_000)
    expect([state.reading.value, state.cutSince.value]).toEqual(['ready', NOW])
    state.takeLink(true, NOW + 90_000)
    expect(state.cutSince.value).toBeNull()
  })

  test('says why when it never had anything to show', () => {
    const state = createWallState()
    expect(state.reading.value).toBe('loading')
    state.takeFailure('refused')
    expect(state.reading.value).toBe('refused')
  })
})
