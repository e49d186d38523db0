import { useState } from 'preact/hooks'
import { bytesInWords } from '../../look/byte-size.ts'
import { NARROW } from '../../look/wording.ts'
import { lookWish } from '../look/look-wish.ts'
import { useLook } from '../look/use-look.ts'
import { configure, enter, type Pole, type StepProps } from '../pole.ts'
import { type ChosenCamera, chosenCameras, lookAt, secretKey } from './chosen-cameras.ts'

/** What aiming may cost the SIM before it is said: two per cent of a day's pictures of one camera. */
const BUDGET_BYTES = 5_000_000

/** Shows each camera live while its mast is turned, counts what that costs, and takes the view that is right. */
export function AimStep({ pole, journey, onDone }: StepProps) {
  const cameras = chosenCameras(journey)
  const aimed = (journey.entries.aim?.entered['aimed'] ?? {}) as Record<string, { bytes: number }>
  const [index, setIndex] = useState(() =>
    Math.max(
      0,
      cameras.findIndex(({ id }) => aimed[id] === undefined),
    ),
  )
  const camera = cameras[index]
  if (camera === undefined) return <p class="notice">Aucune caméra n’est choisie. Revenez à l’étape précédente.</p>

  async function take(id: string, bytes: number) {
    const all = { ...aimed, [id]: { bytes: (aimed[id]?.bytes ?? 0) + bytes } }
    const isDone = cameras.every((one) => all[one.id] !== undefined)
    await enter(pole, journey, 'aim', { entered: { aimed: all }, isDone })
    // The unit learns its cameras now; without approved masks it sends no picture of them yet.
    if (isDone) await configure(pole, journey)
    if (isDone) onDone()
    else setIndex(index + 1)
  }

  return (
    <>
      {cameras.length > 1 && (
        <nav class="tabs" aria-label="Caméras">
          {cameras.map((one, at) => (
            <button type="button" key={one.id} aria-pressed={at === index} onClick={() => setIndex(at)}>
              {one.views.map(({ label }) => label).join(', ')}
            </button>
          ))}
        </nav>
      )}
      <Aim
        key={camera.id}
        pole={pole}
        site={journey.site?.id ?? ''}
        camera={camera}
        secret={pole.secrets.get(secretKey(journey.id, camera.id))}
        spent={aimed[camera.id]?.bytes ?? 0}
        onTake={(bytes) => void take(camera.id, bytes)}
      />
    </>
  )
}

const MOVES = [
  { name: 'À gauche', arrow: '←', move: { pan: -0.4, tilt: 0, zoom: 0 } },
  { name: 'En haut', arrow: '↑', move: { pan: 0, tilt: 0.4, zoom: 0 } },
  { name: 'En bas', arrow: '↓', move: { pan: 0, tilt: -0.4, zoom: 0 } },
  { name: 'À droite', arrow: '→', move: { pan: 0.4, tilt: 0, zoom: 0 } },
  { name: 'Plus près', arrow: '+', move: { pan: 0, tilt: 0, zoom: 0.4 } },
  { name: 'Plus loin', arrow: '−', move: { pan: 0, tilt: 0, zoom: -0.4 } },
] as const

type AimProps = {
  pole: Pole
  site: string
  camera: ChosenCamera
  secret: string | undefined
  spent: number
  onTake: (bytes: number) => void
}

function Aim({ pole, site, camera, secret, spent, onTake }: AimProps) {
  const [isTurning, setTurning] = useState(false)
  const wanted = lookAt(camera, secret)
  const look = useLook(pole, site, wanted)
  const bytes = spent + look.bytes
  const isLive = look.state === 'asking' || look.state === 'seeing'
  const turn = (move: (typeof MOVES)[number]['move']) => {
    void pole.cloud.ask(site, lookWish(wanted, move), new AbortController().signal).catch(() => {
      // The picture shows whether it turned.
    })
  }
  return (
    <>
      <figure class="aim" data-state={look.state}>
        {look.picture === null ? (
          <p class="aim-blank">{look.state === 'asking' ? 'L’image arrive…' : 'Pas d’image'}</p>
        ) : (
          <img src={look.picture} alt={`Ce que voit la caméra, ${camera.views.map(({ label }) => label).join(', ')}`} />
        )}
        <span class="aim-cross" aria-hidden="true" />
        <figcaption>
          <span role="status">{AIM_WORDS[look.state]}</span>
          <span class="aim-cost" data-over={bytes > BUDGET_BYTES}>
            {bytesInWords(bytes)} sur {bytesInWords(BUDGET_BYTES)}
          </span>
        </figcaption>
      </figure>
      {bytes > BUDGET_BYTES && (
        <p class="notice" data-kind="care">
          Le cadrage a déjà coûté {bytesInWords(bytes)} à la carte SIM. Terminez, ou continuez si le mât bouge encore.
        </p>
      )}
      {look.state === 'failed' && (
        <p class="notice" data-kind="refused" role="alert">
          L’image n’est pas venue. Le boîtier est-il en ligne, le mot de passe juste{NARROW}?
        </p>
      )}
      {isTurning && (
        <div class="pad">
          {MOVES.map(({ name, arrow, move }) => (
            <button type="button" key={name} aria-label={name} disabled={!isLive} onClick={() => turn(move)}>
              {arrow}
            </button>
          ))}
        </div>
      )}
      <div class="actions">
        {look.picture !== null && (
          <button
            type="button"
            class="primary"
            onClick={() => {
              look.stop()
              onTake(look.bytes)
            }}
          >
            Le cadrage est bon
          </button>
        )}
        <button type="button" class={look.picture === null ? 'primary' : ''} onClick={isLive ? look.stop : look.start}>
          {isLive ? 'Arrêter l’image' : look.picture === null ? 'Voir l’image en direct' : 'Voir encore une minute'}
        </button>
        <button type="button" aria-expanded={isTurning} onClick={() => setTurning(!isTurning)}>
          Tourner la caméra
        </button>
      </div>
    </>
  )
}

const AIM_WORDS = {
  off: 'Deux images par seconde, réduites exprès',
  asking: 'Demandée au boîtier…',
  seeing: 'En direct',
  ended: 'Arrêtée',
  failed: 'Pas d’image',
} as const
