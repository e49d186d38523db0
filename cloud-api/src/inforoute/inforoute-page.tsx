import type { PageAssets } from './assets.ts'
import { renderDocument } from './document.tsx'
import { freshnessOf, type Place, placesOf } from './place.ts'
import { PlaceCard } from './place-card.tsx'
import { PlaceMap } from './place-map.tsx'
import { isEverything, readSelection, type Selection, select } from './selection.ts'
import { SelectionForm } from './selection-form.tsx'
import type { Webcam } from './webcam.ts'
import { countInWords, placesInWords } from './wording.ts'

export type InforoutePage = {
  /** The features of GET /api/v1/webcams. */
  webcams: readonly Webcam[]
  /** Wall time, in milliseconds: ages are counted from it. */
  now: number
  assets: PageAssets
  /** The query of the address: what the reader asked to see. */
  query?: URLSearchParams
}

/** So many pictures may stand above the fold; the others wait for the reader. */
const EAGER = 3

/** The public page: every place with its picture, as a list and on a map. Complete HTML, without any script. */
export function renderInforoutePage({ webcams, now, assets, query = new URLSearchParams() }: InforoutePage): string {
  const places = placesOf(webcams)
  return renderDocument({
    title: 'Inforoute04 – webcams des routes des Alpes de Haute-Provence',
    description: 'L’état des routes départementales en images : cols, stations, villes et carrefours.',
    assets,
    now,
    skips: places.length === 0 ? [] : [{ href: '#carte', label: 'Aller à la carte' }],
    children:
      places.length === 0 ? <NothingYet /> : <Places places={places} selection={readSelection(query)} now={now} />,
  })
}

type PlacesProps = { places: readonly Place[]; selection: Selection; now: number }

function Places({ places, selection, now }: PlacesProps) {
  const chosen = select(places, selection)
  return (
    <div class="list-and-map">
      <div class="list">
        <div class="lead">
          <h1>Webcams des routes</h1>
          <a class="to-map" href="#carte">
            Carte
          </a>
          <p class="tally">{placesInWords(places.map(freshnessOf))}</p>
        </div>
        <SelectionForm places={places} selection={selection} />
        <h2 class={isEverything(selection) ? 'visually-hidden' : 'found'}>
          {isEverything(selection) ? 'Tous les lieux' : foundInWords(chosen.length)}
        </h2>
        {chosen.length === 0 && <NothingFound count={places.length} />}
        <ul class="places">
          {chosen.map((place, index) => (
            <PlaceCard place={place} now={now} loading={index < EAGER ? 'eager' : 'lazy'} />
          ))}
        </ul>
      </div>
      <PlaceMap places={places} shown={new Set(chosen.map(({ site }) => site))} />
    </div>
  )
}

const foundInWords = (count: number) => countInWords(count, 'lieu trouvé', 'lieux trouvés', 'Aucun lieu trouvé')

function NothingFound({ count }: { count: number }) {
  return (
    <div class="empty">
      <p>Aucun lieu ne répond à cette recherche. Essayez un nom plus court, ou une autre route.</p>
      <p>
        <a href="/">Voir les {countInWords(count, 'lieu', 'lieux')}</a>
      </p>
    </div>
  )
}

function NothingYet() {
  return (
    <div class="message">
      <h1>Webcams des routes</h1>
      <p>Aucune webcam n’est en service pour le moment. Cette page les montrera dès leur mise en route.</p>
    </div>
  )
}
