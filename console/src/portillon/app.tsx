import { useEffect, useState } from 'preact/hooks'
import { DayScreen } from './day/day-screen.tsx'
import { askState } from './follow-gateway.ts'
import type { Gate } from './gate.ts'
import { Header } from './header.tsx'
import { LanesScreen } from './lanes/lanes-screen.tsx'
import { PairScreen } from './pair/pair-screen.tsx'
import { refusalInFrench } from './refusal-words.ts'
import { ScanScreen } from './scan/scan-screen.tsx'
import { SearchScreen } from './search/search-screen.tsx'

const SCREENS = [
  { name: 'scanner', label: 'Scanner' },
  { name: 'passages', label: 'Passages' },
  { name: 'recherche', label: 'Rechercher' },
  { name: 'journee', label: 'Journée' },
] as const
type ScreenName = (typeof SCREENS)[number]['name']

type Props = { gate: Gate; pass: string | null }

/** The page of the gate staff: one task a screen, the others one touch away. */
export function App({ gate, pass }: Props) {
  const { me, link, state, api, kept } = gate
  const [name, setName] = useState<ScreenName>(screenIn(location.search))
  const [refusal, setRefusal] = useState<string | null>(null)
  const [hasBegun, setBegun] = useState(false)
  const [isPairing, setPairing] = useState(pass !== null)

  async function pair(given: string): Promise<void> {
    setPairing(true)
    try {
      const paired = await api.pair(given)
      // Another museum's list says nothing here.
      if (me.value !== null && me.value.site !== paired.site) await kept.forgetList()
      await kept.setMe(paired)
      me.value = paired
      setRefusal(null)
      await askState(gate)
    } catch (problem) {
      setRefusal(refusalInFrench(problem))
    } finally {
      setPairing(false)
    }
  }
  async function unpair(): Promise<void> {
    await api.unpair().catch(() => undefined)
    await kept.forgetList()
    me.value = null
    link.value = 'unpaired'
  }
  useEffect(() => {
    if (pass !== null) void pair(pass)
  }, [])
  function go(next: ScreenName): void {
    history.replaceState(null, '', `?ecran=${next}`)
    setName(next)
    scrollTo(0, 0)
  }

  if (me.value === null || link.value === 'unpaired') {
    return (
      <>
        <Header gate={gate} />
        <PairScreen onPass={(given) => void pair(given)} refusal={refusal} isBusy={isPairing} />
      </>
    )
  }
  const placeOf = (lane: string | null) =>
    lane === null ? 'téléphone de l’équipe' : (state.value?.lanes.find((one) => one.lane === lane)?.label ?? lane)
  return (
    <>
      <Header gate={gate} />
      {name === 'scanner' && <ScanScreen {...{ gate, placeOf, hasBegun }} onBegun={() => setBegun(true)} />}
      {name === 'passages' && <LanesScreen {...{ gate, placeOf }} />}
      {name === 'recherche' && <SearchScreen {...{ gate, placeOf }} />}
      {name === 'journee' && <DayScreen {...{ gate, placeOf }} onUnpaired={() => void unpair()} />}
      <nav class="tabs" aria-label="Portillon">
        {SCREENS.map((screen) => (
          <button
            key={screen.name}
            type="button"
            aria-current={screen.name === name ? 'page' : undefined}
            onClick={() => go(screen.name)}
          >
            {screen.label}
            {screen.name === 'journee' && (state.value?.openConflicts ?? 0) > 0 && (
              <span class="tab-count">
                {state.value?.openConflicts}
                <span class="visually-hidden"> à regarder</span>
              </span>
            )}
          </button>
        ))}
      </nav>
    </>
  )
}

const screenIn = (search: string): ScreenName =>
  SCREENS.find(({ name }) => name === new URLSearchParams(search).get('ecran'))?.name ?? 'scanner'
