import { useEffect, useMemo, useState } from 'preact/hooks'
import type { PlannedSite, PlannedSites } from '../../api/schemas.ts'
import { answers } from '../../look/plain-text.ts'
import { inPrint, NARROW } from '../../look/wording.ts'
import { type Journey, withOutgoing } from '../journey/journey.ts'
import { keepSites, readKeptSites } from '../map/kept-sites.ts'
import { type Coordinates, distanceM } from '../map/projection.ts'
import { SiteMap } from '../map/site-map.tsx'
import { type Locating, usePosition } from '../map/use-position.ts'
import { enter, type Pole, type StepProps } from '../pole.ts'
import { distanceInWords } from '../words.ts'
import { NewSite } from './new-site.tsx'
import { Replacement } from './replacement.tsx'

/** So many stand in the list at first: one screen and a half. */
const SHOWN = 6

/** Chooses the site: in a list by distance, on the map, by its name, or a new one. */
export function SiteStep({ pole, journey, onDone }: StepProps) {
  const planned = usePlannedSites(pole)
  const [locating, locate] = usePosition()
  const [pointed, setPointed] = useState<Coordinates | null>(null)
  const [search, setSearch] = useState('')
  const [isWhole, setWhole] = useState(false)
  const [isNew, setNew] = useState(false)
  const [taken, setTaken] = useState<PlannedSite | null>(null)
  const position = locating.state === 'known' ? locating.position : null
  const from = pointed ?? position
  const sites = useMemo(() => sorted(planned?.sites ?? [], from, search), [planned, from, search])

  async function choose(site: { id: string; name: string }, extra: Record<string, unknown> = {}) {
    await pole.book.change(journey.id, (now) => bound(now, site))
    const here = position === null ? {} : { position }
    await enter(pole, journey, 'site', { entered: { site: site.id, name: site.name, ...here, ...extra }, isDone: true })
    onDone()
  }

  if (isNew) {
    return (
      <NewSite
        unit={journey.unit ?? ''}
        year={new Date(pole.now()).getFullYear()}
        taken={planned?.sites ?? []}
        position={pointed ?? position}
        onLocate={locate}
        locating={locating.state}
        onBack={() => setNew(false)}
        onNew={async (site) => {
          await pole.book.change(journey.id, (now) => withOutgoing(now, { kind: 'site', site }))
          await choose({ id: site.id, name: site.name }, { isNew: true })
        }}
      />
    )
  }
  if (taken !== null) {
    return (
      <Replacement
        site={taken}
        unit={journey.unit}
        onBack={() => setTaken(null)}
        onReplace={async (wish) => {
          const of = { site: taken.site, unit: journey.unit }
          await pole.book.change(journey.id, (now) => withOutgoing(now, { kind: 'replacement', ...of, ...wish }))
          await choose({ id: taken.site, name: taken.name }, { replaces: taken.unit, reason: wish.reason })
        }}
      />
    )
  }
  const choice = (site: PlannedSite) => {
    const isOther = site.unit !== journey.unit
    if (isOther && journey.entries.site?.entered['site'] !== site.site) setTaken(site)
    else void choose({ id: site.site, name: site.name })
  }
  return (
    <>
      <Here locating={locating} onLocate={locate} />
      {planned === null ? (
        <p class="notice">La liste des sites arrive… Sans réseau, créez le site et continuez.</p>
      ) : (
        <>
          <SiteMap planned={planned} from={from} chosen={journey.site?.id ?? null} onPoint={setPointed} />
          <label class="search">
            Nom ou route
            <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
          </label>
          <ul class="choices" aria-label="Sites">
            {sites.slice(0, isWhole ? sites.length : SHOWN).map(({ site, away }) => (
              <li key={site.site}>
                <button
                  type="button"
                  class="choice"
                  aria-pressed={site.site === journey.site?.id}
                  onClick={() => choice(site)}
                >
                  <strong>{inPrint(site.name)}</strong>
                  <span>
                    <span class="road">{site.road}</span> {site.unit}
                    {away !== null && `, à ${distanceInWords(away)}`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {sites.length === 0 && (
            <p class="hint">
              Aucun site ne répond à «{NARROW}
              {search}
              {NARROW}».
            </p>
          )}
        </>
      )}
      <div class="actions">
        {sites.length > SHOWN && !isWhole && (
          <button type="button" onClick={() => setWhole(true)}>
            Voir les {sites.length} sites
          </button>
        )}
        <button type="button" onClick={() => setNew(true)}>
          Créer un nouveau site
        </button>
      </div>
    </>
  )
}

/** The box belongs to this site: the authority is told with the claim, and the record begins. */
function bound(journey: Journey, site: { id: string; name: string }): Journey {
  const { claim, unit } = journey
  const begun = withOutgoing({ ...journey, site }, { kind: 'beginning', site: site.id, unit })
  return claim === null ? begun : withOutgoing(begun, { kind: 'binding', claim, site: site.id })
}

function Here({ locating, onLocate }: { locating: Locating; onLocate: () => void }) {
  if (locating.state === 'known') {
    return (
      <p class="hint">
        Position connue à {distanceInWords(Math.max(50, locating.position.accuracyM))} près{NARROW}: les sites proches
        d’abord.
      </p>
    )
  }
  return (
    <div class="actions">
      <button type="button" disabled={locating.state === 'asking'} onClick={onLocate}>
        {locating.state === 'asking' ? 'Recherche de la position…' : 'Les sites proches d’abord'}
      </button>
      {locating.state === 'refused' && (
        <p class="hint">La position est bloquée dans les réglages du navigateur. Touchez la carte.</p>
      )}
      {locating.state === 'unknown' && (
        <p class="hint">La position n’a pas été trouvée. Touchez la carte, ou réessayez à découvert.</p>
      )}
    </div>
  )
}

function usePlannedSites({ cloud }: Pole): PlannedSites | null {
  const [planned, setPlanned] = useState<PlannedSites | null>(() => readKeptSites(localStorage))
  useEffect(() => {
    const gone = new AbortController()
    cloud.plannedSites(gone.signal).then(
      (sites) => {
        setPlanned(sites)
        keepSites(localStorage, sites)
      },
      () => {
        // Without a network the list is the one that was last told.
      },
    )
    return () => gone.abort()
  }, [cloud])
  return planned
}

function sorted(sites: readonly PlannedSite[], from: Coordinates | null, search: string) {
  return sites
    .filter(({ name, road, unit }) => answers(`${name} ${road} ${unit}`, search))
    .map((site) => ({ site, away: from === null ? null : distanceM(from, site) }))
    .toSorted((a, b) => (a.away ?? 0) - (b.away ?? 0))
}
