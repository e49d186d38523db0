import { useEffect, useState } from 'preact/hooks'
import type { AccountApi } from '../api/account.ts'
import type { Museum, TicketsApi } from '../api/tickets.ts'
import { Navigation, useMe } from '../office/navigation.tsx'
import { refusalInWords } from '../office/refusal-words.ts'
import { DayScreen } from './day/day-screen.tsx'
import { ImportScreen } from './import-screen.tsx'
import { PhoneScreen } from './phone/phone-screen.tsx'
import { SaleScreen } from './sale/sale-screen.tsx'
import { TicketsScreen } from './tickets/tickets-screen.tsx'

const SCREENS = [
  { name: 'vente', label: 'Vente', action: 'ticket.sell' },
  { name: 'billets', label: 'Billets', action: 'ticket.read' },
  { name: 'journee', label: 'Journée', action: 'gate.read' },
  { name: 'import', label: 'Import', action: 'ticket.import' },
  { name: 'telephone', label: 'Téléphone', action: 'gate.pass' },
] as const
type ScreenName = (typeof SCREENS)[number]['name']

type Props = { account: AccountApi; api: TicketsApi; newId: () => string }

/** The desk of a museum. Which museum and which task stand in the address. */
export function App({ account, api, newId }: Props) {
  const me = useMe(account)
  const asked = new URLSearchParams(location.search)
  const [museums, setMuseums] = useState<Museum[] | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const [site, setSite] = useState(asked.get('musee'))
  const [name, setName] = useState<ScreenName>(SCREENS.find((one) => one.name === asked.get('ecran'))?.name ?? 'vente')
  useEffect(() => {
    api.museums().then(setMuseums, (problem: unknown) => setRefusal(refusalInWords(problem)))
  }, [api])
  const museum = museums?.find((one) => one.site === site) ?? museums?.[0]
  function go(to: { museum?: string; screen?: ScreenName }): void {
    const next = { musee: to.museum ?? museum?.site ?? '', ecran: to.screen ?? name }
    history.replaceState(null, '', `?${new URLSearchParams(next)}`)
    setSite(next.musee)
    setName(next.ecran)
  }
  return (
    <>
      <Navigation me={me} here="/guichet" />
      {museums !== null && museum !== undefined && (
        <header class="desk-header">
          {museums.length > 1 ? (
            <label>
              <span class="visually-hidden">Musée</span>
              <select value={museum.site} onChange={({ currentTarget }) => go({ museum: currentTarget.value })}>
                {museums.map((one) => (
                  <option key={one.site} value={one.site}>
                    {one.name}
                  </option>
                ))}
              </select>
            </label>
          ) : (
            <p class="desk-museum">{museum.name}</p>
          )}
          <nav class="desk-tabs" aria-label="Guichet">
            {SCREENS.filter(({ action }) => me?.actions.includes(action)).map((screen) => (
              <button
                key={screen.name}
                type="button"
                aria-current={screen.name === name ? 'page' : undefined}
                onClick={() => go({ screen: screen.name })}
              >
                {screen.label}
              </button>
            ))}
          </nav>
        </header>
      )}
      <main class="screen">
        {museum === undefined ? (
          <p class={refusal === null ? 'page-state' : 'refusal'}>
            {refusal ??
              (museums === null
                ? 'Chargement du guichet…'
                : 'Aucun musée ne vous est ouvert. Demandez à un administrateur.')}
          </p>
        ) : (
          <Screen key={museum.site} {...{ name, api, newId, museum }} />
        )}
      </main>
    </>
  )
}

type Shown = { name: ScreenName; api: TicketsApi; museum: Museum; newId: () => string }

function Screen({ name, api, museum, newId }: Shown) {
  const { site, page } = museum
  switch (name) {
    case 'vente':
      return <SaleScreen {...{ api, site, newId }} />
    case 'billets':
      return <TicketsScreen {...{ api, site }} />
    case 'journee':
      return <DayScreen {...{ api, museum }} />
    case 'import':
      return <ImportScreen {...{ api, site }} />
    case 'telephone':
      return <PhoneScreen {...{ api, site, page }} />
  }
}
