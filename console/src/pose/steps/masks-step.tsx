import { useState } from 'preact/hooks'
import { useLook } from '../look/use-look.ts'
import { enter, type Pole, type StepProps } from '../pole.ts'
import { type ChosenCamera, chosenCameras, lookAt, secretKey, viewOf } from './chosen-cameras.ts'
import { MaskView } from './mask-view.tsx'
import { type DrawnView, drawnViews } from './mask-views.ts'

/** Draws, on each view, what must not be seen and where the road is, and has a person approve it. */
export function MasksStep({ pole, journey, onDone }: StepProps) {
  const cameras = chosenCameras(journey)
  const views = drawnViews(journey)
  const [index, setIndex] = useState(() =>
    Math.max(
      0,
      cameras.findIndex((one) => views[viewOf(one)]?.approvedOn === undefined),
    ),
  )
  const camera = cameras[index]
  if (camera === undefined) return <p class="notice">Aucune caméra n’est choisie. Revenez à l’étape des caméras.</p>

  const keep = (view: DrawnView, isDone = false) =>
    enter(pole, journey, 'masks', { entered: { views: { ...views, [viewOf(camera)]: view } }, isDone })

  async function approve(of: ChosenCamera, view: DrawnView) {
    const approvedOn = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(pole.now())
    const left = cameras.findIndex((one) => one.id !== of.id && views[viewOf(one)]?.approvedOn === undefined)
    await keep({ ...view, approvedOn }, left < 0)
    if (left < 0) onDone()
    else setIndex(left)
  }

  return (
    <>
      {cameras.length > 1 && (
        <nav class="tabs" aria-label="Vues">
          {cameras.map((one, at) => (
            <button type="button" key={one.id} aria-pressed={at === index} onClick={() => setIndex(at)}>
              {one.label}
              {views[viewOf(one)]?.approvedOn !== undefined && ', fait'}
            </button>
          ))}
        </nav>
      )}
      <Picture
        key={camera.id}
        pole={pole}
        site={journey.site?.id ?? ''}
        camera={camera}
        secret={pole.secrets.get(secretKey(journey.id, camera.id))}
      >
        {(picture, aspect) => (
          <MaskView
            picture={picture}
            aspect={aspect}
            label={camera.label}
            view={views[viewOf(camera)] ?? {}}
            onView={(view) => void keep(view)}
            onApprove={(view) => void approve(camera, view)}
          />
        )}
      </Picture>
    </>
  )
}

type PictureProps = {
  pole: Pole
  site: string
  camera: ChosenCamera
  secret: string | undefined
  children: (picture: string, aspect: number) => preact.ComponentChildren
}

/** The picture to draw on: one coarse preview, asked for and kept for as long as this screen is open. */
function Picture({ pole, site, camera, secret, children }: PictureProps) {
  const look = useLook(pole, site, lookAt(camera, secret))
  const [taken, setTaken] = useState<{ picture: string; aspect: number } | null>(null)
  if (taken !== null) return <>{children(taken.picture, taken.aspect)}</>
  return (
    <>
      <figure class="aim" data-state={look.state}>
        {look.picture === null ? (
          <p class="aim-blank">
            {look.state === 'asking'
              ? 'L’image arrive…'
              : look.state === 'failed'
                ? 'L’image n’est pas venue'
                : 'Pas d’image'}
          </p>
        ) : (
          <img src={look.picture} alt={`Ce que voit la caméra, ${camera.label}`} />
        )}
      </figure>
      <div class="actions">
        {look.picture === null ? (
          <button type="button" class="primary" disabled={look.state === 'asking'} onClick={look.start}>
            {look.state === 'asking' ? 'Image demandée…' : 'Prendre une image'}
          </button>
        ) : (
          <>
            <button
              type="button"
              class="primary"
              onClick={() => {
                const { picture } = look
                if (picture === null) return
                look.stop()
                void sizeOf(picture).then((aspect) => setTaken({ picture, aspect }))
              }}
            >
              Dessiner sur cette image
            </button>
            <button type="button" onClick={look.state === 'seeing' ? look.stop : look.start}>
              {look.state === 'seeing' ? 'Arrêter' : 'Prendre une autre image'}
            </button>
          </>
        )}
      </div>
    </>
  )
}

async function sizeOf(picture: string): Promise<number> {
  const image = new Image()
  image.src = picture
  await image.decode()
  return image.naturalWidth / image.naturalHeight
}
