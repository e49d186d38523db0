import { useEffect, useState } from 'preact/hooks'
import { Refused } from '../api/refused.ts'
import { NARROW } from '../look/wording.ts'
import type { OpenCommissioning } from './cloud/pose-cloud.ts'
import { stepsOf } from './cloud/pose-cloud.ts'
import { doneSteps, type Journey, joined, journeyOf } from './journey/journey.ts'
import type { Pole } from './pole.ts'
import { openSteps, STEP_WORDS, type Step } from './steps/steps.ts'

type Props = { pole: Pole; onBegin: () => void; onGoOn: (journey: string, step: Step) => void; isLost: boolean }

/** Begins a new one, or goes on with one: of this phone, or one that was begun on another. */
export function StartScreen({ pole, onBegin, onGoOn, isLost }: Props) {
  const here = pole.book.journeys.value.toSorted((a, b) => b.changedAt - a.changedAt)
  const elsewhere = useOpenElsewhere(pole, here)
  return (
    <>
      <header class="start-header">
        <h1>Pose d’un boîtier</h1>
        <p>De l’étiquette au procès-verbal signé. Tout est gardé sur ce téléphone, même sans réseau.</p>
      </header>
      <main class="step start">
        {isLost && (
          <p class="notice" role="status">
            Cette pose n’est pas sur ce téléphone. Reprenez-la ci-dessous, ou commencez-en une.
          </p>
        )}
        <button type="button" class="primary" onClick={onBegin}>
          Nouvelle pose
        </button>
        {here.length > 0 && (
          <section aria-labelledby="ici">
            <h2 id="ici">Reprendre</h2>
            <ul class="choices">
              {here.map((journey) => (
                <li key={journey.id}>
                  <GoOn pole={pole} journey={journey} onGoOn={onGoOn} />
                </li>
              ))}
            </ul>
          </section>
        )}
        <Elsewhere pole={pole} {...elsewhere} onGoOn={onGoOn} />
      </main>
    </>
  )
}

function GoOn({ pole, journey, onGoOn }: { pole: Pole; journey: Journey; onGoOn: Props['onGoOn'] }) {
  const done = doneSteps(journey)
  const next = openSteps(done).at(-1) ?? 'report'
  const isOver = done.has('report') && journey.outgoing.length === 0
  return (
    <div class="choice-line">
      <button type="button" class="choice" onClick={() => onGoOn(journey.id, next)}>
        <strong>{journey.site?.name ?? journey.unit ?? 'Pose sans site'}</strong>
        <span>
          {isOver ? 'terminée' : STEP_WORDS[next].task}
          {journey.outgoing.length > 0 && ', pas encore tout envoyé'}
        </span>
      </button>
      {isOver && (
        <button type="button" class="quiet" onClick={() => void pole.book.forget(journey.id)}>
          Retirer de ce téléphone
        </button>
      )}
    </div>
  )
}

type Known = { state: 'loading' | 'down' | 'signed-out' | 'refused' | 'ready'; commissionings: OpenCommissioning[] }

function useOpenElsewhere(pole: Pole, here: readonly Journey[]): Known {
  const [known, setKnown] = useState<Known>({ state: 'loading', commissionings: [] })
  useEffect(() => {
    const gone = new AbortController()
    pole.cloud.openCommissionings(gone.signal).then(
      (commissionings) => setKnown({ state: 'ready', commissionings }),
      (error) => {
        if (gone.signal.aborted) return
        const status = error instanceof Refused ? error.status : 0
        setKnown({ state: status === 401 ? 'signed-out' : status === 403 ? 'refused' : 'down', commissionings: [] })
      },
    )
    return () => gone.abort()
  }, [pole])
  const ours = new Set(here.map(({ commissioning }) => commissioning))
  return { ...known, commissionings: known.commissionings.filter(({ id }) => !ours.has(id)) }
}

function Elsewhere({ pole, state, commissionings, onGoOn }: Known & { pole: Pole; onGoOn: Props['onGoOn'] }) {
  async function take({ id, site, siteName, unit }: OpenCommissioning) {
    const told = await pole.cloud.commissioning(id, new AbortController().signal)
    const fresh = { ...journeyOf(pole.newId(), pole.now()), commissioning: id, unit }
    const journey = joined({ ...fresh, site: { id: site, name: siteName ?? site } }, stepsOf(told))
    await pole.book.add(journey)
    onGoOn(journey.id, openSteps(doneSteps(journey)).at(-1) ?? 'unit')
  }
  if (state === 'signed-out') {
    return (
      <section class="notice" role="status">
        <p>Vous n’êtes pas connecté. Vous pouvez commencer{NARROW}: l’envoi se fera après la connexion.</p>
        <a class="button" href="/connexion?retour=%2Fpose">
          Se connecter
        </a>
      </section>
    )
  }
  if (state === 'refused')
    return <p class="notice">Votre compte ne permet pas de poser un boîtier. Demandez ce droit à un administrateur.</p>
  if (state === 'down')
    return <p class="notice">Pas de réseau. Vous pouvez commencer{NARROW}: tout partira quand il reviendra.</p>
  if (commissionings.length === 0) return null
  return (
    <section aria-labelledby="ailleurs">
      <h2 id="ailleurs">Commencées ailleurs</h2>
      <ul class="choices">
        {commissionings.map((one) => (
          <li key={one.id}>
            <button type="button" class="choice" onClick={() => void take(one)}>
              <strong>{one.siteName ?? one.site}</strong>
              <span>{one.unit ?? 'sans boîtier'}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
