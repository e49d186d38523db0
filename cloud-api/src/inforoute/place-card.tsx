import type { Place } from './place.ts'
import { ViewFigure } from './view-figure.tsx'
import { altitudeInWords, countInWords, inPrint, KIND_WORDS } from './wording.ts'

type Props = { place: Place; now: number; loading: 'eager' | 'lazy' }

/** Two columns from 560 px, three beside the map from 1180: see `.places` in the console's inforoute.css. */
const SIZES = '(min-width: 1180px) 300px, (min-width: 560px) 48vw, 100vw'

export const cardIdOf = (place: Place) => `site-${place.site}`

/** One place of the list: its picture first, then where it is. */
export function PlaceCard({ place, now, loading }: Props) {
  const [{ webcam, preset }] = place.views
  return (
    <li class="place" id={cardIdOf(place)} data-site={place.site}>
      <ViewFigure place={place} webcam={webcam} preset={preset} now={now} loading={loading} sizes={SIZES} />
      <h3>
        <a href={`/site/${place.site}`}>{inPrint(place.name)}</a>
      </h3>
      <Facts place={place} />
    </li>
  )
}

/** The road on its shield, the altitude, what is seen. */
export function Facts({ place }: { place: Place }) {
  const [{ preset }] = place.views
  return (
    <ul class="facts">
      <li>
        <span class="road">{place.road}</span>
      </li>
      <li>{altitudeInWords(place.altitudeM)}</li>
      <li class="kind">{KIND_WORDS[place.kind].one}</li>
      <li>{inPrint(preset.label)}</li>
      {place.views.length > 1 && <li>{countInWords(place.views.length, 'vue', 'vues')}</li>}
    </ul>
  )
}
