import { useEffect, useState } from 'preact/hooks'
import type { Address } from './address.ts'
import { doneSteps, journeyOf } from './journey/journey.ts'
import type { Pole } from './pole.ts'
import type { Label } from './scan/label.ts'
import { StartScreen } from './start-screen.tsx'
import { StepHeader } from './step-header.tsx'
import { AimStep } from './steps/aim-step.tsx'
import { CamerasStep } from './steps/cameras-step.tsx'
import { ChecksStep } from './steps/checks-step.tsx'
import { EnrolmentStep } from './steps/enrolment-step.tsx'
import { MasksStep } from './steps/masks-step.tsx'
import { PhotosStep } from './steps/photos-step.tsx'
import { ReportStep } from './steps/report-step.tsx'
import { SiteStep } from './steps/site-step.tsx'
import { openSteps, STEP_WORDS, type Step, stepAfter } from './steps/steps.ts'
import { UnitStep } from './steps/unit-step.tsx'
import { useStopwatch } from './use-stopwatch.ts'

type Props = { pole: Pole; address: Address; label: Label | null }

const SCREENS = {
  unit: UnitStep,
  site: SiteStep,
  enrolment: EnrolmentStep,
  cameras: CamerasStep,
  aim: AimStep,
  masks: MasksStep,
  checks: ChecksStep,
  photos: PhotosStep,
  report: ReportStep,
} as const

/** The technician's page: where to begin or go on, then one step a screen. */
export function App({ pole, address, label }: Props) {
  const { book } = pole
  const place = address.place.value
  const journey = book.journeys.value.find(({ id }) => id === place?.journey)
  const [readFirst] = useState(label)

  function begin(read: Label | null) {
    const id = pole.newId()
    const fresh = journeyOf(id, pole.now())
    void book.add(read === null ? fresh : { ...fresh, unit: read.unit, claim: read.claim })
    address.go({ journey: id, step: 'unit' })
  }
  // A label that the phone's own camera has read begins a journey by itself.
  useEffect(() => {
    if (readFirst !== null) begin(readFirst)
  }, [])

  if (place === null || journey === undefined) {
    return (
      <StartScreen
        pole={pole}
        onBegin={() => begin(null)}
        onGoOn={(id, step) => address.go({ journey: id, step })}
        isLost={place !== null}
      />
    )
  }
  const open = openSteps(doneSteps(journey))
  const step = open.includes(place.step) ? place.step : (open.at(-1) ?? 'unit')
  return <StepScreen key={`${journey.id} ${step}`} pole={pole} address={address} id={journey.id} step={step} />
}

function StepScreen({ pole, address, id, step }: { pole: Pole; address: Address; id: string; step: Step }) {
  const journey = pole.book.journeys.value.find((one) => one.id === id)
  useStopwatch(pole, id, step)
  useEffect(() => {
    scrollTo(0, 0)
    document.title = `${STEP_WORDS[step].title}, pose d’un boîtier`
    document.getElementById('tache')?.focus({ preventScroll: true })
  }, [step])
  if (journey === undefined) return null
  const Screen = SCREENS[step]
  const next = stepAfter(step)
  return (
    <>
      <StepHeader
        pole={pole}
        journey={journey}
        step={step}
        onStep={(to) => address.go({ journey: id, step: to })}
        onStart={() => address.go(null)}
      />
      <main class="step" data-step={step}>
        <h1 id="tache" tabIndex={-1}>
          {STEP_WORDS[step].task}
        </h1>
        <Refusals pole={pole} id={id} />
        <Screen
          pole={pole}
          journey={journey}
          onDone={() => address.go(next === null ? null : { journey: id, step: next })}
        />
      </main>
    </>
  )
}

/** What the cloud has looked at and refused: it is said until it is done otherwise, or put away. */
function Refusals({ pole: { book }, id }: { pole: Pole; id: string }) {
  const refusals = book.journeys.value.find((journey) => journey.id === id)?.refusals ?? []
  if (refusals.length === 0) return null
  return (
    <section class="notice" data-kind="refused" role="alert">
      {refusals.map(({ outgoing, detail }) => (
        <p key={outgoing.kind}>
          <strong>{REFUSED[outgoing.kind]}</strong> {detail}
        </p>
      ))}
      <button type="button" onClick={() => void book.change(id, (now) => ({ ...now, refusals: [] }))}>
        J’ai compris
      </button>
    </section>
  )
}

const REFUSED = {
  site: 'Le nouveau site a été refusé.',
  replacement: 'Le remplacement a été refusé.',
  binding: 'Le code du boîtier a été refusé.',
  beginning: 'La pose n’a pas pu être ouverte.',
  configuration: 'Les réglages du site ont été refusés.',
  step: 'Une saisie a été refusée.',
  photo: 'Une photo a été refusée.',
} as const
