import type { PageAssets } from './assets.ts'
import { renderDocument } from './document.tsx'
import { freshnessOf, type Place, placesOf } from './place.ts'
import { PlaceCard } from './place-card.tsx'
import { PlaceMap } from './place-map.tsx'
import { isEverything, readSelection, type Selection, select } from './selection.ts'
import { SelectionForm } from './selection-form.tsx'
import type { Webcam } from './webcam.ts'
import { countInWords, NARROW, tallyInWords } from './wording.ts'

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
  const selection = readSelection(query)
  const chosen = select(places, selection)
  return renderDocument({
    title: 'Inforoute04 – webcams des routes des Alpes de Haute-Provence',
    description: 'L’état des routes départementales en images : cols, stations, villes et carrefours.',
    assets,
    now,
    skips: places.length === 0 ? [] : [{ href: '#carte', label: 'Aller à la carte' }],
    children: (
      <>
        <div class="lead">
          <h1>Webcams des routes</h1>
          <p class="tally">{places.length === 0 ? '' : tallyOf(places)}</p>
          {places.length > 0 && (
            <a class="to-map" href="#carte">
              Carte
            </a>
          )}
        </div>
        {places.length === 0 ? <NothingYet /> : <Places {...{ places, chosen, selection, now }} />}
      </>
    ),
  })
}

const tallyOf = (places: readonly Place[]) =>
  `${countInWords(places.length, 'lieu', 'lieux')}${NARROW}: ${tallyInWords(places.map(freshnessOf))}`

type PlacesProps = { places: readonly Place[]; chosen: readonly Place[]; selection: Selection; now: number }

function Places({ places, chosen, selection, now }: PlacesProps) {
  return (
    <>
      <SelectionForm places={places} selection={selection} />
      <div class="list-and-map">
        <section class="list" aria-labelledby="liste-titre">
          <h2 id="liste-titre" class={isEverything(selection) ? 'visually-hidden' : undefined}>
            {isEverything(selection) ? 'Tous les lieux' : foundInWords(chosen.length)}
          </h2>
          {chosen.length === 0 ? <NothingFound count={places.length} /> : null}
          <ul class="places">
            {chosen.map((place, index) => (
              <PlaceCard place={place} now={now} loading={index < EAGER ? 'eager' : 'lazy'} />
            ))}
          </ul>
        </section>
        <PlaceMap places={places} shown={new Set(chosen.map(({ site }) => site))} />
      </div>
    </>
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
    <div class="empty">
      <p>Aucune webcam n’est en service pour le moment. Cette page les montrera dès leur mise en route.</p>
    </div>
  )
}
