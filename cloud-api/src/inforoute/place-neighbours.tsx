import type { Place } from './place.ts'
import { pageOf } from './place-card.tsx'
import { ViewFigure } from './view-figure.tsx'
import { altitudeInWords, inPrint } from './wording.ts'

/** So many places go beside a picture without outdoing it. */
const NEIGHBOURS_MAX = 4

/** The other places of the same road, the nearest first: where a driver comes from, or goes on to. */
export function PlaceNeighbours({ place, places, now }: { place: Place; places: readonly Place[]; now: number }) {
  const neighbours = neighboursOf(place, places)
  if (neighbours.length === 0) return null
  return (
    <aside class="neighbours" aria-labelledby="voisins">
      <h2 id="voisins">Aussi sur la {place.road}</h2>
      <ul>
        {neighbours.map((one) => (
          <li class="place neighbour" data-site={one.site}>
            <ViewFigure
              place={one}
              webcam={one.views[0].webcam}
              preset={one.views[0].preset}
              now={now}
              loading="lazy"
              sizes="(min-width: 1180px) 200px, 48vw"
            />
            <h3>
              <a href={pageOf(one)}>{inPrint(one.name)}</a>
            </h3>
            <p class="facts">{altitudeInWords(one.altitudeM)}</p>
          </li>
        ))}
      </ul>
    </aside>
  )
}

export function neighboursOf(place: Place, places: readonly Place[]): Place[] {
  return places
    .filter((one) => one.road === place.road && one.site !== place.site)
    .toSorted((a, b) => distance(place, a) - distance(place, b))
    .slice(0, NEIGHBOURS_MAX)
}

/** Only to compare: at 44° north a degree of longitude is 0.72 of one of latitude. */
const distance = (a: Place, b: Place) => Math.hypot((a.longitude - b.longitude) * 0.72, a.latitude - b.latitude)
