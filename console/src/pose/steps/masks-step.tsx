import { useState } from 'preact/hooks'
import { useLook } from '../look/use-look.ts'
import { configure, enter, type Pole, type StepProps } from '../pole.ts'
import { type CameraView, chosenCameras, lookAt, secretKey, viewsOf } from './chosen-cameras.ts'
import { MaskView } from './mask-view.tsx'
import { type DrawnView, drawnViews } from './mask-views.ts'

/** Draws, on each view, what must not be seen and where the road is, and has a person approve it. */
export function MasksStep({ pole, journey, onDone }: StepProps) {
  const all = viewsOf(chosenCameras(journey))
  const views = drawnViews(journey)
  const [index, setIndex] = useState(() =>
    Math.max(
      0,
      all.findIndex(({ key }) => views[key]?.approvedOn === undefined),
    ),
  )
  const shown = all[index]
  if (shown === undefined) return <p class="notice">Aucune caméra n’est choisie. Revenez à l’étape des caméras.</p>

  const keep = (of: CameraView, view: DrawnView, isDone = false) =>
    enter(pole, journey, 'masks', { entered: { views: { ...views, [of.key]: view } }, isDone })

  async function approve(of: CameraView, view: DrawnView) {
    const approvedOn = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(pole.now())
    const left = all.findIndex(({ key }) => key !== of.key && views[key]?.approvedOn === undefined)
    await keep(of, { ...view, approvedOn }, left < 0)
    if (left >= 0) return setIndex(left)
    await configure(pole, journey)
    onDone()
  }

  const { camera } = shown
  return (
    <>
      {all.length > 1 && (
        <nav class="tabs" aria-label="Vues">
          {all.map(({ key, view }, at) => (
            <button type="button" key={key} aria-pressed={at === index} onClick={() => setIndex(at)}>
              {view.label}
              {views[key]?.approvedOn !== undefined && ', fait'}
            </button>
          ))}
        </nav>
      )}
      <Picture
        key={shown.key}
        pole={pole}
        site={journey.site?.id ?? ''}
        shown={shown}
        secret={pole.secrets.get(secretKey(journey.id, camera.id))}
      >
        {(picture, aspect) => (
          <MaskView
            picture={picture}
            aspect={aspect}
            label={shown.view.label}
            view={views[shown.key] ?? {}}
            onView={(view) => void keep(shown, view)}
            onApprove={(view) => void approve(shown, view)}
          />
        )}
      </Picture>
    </>
  )
}

type PictureProps = {
  pole: Pole
  site: string
  shown: CameraView
  secret: string | undefined
  children: (picture: string, aspect: number) => preact.ComponentChildren
}

/** The picture to draw on: one coarse preview, asked for and kept for as long as this screen is open. */
function Picture({ pole, site, shown: { camera, view }, secret, children }: PictureProps) {
  const look = useLook(pole, site, lookAt(camera, secret, camera.views.length > 1 ? view.id : undefined))
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
          <img src={look.picture} alt={`Ce que voit la caméra, ${view.label}`} />
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
