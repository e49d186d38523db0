import { useState } from 'preact/hooks'
import type { PlannedSite } from '../../api/schemas.ts'
import { KIND_WORDS, NARROW } from '../../look/wording.ts'
import type { Coordinates } from '../map/projection.ts'
import type { Locating } from '../map/use-position.ts'

/** What is known of a site before it has cameras. */
export type NewSiteEntry = {
  id: string
  unit: string
  name: string
  road: string
  kind: string
  latitude: number
  longitude: number
  altitudeM: number
  /** The year in which it is put up. */
  wave: number
}

type Props = {
  unit: string
  year: number
  taken: readonly PlannedSite[]
  position: Coordinates | null
  locating: Locating['state']
  onLocate: () => void
  onBack: () => void
  onNew: (site: NewSiteEntry) => Promise<void>
}

/** Ten metres. */
const degrees = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 4, maximumFractionDigits: 4 })
const ROAD = /^[A-Z]{1,3}\d{1,4}[A-Z]?$/

/** A site that no plan knows yet: what a sign at the road says, and where the phone is. */
export function NewSite({ unit, year, taken, position, locating, onLocate, onBack, onNew }: Props) {
  const [name, setName] = useState('')
  const [road, setRoad] = useState('')
  const [kind, setKind] = useState('col')
  const [altitude, setAltitude] = useState('')
  const id = siteIdOf(
    name,
    taken.map(({ site }) => site),
  )
  const roadName = road.trim().toUpperCase().replaceAll(/\s/g, '')
  const altitudeM = Number.parseInt(altitude, 10)
  const missing = [
    id === null && 'le nom',
    !ROAD.test(roadName) && 'la route (D908)',
    !(altitudeM >= -10 && altitudeM <= 4800) && 'l’altitude',
    position === null && 'la position',
  ].filter((one) => one !== false)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (id === null || position === null || missing.length > 0) return
        const { latitude, longitude } = position
        void onNew({ id, unit, name: name.trim(), road: roadName, kind, latitude, longitude, altitudeM, wave: year })
      }}
    >
      <label>
        Nom du lieu
        <input
          value={name}
          maxLength={80}
          placeholder="Col d’Allos"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label>
        Route
        <input
          value={road}
          maxLength={8}
          placeholder="D908"
          autocapitalize="characters"
          onInput={(event) => setRoad(event.currentTarget.value)}
        />
      </label>
      <label>
        Genre
        <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          {Object.entries(KIND_WORDS).map(([key, { one }]) => (
            <option key={key} value={key}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        Altitude, en mètres
        <input
          value={altitude}
          inputMode="numeric"
          maxLength={5}
          placeholder="2247"
          onInput={(event) => setAltitude(event.currentTarget.value)}
        />
      </label>
      <p class="hint" role="status">
        {position === null
          ? locating === 'refused'
            ? `Position bloquée${NARROW}: revenez et touchez la carte.`
            : 'Position inconnue.'
          : `Position${NARROW}: ${degrees.format(position.latitude)}° N, ${degrees.format(position.longitude)}° E.`}
        {missing.length > 0 && ` Il manque ${missing.join(', ')}.`}
      </p>
      <div class="actions">
        <button type="submit" class="primary" disabled={missing.length > 0}>
          Créer ce site
        </button>
        {position === null && (
          <button type="button" disabled={locating === 'asking'} onClick={onLocate}>
            {locating === 'asking' ? 'Recherche de la position…' : 'Prendre la position du téléphone'}
          </button>
        )}
        <button type="button" onClick={onBack}>
          Choisir dans la liste
        </button>
      </div>
    </form>
  )
}

/** "Col d’Allos" becomes col-d-allos, or col-d-allos-2 where there is one. Null: the name holds no letter. */
export function siteIdOf(name: string, taken: readonly string[]): string | null {
  const id = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replaceAll(/^-+|-+$/g, '')
  if (id === '') return null
  let number = 1
  const numbered = () => (number === 1 ? id : `${id}-${number}`)
  while (taken.includes(numbered())) number += 1
  return numbered()
}
