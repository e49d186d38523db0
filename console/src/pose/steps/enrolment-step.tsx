import { useCallback, useEffect, useState } from 'preact/hooks'
import { Glyph } from '../../look/glyph.tsx'
import { NARROW } from '../../look/wording.ts'
import type { UnitTold } from '../cloud/told.ts'
import { enter, type StepProps } from '../pole.ts'
import { useTold } from '../use-told.ts'
import { lastingInWords } from '../words.ts'

/** The box asks every half minute; the page looks more often, so that the answer is seen when it is there. */
const EVERY_MS = 3_000

/** Waits until the box has its certificate and speaks, and says what to do while it does not. */
export function EnrolmentStep({ pole, journey, onDone }: StepProps) {
  const { cloud } = pole
  const [unit, site] = [journey.unit ?? '', journey.site?.id ?? '']
  const ask = useCallback((signal: AbortSignal) => cloud.unitAt(site, signal), [cloud, site])
  const { thing, isHeard } = useTold(ask, EVERY_MS)
  const isBound = !journey.outgoing.some(({ kind }) => kind === 'binding' || kind === 'beginning')
  const stage = stageOf(thing, unit, isBound)
  const waited = useSecondsSince(stage)
  const isDone = journey.entries.enrolment?.isDone === true
  useEffect(() => {
    if (stage === 'online' && !isDone) {
      void enter(pole, journey, 'enrolment', { entered: { unit, software: thing?.software ?? null }, isDone: true })
    }
  }, [stage, isDone])
  return (
    <>
      <p class="answer" role="status" data-state={stage}>
        <Glyph name={stage === 'online' ? 'fresh' : 'late'} /> {WORDS[stage].word}
        <small>{unit}</small>
      </p>
      <ol class="stages">
        {STAGES.map((one) => {
          const isPast = STAGES.indexOf(one) < STAGES.indexOf(stage) || stage === 'online'
          return (
            <li key={one} data-state={isPast ? 'done' : one === stage ? 'here' : 'to-do'}>
              <Glyph name={isPast ? 'fresh' : 'late'} />
              <span>
                {WORDS[one].task}
                {one === stage && stage !== 'online' && <small>depuis {lastingInWords(waited)}</small>}
              </span>
            </li>
          )
        })}
      </ol>
      {!isHeard && <p class="notice">Le centre ne répond pas. Cet écran se mettra à jour dès que le réseau revient.</p>}
      {stage !== 'online' && <Advice stage={stage} waitedS={waited} />}
      <div class="actions">
        <button type="button" class="primary" disabled={!isDone} onClick={onDone}>
          {isDone ? 'Continuer' : 'En attente du boîtier'}
        </button>
      </div>
    </>
  )
}

type Stage = 'binding' | 'enrolling' | 'online'
const STAGES: readonly Stage[] = ['binding', 'enrolling', 'online']

const WORDS: Record<Stage, { word: string; task: string }> = {
  binding: { word: 'Envoi du code', task: 'Le code de l’étiquette est envoyé au centre' },
  enrolling: { word: 'Inscription', task: 'Le boîtier demande son certificat et se connecte' },
  online: { word: 'En ligne', task: 'Le boîtier est en ligne' },
}

/** A box that was there before, at the same site, is not the one that is waited for. */
function stageOf(there: UnitTold | null, unit: string, isBound: boolean): Stage {
  if (there?.id === unit && there.presence === 'online') return 'online'
  return isBound ? 'enrolling' : 'binding'
}

/** From so many seconds on something may be wrong; before, waiting is the right thing to do. */
const PATIENCE_S = 45

const ADVICE: Record<Exclude<Stage, 'online'>, readonly string[]> = {
  binding: ['Le téléphone n’a pas encore de réseau. Montez de quelques mètres, ou sortez du fourgon.'],
  enrolling: [
    'Le boîtier est-il sous tension ? Le voyant vert doit être allumé.',
    'La carte SIM est-elle en place, les deux antennes vissées ?',
    'Le boîtier réessaie tout seul toutes les 30 secondes : rien à relancer.',
    'Le réseau mobile passe-t-il ici ? Orienter l’antenne vers la vallée.',
    'Après 5 minutes : débrancher 10 secondes, rebrancher.',
  ],
}

function Advice({ stage, waitedS }: { stage: Exclude<Stage, 'online'>; waitedS: number }) {
  if (waitedS < PATIENCE_S && stage !== 'binding') {
    return (
      <p class="hint">D’ordinaire moins d’une minute. Vous pouvez poser le téléphone{NARROW}: rien n’est à faire.</p>
    )
  }
  return (
    <section class="notice" data-kind="care">
      <h2>Si cela dure</h2>
      <ul class="advice">
        {ADVICE[stage].map((line) => (
          <li key={line}>{line.replaceAll(' ?', `${NARROW}?`).replaceAll(' :', `${NARROW}:`)}</li>
        ))}
      </ul>
    </section>
  )
}

function useSecondsSince(what: unknown): number {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    const since = performance.now()
    setSeconds(0)
    const timer = setInterval(() => setSeconds((performance.now() - since) / 1000), 1000)
    return () => clearInterval(timer)
  }, [what])
  return seconds
}
