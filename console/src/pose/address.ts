import { type ReadonlySignal, signal } from '@preact/signals'
import { STEPS, type Step } from './steps/steps.ts'

/** Where a person is: the start, or a step of a journey of this phone. */
export type Place = { journey: string; step: Step } | null

export type Address = { place: ReadonlySignal<Place>; go(place: Place): void }

const BASE = '/pose'

export function readPlace(pathname: string): Place {
  const [, journey, step] = /^\/pose\/([\w-]{1,64})\/([a-z]+)$/.exec(pathname) ?? []
  const known = STEPS.find((one) => one === step)
  return journey === undefined || known === undefined ? null : { journey, step: known }
}

export const pathOf = (place: Place): string => (place === null ? BASE : `${BASE}/${place.journey}/${place.step}`)

/** The page's address as a signal; the browser's way back leads to the step before. */
export function createAddress(page: Pick<Window, 'location' | 'history' | 'addEventListener'>): Address {
  const place = signal(readPlace(page.location.pathname))
  page.addEventListener('popstate', () => {
    place.value = readPlace(page.location.pathname)
  })
  return {
    place,
    go: (next) => {
      page.history.pushState(null, '', pathOf(next))
      place.value = next
    },
  }
}
