import type { ReadonlySignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import type { Cloud } from '../api/cloud.ts'
import type { Address } from './address.ts'
import type { WallState } from './live/wall-state.ts'
import { Panel } from './panel/panel.tsx'
import { filterStandings } from './wall/filter.ts'
import { Header } from './wall/header.tsx'
import { tileIdOf } from './wall/tile.tsx'
import { Wall } from './wall/wall.tsx'

type Props = { cloud: Cloud; state: WallState; address: Address; now: ReadonlySignal<number> }

/** The watch room: header, wall, and the panel of the site that was chosen. */
export function App({ cloud, state, address, now }: Props) {
  const asked = address.asked.value
  const all = state.standings.value
  const shown = filterStandings(all, asked)
  const reading = state.reading.value
  const open = all.find(({ site }) => site.site === asked.site)
  const close = useCallback(() => {
    const { site } = address.asked.peek()
    address.ask({ site: null })
    if (site !== null) document.getElementById(tileIdOf(site))?.focus()
  }, [address])
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
      {open !== undefined && (
        <Panel key={open.site.site} cloud={cloud} standing={open} now={now.value} onClose={close} />
      )}
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
