import type { Freshness, Preset, Webcam } from '../api/schemas.ts'
import { loadPicture } from '../live/load-picture.ts'
import { dayInWords, FRESHNESS_WORDS, placesInWords, rhythmInWords, timeOfDay } from '../look/wording.ts'
import { createFigure } from './figure.ts'

export type LivePage = {
  take(webcam: Webcam): void
  /** Brings every text up to this moment: ages, states, counts, the page's own clock. */
  show(now: number): void
  /** Null: the page is up to date. */
  notice(text: string | null): void
}

/** The page as the cloud made it, kept up to date. What is not in the page stays out of it: it was not asked for. */
export function createLivePage(page: Document): LivePage {
  const webcams = new Map<string, Webcam>()
  const figures = [...page.querySelectorAll<HTMLElement>('[data-view]')].map((element) =>
    createFigure(element, loadPicture),
  )
  const rhythms = [...page.querySelectorAll<HTMLElement>('[data-rhythm]')]
  const markers = [...page.querySelectorAll<SVGElement>('[data-marker]')]

  const write = (place: string, text: string) => {
    const element = page.querySelector(place)
    if (element !== null && element.textContent !== text) element.textContent = text
  }

  return {
    take: (webcam) => webcams.set(webcam.id, webcam),
    show: (now) => {
      write('.page-day', `${dayInWords(now)}, `)
      write('.page-clock', timeOfDay(now))
      if (webcams.size === 0) return
      const presets = presetsOf(webcams.values())
      for (const figure of figures) {
        const preset = presets.get(figure.element.dataset['view'] ?? '')
        if (preset !== undefined) figure.show(preset, now)
      }
      for (const element of rhythms) {
        const preset = presets.get(element.dataset['rhythm'] ?? '')
        const text = preset === undefined ? null : rhythmInWords(preset, now)
        if (text !== null && element.textContent !== text) element.textContent = text
      }
      const sites = freshnessOfSites(webcams.values())
      for (const marker of markers) showMarker(marker, sites.get(marker.dataset['marker'] ?? ''))
      write('.tally', placesInWords([...sites.values()]))
    },
    notice: (text) => write('.notice', text ?? ''),
  }
}

const presetsOf = (webcams: Iterable<Webcam>): Map<string, Preset> =>
  new Map(
    [...webcams].flatMap(({ id, properties }) =>
      properties.presets.map((preset) => [`${id}/${preset.id}`, preset] as const),
    ),
  )

/** From the state that says most about the road now to the one that says least; a site has that of its best view. */
const LIVELIEST: readonly Freshness[] = ['fresh', 'late', 'stale', 'offline', 'maintenance', 'withdrawn']

export function freshnessOfSites(webcams: Iterable<Webcam>): Map<string, Freshness> {
  const sites = new Map<string, Freshness>()
  for (const { properties } of webcams) {
    for (const { freshness } of properties.presets) {
      const known = sites.get(properties.site)
      const isLivelier = known === undefined || LIVELIEST.indexOf(freshness) < LIVELIEST.indexOf(known)
      if (isLivelier) sites.set(properties.site, freshness)
    }
  }
  return sites
}

function showMarker(marker: SVGElement, freshness: Freshness | undefined) {
  if (freshness === undefined || marker.dataset['freshness'] === freshness) return
  marker.dataset['freshness'] = freshness
  marker.querySelector('.marker-state use')?.setAttribute('href', `#glyph-${freshness}`)
  const label = `${marker.dataset['label']}, ${FRESHNESS_WORDS[freshness]}`
  marker.setAttribute('aria-label', label)
  const title = marker.querySelector('title')
  if (title !== null) title.textContent = label
}
