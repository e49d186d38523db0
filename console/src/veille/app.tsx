import type { ReadonlySignal } from '@preact/signals'
import { useCallback, useState } from 'preact/hooks'
import { useAlarms, useUnits } from '../alarms/use-alarms.ts'
import type { AccountApi } from '../api/account.ts'
import type { Cloud } from '../api/cloud.ts'
import type { FleetApi } from '../api/fleet.ts'
import { Navigation, useMe } from '../office/navigation.tsx'
import type { Address } from './address.ts'
import type { WallState } from './live/wall-state.ts'
import { AlarmPanel } from './panel/alarm-panel.tsx'
import { Panel } from './panel/panel.tsx'
import { filterStandings } from './wall/filter.ts'
import { ALARMS_BUTTON, Header } from './wall/header.tsx'
import { tileIdOf } from './wall/tile.tsx'
import { Wall } from './wall/wall.tsx'

type Props = {
  account: AccountApi
  cloud: Cloud
  fleet: FleetApi
  state: WallState
  address: Address
  now: ReadonlySignal<number>
}

/** The watch room: header, wall, and the panel of the site that was chosen. */
export function App({ account, cloud, fleet, state, address, now }: Props) {
  const me = useMe(account)
  const units = useUnits(fleet, me)
  const { alarms, onSeen } = useAlarms({ api: fleet, me, units }, now.value)
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
  const openSite = (site: string) => {
    setAlarmsOpen(false)
    address.ask({ site })
  }
  const [areAlarmsOpen, setAlarmsOpen] = useState(false)
  const closeAlarms = useCallback(() => {
    setAlarmsOpen(false)
    document.getElementById(ALARMS_BUTTON)?.focus()
  }, [])
  return (
    <>
      <Navigation me={me} here="/veille" />
      <Header
        {...{ standings: all, asked, now: now.value, cutSince: state.cutSince.value, onAsk: address.ask }}
        alarms={alarms.length}
        onAlarms={() => {
          address.ask({ site: null })
          setAlarmsOpen(true)
        }}
      />
      <main>
        {reading !== 'ready' ? (
          <NotYet reading={reading} />
        ) : shown.length === 0 ? (
          <NothingShown isFleetEmpty={all.length === 0} onAll={() => address.ask({ search: '', need: null })} />
        ) : (
          <Wall standings={shown} now={now.value} open={asked.site} onOpen={openSite} />
        )}
      </main>
      {areAlarmsOpen && open === undefined && (
        <AlarmPanel {...{ alarms, units, onSeen, now: now.value, onClose: closeAlarms }} />
      )}
      {open !== undefined && (
        <Panel
          key={open.site.site}
          {...{ cloud, standing: open, now: now.value, units, onSeen, onClose: close }}
          alarms={alarms.filter(({ what }) => what === open.site.unit.id)}
          mayAsk={me?.actions.includes('command.read') ?? false}
        />
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
    title: 'Votre rôle n’ouvre pas le mur',
    advice: 'Un administrateur peut vous le donner. Les images publiques sont sur Inforoute04.',
  },
  'signed-out': {
    title: 'Votre session est terminée',
    advice: 'Connectez-vous de nouveau : le mur reprend où vous l’avez laissé.',
  },
}

function NotYet({ reading }: { reading: keyof typeof READING }) {
  const { title, advice } = READING[reading]
  return (
    <div class="page-state">
      <p class="page-state-title">{title}</p>
      <p>{advice}</p>
      {reading === 'refused' && <a href="/">Aller à Inforoute04</a>}
      {reading === 'signed-out' && (
        <a href={`/connexion?retour=${encodeURIComponent(location.pathname + location.search)}`}>Se connecter</a>
      )}
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
