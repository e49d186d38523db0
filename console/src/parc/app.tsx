import { AlarmsShown } from '../alarms/alarms-shown.tsx'
import { useAlarms } from '../alarms/use-alarms.ts'
import type { AccountApi } from '../api/account.ts'
import type { FleetApi } from '../api/fleet.ts'
import { Navigation, useMe } from '../office/navigation.tsx'
import type { Address } from './address.ts'
import { List } from './list/list.tsx'
import { UnitPage } from './unit/unit-page.tsx'
import { useFleet } from './use-fleet.ts'

type Props = { account: AccountApi; fleet: FleetApi; address: Address }

/** The fleet: all units in a list, or one of them. */
export function App({ account, fleet: api, address }: Props) {
  const me = useMe(account)
  const { fleet, again } = useFleet(api)
  const units = fleet.reading === 'ready' ? fleet.units : []
  const { alarms, onSeen } = useAlarms({ api, me, units }, fleet.reading === 'ready' ? fleet.now : 0)
  const asked = address.asked.value
  return (
    <>
      <Navigation me={me} here="/parc" />
      <main class="parc-page">
        {fleet.reading !== 'ready' ? (
          <NotYet reading={fleet.reading} />
        ) : asked.unit === null ? (
          <>
            <AlarmsShown {...{ alarms, units, onSeen }} now={fleet.now} />
            <List fleet={fleet} asked={asked} onAsk={address.ask} />
          </>
        ) : (
          <UnitPage
            key={asked.unit}
            name={asked.unit}
            {...{ fleet, api, me }}
            onBack={() => address.ask({ unit: null })}
            onChange={again}
          />
        )}
      </main>
    </>
  )
}

const READING = {
  loading: { title: 'Chargement du parc…', advice: '' },
  failed: {
    title: 'Le centre ne répond pas',
    advice: 'Nouvel essai dans quelques secondes. Si cela dure, vérifier que le service cloud-api est en marche.',
  },
  refused: {
    title: 'Votre rôle n’ouvre pas le parc',
    advice: 'Il est ouvert aux techniciens, aux superviseurs et aux administrateurs.',
  },
  'signed-out': { title: 'Votre session est terminée', advice: 'Connectez-vous de nouveau pour reprendre ici.' },
}

function NotYet({ reading }: { reading: keyof typeof READING }) {
  const { title, advice } = READING[reading]
  return (
    <div class="page-state">
      <h1 class="page-state-title">{title}</h1>
      <p>{advice}</p>
      {reading === 'signed-out' && (
        <a class="way-out" href={`/connexion?retour=${encodeURIComponent(location.pathname + location.search)}`}>
          Se connecter
        </a>
      )}
    </div>
  )
}
