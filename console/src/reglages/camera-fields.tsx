import { useId } from 'preact/hooks'
import type { Documents } from '../api/configuration.ts'
import { NARROW } from '../look/wording.ts'

type Props = { documents: Documents; onDocuments: (changed: Documents) => void }
type Schedule = Documents['schedule']['cameras'][number]['schedule']
type Camera = Documents['camera']['cameras'][number]
type Picture = Camera['picture']

/** What there is of a document's list: while somebody writes it by hand, it may be any JSON. */
const listIn = <One,>(document: { cameras?: readonly (One | null)[] } | null): One[] =>
  Array.isArray(document?.cameras) ? document.cameras.filter((one) => typeof one === 'object' && one !== null) : []

const hasFields = ({ picture, presets }: Partial<Camera>) =>
  typeof picture === 'object' && picture !== null && Array.isArray(presets)

/** What is changed most: how often each camera is asked, and how its picture is made. */
export function CameraFields({ documents, onDocuments }: Props) {
  const cameras = listIn<Camera>(documents.camera)
  const schedules = listIn<Documents['schedule']['cameras'][number]>(documents.schedule)
  const setSchedule = (id: string, change: (before: Schedule) => Schedule) => {
    const changed = schedules.map((one) => (one.camera === id ? { ...one, schedule: change(one.schedule) } : one))
    onDocuments({ ...documents, schedule: { cameras: changed } })
  }
  const setPicture = (id: string, change: Partial<Picture>) => {
    const changed = cameras.map((one) => (one.id === id ? { ...one, picture: { ...one.picture, ...change } } : one))
    onDocuments({ ...documents, camera: { cameras: changed } })
  }
  return (
    <>
      {cameras.filter(hasFields).map(({ id, picture, presets }) => {
        const times = schedules.find((one) => one.camera === id)?.schedule
        return (
          <fieldset key={id} class="camera-fields">
            <legend>
              {id} <span class="quiet">{presets.map((view) => view?.label).join(', ')}</span>
            </legend>
            <NumberField
              label="Cadence de jour, en secondes"
              value={times?.intervalS}
              range={[1, 3600]}
              onNumber={(intervalS) =>
                intervalS !== undefined && setSchedule(id, (before) => ({ ...before, intervalS }))
              }
            />
            <NumberField
              label="Cadence de nuit, en secondes"
              hint={`Vide${NARROW}: comme de jour.`}
              isRequired={false}
              value={times?.nightIntervalS}
              range={[1, 3600]}
              onNumber={(nightIntervalS) =>
                setSchedule(id, ({ nightIntervalS: _, ...before }) =>
                  nightIntervalS === undefined ? before : { ...before, nightIntervalS },
                )
              }
            />
            <NumberField
              label="Largeur de l’image, en pixels"
              value={picture.widthPx}
              range={[320, 3840]}
              onNumber={(widthPx) => widthPx !== undefined && setPicture(id, { widthPx })}
            />
            <NumberField
              label="Qualité JPEG"
              hint="De 40 à 95. Plus haut, l’image pèse plus lourd sur la carte SIM."
              value={picture.quality}
              range={[40, 95]}
              onNumber={(quality) => quality !== undefined && setPicture(id, { quality })}
            />
          </fieldset>
        )
      })}
    </>
  )
}

type NumberProps = {
  label: string
  hint?: string
  isRequired?: boolean
  value: number | undefined
  range: readonly [number, number]
  onNumber: (value: number | undefined) => void
}

function NumberField({ label, hint, isRequired = true, value, range: [min, max], onNumber }: NumberProps) {
  const id = useId()
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="numeric"
        {...{ min, max }}
        required={isRequired}
        value={value ?? ''}
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-aide` })}
        onInput={({ currentTarget }) => {
          onNumber(Number.isNaN(currentTarget.valueAsNumber) ? undefined : currentTarget.valueAsNumber)
        }}
      />
      {hint !== undefined && (
        <span class="hint" id={`${id}-aide`}>
          {hint}
        </span>
      )}
    </p>
  )
}
