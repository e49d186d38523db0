import { Glyph } from './glyphs.tsx'
import { MAP_HEIGHT, MAP_WIDTH, OUTLINE_PATH, type Point, project, spread } from './map-projection.ts'
import { freshnessOf, type Place } from './place.ts'
import { cardIdOf } from './place-card.tsx'
import { KINDS } from './selection.ts'
import type { Freshness } from './webcam.ts'
import { FRESHNESS_WORDS, inPrint, KIND_WORDS } from './wording.ts'

/** Names that help a reader to find their way; they are no links. Each stands where the fleet leaves room for it. */
const LANDMARKS = [
  { name: 'Barcelonnette', longitude: 6.652, latitude: 44.387, dx: -4, dy: -24, anchor: 'middle' },
  { name: 'Digne', longitude: 6.235, latitude: 44.092, dx: -16, dy: 5, anchor: 'end' },
  { name: 'Sisteron', longitude: 5.946, latitude: 44.196, dx: 0, dy: 27, anchor: 'middle' },
  { name: 'Manosque', longitude: 5.79, latitude: 43.832, dx: 0, dy: 27, anchor: 'middle' },
  { name: 'Castellane', longitude: 6.513, latitude: 43.847, dx: 8, dy: 25, anchor: 'start' },
] as const

/** The département with a marker for each place: its shape says the kind, its fill the state; it leads to the card. */
export function PlaceMap({ places, shown }: { places: readonly Place[]; shown: ReadonlySet<string> }) {
  const homes = places.map(({ longitude, latitude }) => project(longitude, latitude))
  const spots = spread(homes)
  const markers = places.flatMap((place, index) => {
    const home = homes[index]
    const spot = spots[index]
    return home === undefined || spot === undefined ? [] : [{ place, home, spot }]
  })
  return (
    <section class="map" id="carte" aria-labelledby="carte-titre" tabIndex={-1}>
      <h2 id="carte-titre">Carte</h2>
      <svg viewBox={`0 0 ${MAP_WIDTH} ${MAP_HEIGHT}`}>
        <title>Carte des webcams du département</title>
        <path class="outline" d={OUTLINE_PATH} />
        <g class="landmarks">
          {LANDMARKS.map(({ name, longitude, latitude, dx, dy, anchor }) => {
            const { x, y } = project(longitude, latitude)
            return (
              <text x={x + dx} y={y + dy} text-anchor={anchor}>
                {name}
              </text>
            )
          })}
        </g>
        {markers
          .filter(({ place, home, spot }) => shown.has(place.site) && Math.hypot(home.x - spot.x, home.y - spot.y) > 6)
          .map(({ home, spot }) => (
            <path
              class="leader"
              d={`M${home.x.toFixed(1)} ${home.y.toFixed(1)}L${spot.x.toFixed(1)} ${spot.y.toFixed(1)}`}
            />
          ))}
        {markers.map(({ place, home, spot }) =>
          shown.has(place.site) ? (
            <Marker place={place} at={spot} />
          ) : (
            <circle class="marker-absent" r="3" cx={home.x} cy={home.y} />
          ),
        )}
      </svg>
      <Legend states={new Set(places.filter(({ site }) => shown.has(site)).map(freshnessOf))} />
    </section>
  )
}

function Marker({ place, at: { x, y } }: { place: Place; at: Point }) {
  const freshness = freshnessOf(place)
  const name = `${inPrint(place.name)}, ${place.road}`
  const label = `${name}, ${FRESHNESS_WORDS[freshness]}`
  return (
    <a
      class="marker"
      href={`#${cardIdOf(place)}`}
      aria-label={label}
      data-marker={place.site}
      data-label={name}
      data-freshness={freshness}
    >
      <title>{label}</title>
      <g transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
        <rect class="marker-plate" x="-12" y="-12" width="24" height="24" rx="6" />
        <use href={`#glyph-${place.kind}`} x="-8" y="-8" width="16" height="16" />
        <g class="marker-state">
          <circle cx="11" cy="-11" r="8" />
          <use href={`#glyph-${freshness}`} x="5.500" y="-16.500" width="11" height="11" />
        </g>
      </g>
    </a>
  )
}

/** What the shapes mean: the kinds, and of the states those that are on the map and need a word. */
function Legend({ states }: { states: ReadonlySet<Freshness> }) {
  return (
    <ul class="legend" aria-label="Légende">
      {KINDS.map((kind) => (
        <li>
          <Glyph name={kind} /> {KIND_WORDS[kind].many.toLowerCase()}
        </li>
      ))}
      {FRESHNESS_SHOWN.filter((state) => states.has(state)).map((state) => (
        <li>
          <Glyph name={state} /> {FRESHNESS_WORDS[state]}
        </li>
      ))}
    </ul>
  )
}

const FRESHNESS_SHOWN = ['late', 'stale', 'offline', 'maintenance', 'withdrawn'] as const
