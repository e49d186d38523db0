import { useEffect, useState } from 'preact/hooks'
import { countInWords } from '../../look/wording.ts'
import { withOutgoing } from '../journey/journey.ts'
import type { KeptPhoto } from '../journey/kept.ts'
import { reducePhoto } from '../photos/reduce-photo.ts'
import { enter, type StepProps } from '../pole.ts'

/** What the next technician asks for first; the cloud's check wants three at least. */
const WANTED = ['Le mât et les caméras', 'Le boîtier ouvert', 'L’arrivée électrique'] as const

/** Takes photos of the installation; each is kept on the phone until the cloud has it. */
export function PhotosStep({ pole, journey, onDone }: StepProps) {
  const [photos, setPhotos] = useState<KeptPhoto[]>([])
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    void pole.kept.photosOf(journey.id).then((kept) => setPhotos(kept.toSorted((a, b) => a.takenAt - b.takenAt)))
  }, [pole, journey.id])
  const waiting = new Set(journey.outgoing.flatMap((one) => (one.kind === 'photo' ? [one.photo] : [])))

  async function add(file: File | undefined, caption: string) {
    if (file === undefined) return
    setBusy(true)
    setProblem(null)
    const jpeg = await reducePhoto(file)
    setBusy(false)
    if (jpeg === null) return setProblem('Ce fichier n’est pas une photo.')
    const photo = { id: pole.newId(), journey: journey.id, caption, takenAt: pole.now(), jpeg }
    await pole.kept.putPhoto(photo)
    setPhotos((last) => [...last, photo])
    const { id, takenAt } = photo
    await pole.book.change(journey.id, (now) => withOutgoing(now, { kind: 'photo', photo: id, caption, takenAt }))
  }

  return (
    <>
      {problem !== null && (
        <p class="notice" data-kind="refused" role="alert">
          {problem}
        </p>
      )}
      <ul class="photos">
        {WANTED.map((caption) => (
          <li key={caption}>
            <TakePhoto
              caption={caption}
              isBusy={isBusy}
              isTaken={photos.some((one) => one.caption === caption)}
              onFile={(file) => void add(file, caption)}
            />
          </li>
        ))}
        <li>
          <TakePhoto
            caption="Autre photo"
            isBusy={isBusy}
            isTaken={false}
            onFile={(file) => void add(file, 'Autre vue')}
          />
        </li>
      </ul>
      <ul class="taken" aria-label="Photos prises">
        {photos.map((photo) => (
          <li key={photo.id}>
            <Thumb photo={photo} />
            <span>
              {photo.caption}
              <small>{waiting.has(photo.id) ? 'gardée sur ce téléphone, pas encore envoyée' : 'envoyée'}</small>
            </span>
          </li>
        ))}
      </ul>
      <div class="actions">
        <button
          type="button"
          class="primary"
          disabled={photos.length < WANTED.length}
          onClick={() =>
            void enter(pole, journey, 'photos', { entered: { photos: photos.length }, isDone: true }).then(onDone)
          }
        >
          {photos.length < WANTED.length
            ? `Encore ${countInWords(WANTED.length - photos.length, 'photo', 'photos')}`
            : 'Continuer'}
        </button>
      </div>
    </>
  )
}

type TakeProps = { caption: string; isTaken: boolean; isBusy: boolean; onFile: (file: File | undefined) => void }

function TakePhoto({ caption, isTaken, isBusy, onFile }: TakeProps) {
  return (
    <label class="take" data-taken={isTaken}>
      {caption}
      <small>{isTaken ? 'prise, toucher pour une autre' : 'toucher pour photographier'}</small>
      <input
        type="file"
        accept="image/*"
        capture="environment"
        disabled={isBusy}
        onChange={(event) => {
          onFile(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
    </label>
  )
}

function Thumb({ photo: { jpeg, caption } }: { photo: KeptPhoto }) {
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(jpeg)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [jpeg])
  return address === null ? null : <img src={address} alt={caption} />
}
