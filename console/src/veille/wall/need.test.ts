import { describe, expect, test } from 'vitest'
import { presetOf, siteOf, webcamOf } from '../wall.fixture.ts'
import { sortByNeed, standingOf } from './need.ts'

const broken = { condition: 'failing', fault: 'camera-timeout', failures: 3 } as const
const order = (...sites: ReturnType<typeof siteOf>[]) => sortByNeed(sites.map(standingOf)).map(({ site }) => site.name)

describe('what a site needs', () => {
  test('is what its worst view needs, and that view is shown', () => {
    const views = [presetOf('fresh', { id: 'nord' }), presetOf('stale', { id: 'sud' })]
    const { need, zone, view } = standingOf(siteOf('Vars', { webcams: [webcamOf('vars', views)] }))
    expect([need, zone, view?.preset.id]).toEqual(['stale', 'now', 'sud'])
  })

  test('is told before the last picture has grown old when the camera fails', () => {
    for (const freshness of ['fresh', 'late'] as const) {
      expect(standingOf(siteOf('Seyne', { freshness, camera: broken }))).toMatchObject({ need: 'failing', zone: 'now' })
    }
  })

  test('is told where no picture ever came though the unit is there', () => {
    expect(standingOf(siteOf('Larche', { freshness: 'offline', camera: broken })).need).toBe('failing')
    const { unit } = siteOf('x')
    const silent = siteOf('Larche', { freshness: 'offline', camera: broken, unit: { ...unit, presence: 'offline' } })
    expect(standingOf(silent).need).toBe('offline')
  })

  test('keeps the word of the picture when that is worse, and the reason with it', () => {
    const { need, failing } = standingOf(siteOf('Vars', { freshness: 'stale', camera: broken }))
    expect([need, failing?.fault]).toEqual(['stale', 'camera-timeout'])
  })

  test('is a look when the unit doubts a live picture: after all faults, before what is well', () => {
    const views = [presetOf('fresh', { id: 'nord' }), presetOf('fresh', { id: 'sud', doubts: ['picture-blurred'] })]
    const doubted = siteOf('Vars', { webcams: [webcamOf('vars', views)] })
    expect(standingOf(doubted)).toMatchObject({ need: 'doubted', zone: 'soon', view: { preset: { id: 'sud' } } })
    expect(order(siteOf('Allos'), doubted, siteOf('Seyne', { freshness: 'late' }))).toEqual(['Seyne', 'Vars', 'Allos'])
    expect(standingOf({ ...doubted, cameras: siteOf('x', { camera: broken }).cameras }).need).toBe('failing')
  })

  test('is what its old picture needs, whatever the unit doubted of it', () => {
    const views = [presetOf('stale', { doubts: ['picture-black'] })]
    expect(standingOf(siteOf('Vars', { webcams: [webcamOf('vars', views)] })).need).toBe('stale')
  })

  test('is nothing new when somebody already looks after it', () => {
    expect(standingOf(siteOf('Pra-Loup', { freshness: 'maintenance', camera: broken })).zone).toBe('calm')
  })

  test('is attention when a site has no view at all', () => {
    expect(standingOf(siteOf('Banon', { webcams: [] }))).toMatchObject({ need: 'offline', view: null })
  })
})

describe('the order of the wall', () => {
  test('is by need: off line, old, failing, late, doubted, live, and what is looked after last', () => {
    const sites = (['withdrawn', 'maintenance', 'fresh', 'late', 'stale', 'offline'] as const).map((freshness) =>
      siteOf(freshness, { freshness }),
    )
    const webcams = [webcamOf('doubted', [presetOf('fresh', { doubts: ['picture-black'] })])]
    const doubted = siteOf('doubted', { webcams })
    expect(order(...sites, doubted, siteOf('failing', { camera: broken }))).toEqual([
      'offline',
      'stale',
      'failing',
      'late',
      'doubted',
      'fresh',
      'maintenance',
      'withdrawn',
    ])
  })

  test('is by name within one need, and the same from whatever order they came in', () => {
    const [a, b, c] = [siteOf('Col d’Allos'), siteOf('Édelweiss'), siteOf('Vars')]
    expect(order(a, b, c)).toEqual(order(c, b, a))
    expect(order(c, b, a)).toEqual(['Col d’Allos', 'Édelweiss', 'Vars'])
  })
})
