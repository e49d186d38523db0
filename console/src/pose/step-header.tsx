import { useState } from 'preact/hooks'
import { Glyph } from '../look/glyph.tsx'
import { NARROW } from '../look/wording.ts'
import { doneSteps, type Journey } from './journey/journey.ts'
import type { Pole } from './pole.ts'
import { openSteps, STEP_WORDS, STEPS, type Step } from './steps/steps.ts'
import { lastingInWords, stepInWords } from './words.ts'

type Props = { pole: Pole; journey: Journey; step: Step; onStep: (step: Step) => void; onStart: () => void }

/** Where one is on the way, what is done, and whether the cloud has it. */
export function StepHeader({ pole, journey, step, onStep, onStart }: Props) {
  const [isOpen, setOpen] = useState(false)
  const done = doneSteps(journey)
  const open = openSteps(done)
  const number = STEPS.indexOf(step) + 1
  return (
    <header class="step-header">
      <div class="step-header-line">
        <button type="button" class="step-header-way" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <span class="visually-hidden">
            {stepInWords(number, STEPS.length, STEP_WORDS[step].title)}. Toutes les étapes
          </span>
          <span class="step-header-title" aria-hidden="true">
            {number}. {STEP_WORDS[step].title}
          </span>
          <span class="step-header-site" aria-hidden="true">
            {journey.site?.name ?? 'Nouvelle pose'} · {lastingInWords(journey.seconds[step] ?? 0)}
          </span>
        </button>
        <ol class="step-marks" aria-hidden="true">
          {STEPS.map((one) => (
            <li key={one} data-state={one === step ? 'here' : done.has(one) ? 'done' : 'to-do'} />
          ))}
        </ol>
      </div>
      <Sending pole={pole} journey={journey} />
      {isOpen && (
        <nav class="step-list" aria-label="Étapes">
          {STEPS.map((one, index) => (
            <button
              type="button"
              key={one}
              disabled={!open.includes(one)}
              aria-current={one === step ? 'step' : undefined}
              onClick={() => {
                setOpen(false)
                onStep(one)
              }}
            >
              <span class="step-list-number">{done.has(one) ? <Glyph name="fresh" /> : index + 1}</span>
              <span>
                {STEP_WORDS[one].title}
                <small>
                  {done.has(one) ? 'faite' : open.includes(one) ? 'à faire' : 'après les précédentes'}
                  {journey.seconds[one] !== undefined && `, ${lastingInWords(journey.seconds[one])}`}
                </small>
              </span>
            </button>
          ))}
          <button type="button" onClick={onStart}>
            <span class="step-list-number">
              <Glyph name="close" />
            </span>
            <span>
              Quitter<small>tout est gardé, on peut reprendre</small>
            </span>
          </button>
        </nav>
      )}
    </header>
  )
}

/** Whether what was entered is with the cloud, in one line that stays where it is. */
function Sending({ pole: { link, book }, journey: { outgoing, commissioning } }: { pole: Pole; journey: Journey }) {
  const waiting = outgoing.length
  const state = book.isForgetful.value
    ? 'forgetful'
    : waiting === 0
      ? commissioning === null
        ? 'here'
        : 'sent'
      : link.value === 'up'
        ? 'sending'
        : link.value
  return (
    <p class="sending" data-state={state} role="status">
      {SENDING[state]}
      {state === 'signed-out' && (
        <a href={`/connexion?retour=${encodeURIComponent(location.pathname)}`}>Se connecter</a>
      )}
    </p>
  )
}

const SENDING = {
  forgetful: `Ce téléphone ne peut rien garder${NARROW}: ne fermez pas la page`,
  here: 'Gardé sur ce téléphone',
  sent: 'Tout est envoyé',
  sending: 'Envoi en cours…',
  up: '',
  down: 'Gardé sur ce téléphone, pas encore envoyé',
  'signed-out': 'Gardé sur ce téléphone, pas encore envoyé.',
} as const
