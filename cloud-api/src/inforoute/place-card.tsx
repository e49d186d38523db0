import type { Place } from './place.ts'
import { ViewFigure } from './view-figure.tsx'
import { altitudeInWords, countInWords, inPrint } from './wording.ts'

type Props = { place: Place; now: number; loading: 'eager' | 'lazy' }

/** As wide as `.places` of the console's inforoute.css draws a picture. */
const SIZES = '(min-width: 1180px) 300px, (min-width: 560px) 48vw, 100vw'

export const cardIdOf = (place: Place) => `site-${place.site}`
export const pageOf = (place: Place) => `/site/${place.site}`

/** One place of the list: its picture first, then where it is. */
export function PlaceCard({ place, now, loading }: Props) {
  const [{ webcam, preset }] = place.views
  return (
    <li class="place" id={cardIdOf(place)} data-site={place.site}>
      <ViewFigure place={place} webcam={webcam} preset={preset} now={now} loading={loading} sizes={SIZES} />
      <h3>
        <a href={pageOf(place)}>{inPrint(place.name)}</a>
      </h3>
      <RoadShield road={place.road} />
      <p class="facts">
        {altitudeInWords(place.altitudeM)}, {inPrint(preset.label)}
        {place.views.length > 1 && <span class="more-views">{countInWords(place.views.length, 'vue', 'vues')}</span>}
      </p>
    </li>
  )
}

/** The number of a departmental road as it stands on its signs. */
export function RoadShield({ road }: { road: string }) {
  return <span class="road">{road}</span>
}
