import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { Wall, Webcam } from '../../api/schemas.ts'
import { type Standing, sortByNeed, standingOf } from '../wall/need.ts'
import type { Site } from '../wall/site.ts'

/** Whether the wall has anything to show yet, and if not, why. */
export type Reading = 'loading' | 'ready' | 'failed' | 'refused' | 'signed-out'

export type WallState = {
  reading: ReadonlySignal<Reading>
  /** Since when the stream of events is cut; null while it is heard. */
  cutSince: ReadonlySignal<number | null>
  /** All sites, by need. */
  standings: ReadonlySignal<Standing[]>
  takeWall(wall: Pick<Wall, 'sites'>): void
  takeFailure(reading: 'failed' | 'refused' | 'signed-out'): void
  takeWebcam(webcam: Webcam): void
  takeLink(isUp: boolean, now: number): void
}

/** What the wall knows. It changes only by what is handed to it; the views follow by themselves. */
export function createWallState(): WallState {
  const reading = signal<Reading>('loading')
  const cutSince = signal<number | null>(null)
  const sites = signal<ReadonlyMap<string, Site>>(new Map())

  return {
    reading,
    cutSince,
    standings: computed(() => sortByNeed([...sites.value.values()].map(standingOf))),
    takeWall: (wall) => {
      sites.value = new Map(wall.sites.map((site) => [site.site, site]))
      reading.value = 'ready'
    },
    takeFailure: (failure) => {
      // What is there stays, with its ages counting on; only a wall that never was there says why.
      if (reading.value !== 'ready') reading.value = failure
    },
    takeWebcam: (webcam) => {
      const site = sites.value.get(webcam.properties.site)
      if (site === undefined) return
      const webcams = site.webcams.map((one) => (one.id === webcam.id ? webcam : one))
      sites.value = new Map(sites.value).set(site.site, { ...site, webcams })
    },
    takeLink: (isUp, now) => {
      cutSince.value = isUp ? null : (cutSince.value ?? now)
    },
  }
}
