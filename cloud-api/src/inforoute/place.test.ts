import { expect, test } from 'vitest'
import { freshnessOf, placesOf } from './place.ts'
import { neighboursOf } from './place-neighbours.tsx'
import { presetOf, THREE, webcamOf } from './webcam.fixture.ts'

test('a place puts the views of its webcams together, and shows the liveliest', () => {
  const [place, ...others] = placesOf([
    webcamOf({ presets: [presetOf('offline', 9000, { id: 'amont' }), presetOf('late', 130, { id: 'aval' })] }),
  ])
  expect(others).toEqual([])
  expect(place?.views.map(({ preset }) => preset.id)).toEqual(['aval', 'amont'])
  expect(place && freshnessOf(place)).toBe('late')
})

test('views that are alike keep the order of the fleet', () => {
  const [place] = placesOf([
    webcamOf({ presets: [presetOf('fresh', 50, { id: 'sud' }), presetOf('fresh', 5, { id: 'nord' })] }),
  ])
  expect(place?.views.map(({ preset }) => preset.id)).toEqual(['sud', 'nord'])
})

test('neighbours are the other places of the road, the nearest first', () => {
  const places = placesOf([
    ...THREE,
    webcamOf({ site: 'colmars', siteName: 'Colmars', at: [6.6267, 44.1811] }),
    webcamOf({ site: 'la-foux', siteName: 'La Foux', at: [6.568, 44.29] }),
  ])
  const [allos] = places.filter(({ site }) => site === 'col-d-allos')
  expect(allos && neighboursOf(allos, places).map(({ site }) => site)).toEqual(['la-foux', 'colmars'])
})
