import type { ReadonlySignal } from '@preact/signals'
import type { Address } from './address.ts'
import type { WallState } from './live/wall-state.ts'
import { filterStandings } from './wall/filter.ts'
import { Header } from './wall/header.tsx'
import { Wall } from './wall/wall.tsx'

type Props = { state: WallState; address: Address; now: ReadonlySignal<number> }

/** The watch room: header, wall, and the panel of the site that was chosen. */
export function App({ state, address, now }: Props) {
  const asked = address.asked.value
  const all = state.standings.value
  const shown = filterStandings(all, asked)
  const reading = state.reading.value
  return (
    <>
      <Header standings={all} asked={asked} now={now.value} cutSince={state.cutSince.value} onAsk={address.ask} />
      <main>
        {reading !== 'ready' ? (
          <NotYet reading={reading} />
        ) : shown.length === 0 ? (
          <NothingShown isFleetEmpty={all.length === 0} onAll={() => address.ask({ search: '', need: null })} />
        ) : (
          <Wall standings={shown} now={now.value} open={asked.site} onOpen={(site) => address.ask({ site })} />
        )}
      </main>
    </>
  )
}

const READING = {
  loading: { title: 'Chargement du mur…', advice: '' },
  failed: {
    title: 'Le centre ne répond pas',
    advice: 'Nouvel essai toutes les quelques secondes. Si cela dure, vérifier que le service cloud-api est en marche.',
  },
  refused: {
    title: 'Cette page n’est pas ouverte depuis ce poste',
    advice: 'Le mur se consulte depuis la salle de veille. Les images publiques sont sur Inforoute04.',
  },
}

function NotYet({ reading }: { reading: 'loading' | 'failed' | 'refused' }) {
  const { title, advice } = READING[reading]
  return (
    <div class="page-state">
      <p class="page-state-title">{title}</p>
      <p>{advice}</p>
      {reading === 'refused' && <a href="/">Aller à Inforoute04</a>}
    </div>
  )
}

function NothingShown({ isFleetEmpty, onAll }: { isFleetEmpty: boolean; onAll: () => void }) {
  return (
    <div class="page-state">
      <p class="page-state-title">
        {isFleetEmpty ? 'Aucun site n’est encore décrit' : 'Aucun site ne répond à ce choix'}
      </p>
      {isFleetEmpty ? (
        <p>Les sites apparaissent ici dès que leurs documents sont dans le dossier du parc.</p>
      ) : (
        <button type="button" onClick={onAll}>
          Voir tous les sites
        </button>
      )}
    </div>
  )
}
