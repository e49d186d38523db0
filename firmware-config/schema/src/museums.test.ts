import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { composeSite, splitSite } from './configuration/compose.ts'
import { configurationProblems } from './configuration/configuration.ts'
import { readFleet } from './documents.ts'
import { isRoadSite } from './kinds-of-site.ts'
import { unitOfLane, unitsOf, withUnitReplaced } from './units-of.ts'

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const fleet = readFleet(folder('sites'), folder('museums'))
const museums = fleet.filter(({ kind }) => kind === 'musee')
const [museum] = museums
if (museum === undefined) throw new Error('no museum')

test('the two museums stand beside the 41 sites of the roads, with boxes of their own', () => {
  expect(fleet.filter(isRoadSite)).toHaveLength(41)
  expect(museums.map(({ id }) => id)).toEqual(['musee-prehistoire', 'musee-salagon'])
  for (const one of museums) {
    expect(unitsOf(one)).toHaveLength(4)
    expect(configurationProblems(splitSite(one), 'stored')).toEqual([])
    expect(composeSite(splitSite(one), one.unit)).toEqual(one)
  }
})

test('the box of a lane is the one that it names, else that of the site', () => {
  const [lane] = museum.lanes ?? []
  expect(unitOfLane(museum, 'tripode1')).toBe(lane?.unit)
  expect(unitOfLane(museum, 'tripode9')).toBeUndefined()
  const { unit: _, ...bare } = lane ?? { id: '' }
  expect(unitOfLane({ unit: 'vm-1', lanes: [{ ...bare, id: 'seule' } as NonNullable<typeof lane>] }, 'seule')).toBe(
    'vm-1',
  )
})

test('a box comes in place of another, at a lane as at the site', () => {
  const lane = unitOfLane(museum, 'portillon') ?? ''
  expect(unitsOf(withUnitReplaced(museum, lane, 'vm-9'))).toEqual(
    unitsOf(museum).map((unit) => (unit === lane ? 'vm-9' : unit)),
  )
  expect(withUnitReplaced(museum, museum.unit, 'vm-9').unit).toBe('vm-9')
})

describe('what a museum may not be', () => {
  const placesOf = (change: Partial<typeof museum>) =>
    configurationProblems(splitSite({ ...museum, ...change }), 'stored').map(({ place }) => place)
  const [camera] = fleet.find(isRoadSite)?.cameras ?? []

  test('it has no camera, and a road site has a road and no lane', () => {
    expect(placesOf({ cameras: camera === undefined ? [] : [camera] })).toEqual(['camera.cameras'])
    expect(placesOf({ kind: 'col' })).toEqual(['site.road', 'lane.lanes'])
  })

  test('all lanes name their box, or none', () => {
    const [first, ...others] = museum.lanes ?? []
    const { unit: _, ...bare } = first ?? { id: 'a' }
    expect(placesOf({ lanes: [bare as NonNullable<typeof first>, ...others] })).toEqual(['lane.lanes'])
  })
})
