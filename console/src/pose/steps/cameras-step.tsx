import { useEffect, useRef, useState } from 'preact/hooks'
import type { CommandResult } from '../../api/schemas.ts'
import { Glyph } from '../../look/glyph.tsx'
import { NARROW } from '../../look/wording.ts'
import type { CommandTold } from '../cloud/told.ts'
import { COMMAND_WORDS, reasonInWords, runCommand } from '../look/run-command.ts'
import { enter, type Pole, type StepProps } from '../pole.ts'
import { type ChosenCamera, choose, chosenCameras, isNamed, type PlannedCamera, secretKey } from './chosen-cameras.ts'

type FoundCameras = Extract<CommandResult, { of: 'found-cameras' }>
/** A camera that answered on the network of the unit; or whose address was typed, of which less is known. */
type Found = Omit<FoundCameras['cameras'][number], 'known'> & { known?: string | null }
type Search = { state: 'off' | 'running' | 'failed' | 'done'; words: string; found: Found[] }

/** A site has eight cameras at most (firmware-config/schema/src/site-document.ts). */
const CAMERAS_MAX = 8

/** Has the box look for cameras on its own network, and takes those that belong to the site. */
export function CamerasStep({ pole, journey, onDone }: StepProps) {
  const site = journey.site?.id ?? ''
  const [search, start] = useSearch(pole, site)
  const chosen = chosenCameras(journey)
  const planned = usePlannedCameras(pole, site)
  const [isTyping, setTyping] = useState(false)
  const keep = (cameras: ChosenCamera[], isDone = false) =>
    enter(pole, journey, 'cameras', { entered: { cameras }, isDone })
  const known = [
    ...search.found,
    ...chosen.filter(({ url }) => !search.found.some((one) => one.url === url)).map(foundAgain),
  ]
  return (
    <>
      <p class="sub">
        {chosen.length === 0
          ? 'Touchez les caméras de ce site.'
          : `${chosen.length} caméra${chosen.length > 1 ? 's' : ''} choisie${chosen.length > 1 ? 's' : ''}.`}
      </p>
      {search.words !== '' && (
        <p class="hint" role="status" data-state={search.state}>
          {search.words}
        </p>
      )}
      <ul class="cameras">
        {known.map((found) => (
          <li key={found.url}>
            <CameraCard
              pole={pole}
              site={site}
              found={found}
              camera={chosen.find(({ url }) => url === found.url) ?? null}
              onChoose={(isChosen) => {
                const others = chosen.filter(({ url }) => url !== found.url)
                if (!isChosen) return void keep(others)
                if (chosen.length >= CAMERAS_MAX) return
                void keep([...chosen, choose(found, chosen, planned)])
              }}
              onChange={(camera) => void keep(chosen.map((one) => (one.id === camera.id ? camera : one)))}
              onSecret={(camera, secret) => pole.secrets.set(secretKey(journey.id, camera), secret)}
            />
          </li>
        ))}
      </ul>
      {isTyping && (
        <TypedAddress
          onAddress={(url) => {
            setTyping(false)
            if (chosen.length < CAMERAS_MAX && !chosen.some((one) => one.url === url))
              void keep([...chosen, choose({ url, model: '' }, chosen, planned)])
          }}
        />
      )}
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={chosen.length === 0 || !chosen.every(isNamed)}
          onClick={() => void keep(chosen, true).then(onDone)}
        >
          {!chosen.every(isNamed) ? 'Nommez chaque vue' : 'Continuer'}
        </button>
        <button type="button" disabled={search.state === 'running'} onClick={start}>
          {search.state === 'running' ? 'Recherche…' : 'Chercher encore'}
        </button>
        <button type="button" onClick={() => setTyping(!isTyping)}>
          Taper une adresse
        </button>
      </div>
    </>
  )
}

/** The cameras that the site's plan has; none where the plan cannot be read now. */
function usePlannedCameras({ cloud }: Pole, site: string): readonly PlannedCamera[] {
  const [planned, setPlanned] = useState<readonly PlannedCamera[]>([])
  useEffect(() => {
    const gone = new AbortController()
    cloud.configuration(site, gone.signal).then(
      ({ desired }) => setPlanned(desired.documents.camera.cameras),
      () => {
        // Without the plan a camera is a new one; what it becomes can be changed in the site's settings.
      },
    )
    return () => gone.abort()
  }, [cloud, site])
  return planned
}

const foundAgain = ({ id, url, model }: ChosenCamera): Found => ({ as: id, url, name: '', model, hasPreview: false })

