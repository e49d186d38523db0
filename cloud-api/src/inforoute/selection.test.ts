import { describe, expect, test } from 'vitest'
import { placesOf } from './place.ts'
import { addressOf, isEverything, readSelection, roadsOf, select } from './selection.ts'
import { THREE } from './webcam.fixture.ts'

const places = placesOf(THREE)
const found = (query: string) => select(places, readSelection(new URLSearchParams(query))).map(({ site }) => site)

describe('a selection of places', () => {
  test('is everything from the highest down when nothing is asked', () => {
    expect(found('')).toEqual(['col-d-allos', 'col-de-fontbelle', 'seyne'])
    expect(isEverything(readSelection(new URLSearchParams()))).toBe(true)
  })

  test('keeps one kind, one road, or both', () => {
    expect(found('type=col')).toEqual(['col-d-allos', 'col-de-fontbelle'])
    expect(found('route=d908')).toEqual(['col-d-allos'])
    expect(found('type=ville&route=D908')).toEqual([])
  })

  test('finds a name without its accents, capitals and apostrophe, and part of it', () => {
    expect(found('nom=COL D’ALLOS')).toEqual(['col-d-allos'])
    expect(found('nom=fontb')).toEqual(['col-de-fontbelle'])
    expect(found('nom=d900 seyne')).toEqual(['seyne'])
  })

  test('is ordered by name, or by road with D3 before D900', () => {
    expect(found('tri=nom')).toEqual(['col-d-allos', 'col-de-fontbelle', 'seyne'])
    expect(found('tri=route')).toEqual(['col-de-fontbelle', 'seyne', 'col-d-allos'])
    expect(roadsOf(places)).toEqual(['D3', 'D900', 'D908'])
  })

  test('ignores what it does not know: an old link still shows a page', () => {
    expect(found('type=aeroport&tri=couleur&page=7')).toHaveLength(3)
  })

  test('has an address that gives it again', () => {
    for (const address of ['/', '/?type=col&route=D908&nom=bont%C3%A9&tri=nom', '/?tri=route']) {
      expect(addressOf(readSelection(new URL(address, 'http://localhost').searchParams))).toBe(address)
    }
  })
})