function useSearch({ cloud }: Pole, site: string): [Search, () => void] {
  const [search, setSearch] = useState<Search>({ state: 'off', words: '', found: [] })
  const running = useRef<AbortController | null>(null)
  const start = () => {
    running.current?.abort()
    const control = new AbortController()
    running.current = control
    setSearch((last) => ({ ...last, state: 'running', words: COMMAND_WORDS.queued }))
    const onStep = ({ step }: { step: keyof typeof COMMAND_WORDS }) =>
      setSearch((last) => ({ ...last, words: COMMAND_WORDS[step] }))
    runCommand(cloud, { site, wish: { body: { name: 'find-cameras' } }, onStep }, control.signal).then(
      ({ step, endReason, result }) => {
        if (step !== 'done') {
          return setSearch((last) => ({
            ...last,
            state: 'failed',
            words: `${COMMAND_WORDS[step]} ${reasonInWords(endReason)}`,
          }))
        }
        const found = foundIn(result)
        setSearch({
          state: 'done',
          words: found.length === 0 ? NONE_FOUND : `${found.length} trouvée${found.length > 1 ? 's' : ''}.`,
          found,
        })
      },
      () => {
        if (!control.signal.aborted)
          setSearch((last) => ({
            ...last,
            state: 'failed',
            words: 'Le centre ne répond pas. Réessayez quand le réseau revient.',
          }))
      },
    )
  }
  useEffect(() => {
    start()
    return () => running.current?.abort()
  }, [site])
  return [search, start]
}

const NONE_FOUND =
  'Aucune caméra n’a répondu. Sont-elles branchées au boîtier, voyant allumé ? Une caméra démarre en une à deux minutes.'.replace(
    ' ?',
    `${NARROW}?`,
  )

const foundIn = (result: CommandTold['result']): Found[] => (result?.of === 'found-cameras' ? result.cameras : [])

type CardProps = {
  pole: Pole
  site: string
  found: Found
  camera: ChosenCamera | null
  onChoose: (isChosen: boolean) => void
  onChange: (camera: ChosenCamera) => void
  onSecret: (camera: string, secret: string) => void
}

function CameraCard({ pole, site, found, camera, onChoose, onChange, onSecret }: CardProps) {
  const picture = usePreview(pole, site, found)
  return (
    <article class="camera" data-chosen={camera !== null}>
      <button
        type="button"
        class="camera-choice"
        aria-pressed={camera !== null}
        onClick={() => onChoose(camera === null)}
      >
        {picture === null ? (
          <span class="camera-blank">{found.fault === 'camera-auth' ? 'demande un mot de passe' : 'sans image'}</span>
        ) : (
          <img src={picture} alt={`Ce que voit la caméra ${found.url}`} />
        )}
        <span class="camera-name">
          {camera !== null && <Glyph name="fresh" />} {found.model || found.name || 'Caméra'}
          <small>{hostOf(found.url)}</small>
        </span>
      </button>
      {camera !== null && (
        <div class="form">
          {camera.views.map((view) => (
            <label key={view.id}>
              {camera.views.length === 1 ? 'Ce que l’on voit' : `Ce que l’on voit, vue ${view.id}`}
              <input
                value={view.label}
                maxLength={80}
                placeholder="vers Allos"
                onInput={(event) => {
                  const label = event.currentTarget.value
                  const views = camera.views.map((one) => (one.id === view.id ? { ...one, label } : one))
                  onChange({ ...camera, views })
                }}
              />
            </label>
          ))}
          <details>
            <summary>Mot de passe de la caméra</summary>
            <label>
              Utilisateur
              <input
                value={camera.user}
                maxLength={64}
                autocomplete="off"
                autocapitalize="none"
                onInput={(event) => onChange({ ...camera, user: event.currentTarget.value })}
              />
            </label>
            <label>
              Mot de passe
              <input
                type="password"
                maxLength={64}
                autocomplete="off"
                onInput={(event) => onSecret(camera.id, event.currentTarget.value)}
              />
            </label>
            <p class="hint">Scellé pour ce boîtier seul. Il n’est pas gardé sur le téléphone.</p>
          </details>
        </div>
      )}
    </article>
  )
}

/** The one picture that came with the search. */
function usePreview({ cloud }: Pole, site: string, { as, hasPreview }: Found): string | null {
  const [picture, setPicture] = useState<string | null>(null)
  useEffect(() => {
    if (!hasPreview) return
    const gone = new AbortController()
    let address: string | null = null
    cloud.preview(site, as, 0, gone.signal).then(
      (preview) => {
        if (preview === null || gone.signal.aborted) return
        address = URL.createObjectURL(preview.picture)
        setPicture(address)
      },
      () => {
        // The card says that there is no picture.
      },
    )
    return () => {
      gone.abort()
      if (address !== null) URL.revokeObjectURL(address)
    }
  }, [cloud, site, as, hasPreview])
  return picture
}

function TypedAddress({ onAddress }: { onAddress: (url: string) => void }) {
  const [text, setText] = useState('')
  const url = urlOf(text)
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (url !== null) onAddress(url)
      }}
    >
      <label>
        Adresse de la caméra
        <input
          value={text}
          inputMode="url"
          maxLength={200}
          placeholder="192.168.1.64"
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={url === null}>
        Ajouter cette caméra
      </button>
    </form>
  )
}

/** An address as it is typed at a pole: its number alone means the usual path of ONVIF. */
export function urlOf(text: string): string | null {
  const typed = text.trim()
  const whole = /^https?:\/\//.test(typed) ? typed : `http://${typed}`
  if (!URL.canParse(whole)) return null
  const url = new URL(whole)
  if (url.hostname === '' || !/^[\w.:[\]-]+$/.test(url.hostname)) return null
  if (url.pathname === '/') url.pathname = '/onvif/device_service'
  return url.href
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : url)
