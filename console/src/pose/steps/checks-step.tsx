import { useCallback, useState } from 'preact/hooks'
import { Glyph, type GlyphName } from '../../look/glyph.tsx'
import { inPrint, NARROW } from '../../look/wording.ts'
import type { CheckTold } from '../cloud/told.ts'
import { enter, type StepProps } from '../pole.ts'
import { useTold } from '../use-told.ts'

const EVERY_MS = 2_000

/** Runs the acceptance checks and shows each with its state; what cannot be measured is said by hand. */
export function ChecksStep({ pole, journey, onDone }: StepProps) {
  const { cloud } = pole
  const id = journey.commissioning ?? ''
  const ask = useCallback((signal: AbortSignal) => cloud.checks(id, signal), [cloud, id])
  const { thing, isHeard, askAgain } = useTold(ask, EVERY_MS)
  const [problem, setProblem] = useState<string | null>(null)
  const checks = thing ?? []
  const tally = tallyOf(checks)
  const isRunning = tally.running > 0
  const isBegun = checks.some(({ startedAt }) => startedAt !== null)

  async function tell(work: Promise<unknown>) {
    setProblem(null)
    await work.then(askAgain, () => setProblem('Le centre ne répond pas. Réessayez quand le réseau revient.'))
  }
  const run = (names: readonly string[] | null) => void tell(cloud.runChecks(id, names, new AbortController().signal))
  const say = (check: string, word: string) => void tell(cloud.sayCheck(id, check, word, new AbortController().signal))
  const again = checks.filter(({ state }) => state === 'failed' || state === 'waiting').map(({ check }) => check)

  if (journey.commissioning === null)
    return (
      <p class="notice">
        La pose n’est pas encore connue du centre. Les vérifications commencent dès que le réseau revient.
      </p>
    )
  return (
    <>
      <p class="answer" role="status" data-state={tally.failed > 0 ? 'failing' : 'fine'}>
        {isBegun ? `${tally.passed} sur ${checks.length}` : `${checks.length} vérifications`}
        <small>{tallyInWords(tally)}</small>
      </p>
      {!isHeard && <p class="notice">Le centre ne répond pas. Les vérifications continuent sans ce téléphone.</p>}
      {problem !== null && (
        <p class="notice" data-kind="refused" role="alert">
          {problem}
        </p>
      )}
      <ul class="checks">
        {ordered(checks).map((check) => (
          <li key={check.check}>
            <Check check={check} onAgain={() => run([check.check])} onSay={(word) => say(check.check, word)} />
          </li>
        ))}
      </ul>
      <div class="actions">
        {!isBegun && (
          <button type="button" class="primary" disabled={checks.length === 0} onClick={() => run(null)}>
            Lancer les vérifications
          </button>
        )}
        {isBegun && (
          <button
            type="button"
            class={tally.failed === 0 ? 'primary' : ''}
            onClick={() => void enter(pole, journey, 'checks', { entered: { ...tally }, isDone: true }).then(onDone)}
          >
            {isRunning
              ? 'Continuer pendant ce temps'
              : tally.failed + tally.waiting === 0
                ? 'Continuer'
                : 'Continuer avec des réserves'}
          </button>
        )}
        {isBegun && again.length > 0 && (
          <button type="button" class={tally.failed > 0 ? 'primary' : ''} onClick={() => run(again)}>
            Refaire celles qui manquent
          </button>
        )}
      </div>
    </>
  )
}

type State = CheckTold['state']
type Tally = { passed: number; failed: number; running: number; waiting: number }

function tallyOf(checks: readonly CheckTold[]): Tally {
  const count = (...states: State[]) => checks.filter(({ state }) => states.includes(state)).length
  return {
    passed: count('passed', 'by-hand', 'not-applicable'),
    failed: count('failed'),
    running: count('running'),
    waiting: count('waiting'),
  }
}

function tallyInWords({ failed, running, waiting }: Tally): string {
  const parts = [
    failed > 0 && `${failed} à revoir`,
    running > 0 && `${running} en cours`,
    waiting > 0 && `${waiting} en attente`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'tout est vérifié' : parts.join(', ')
}

/** What needs somebody comes first, then what runs. */
const ORDER: Record<State, number> = { failed: 0, running: 1, waiting: 2, 'by-hand': 3, passed: 4, 'not-applicable': 5 }
const ordered = (checks: readonly CheckTold[]) => checks.toSorted((a, b) => ORDER[a.state] - ORDER[b.state])

const STATES: Record<State, { word: string; glyph: GlyphName }> = {
  failed: { word: 'à revoir', glyph: 'failing' },
  running: { word: 'en cours', glyph: 'late' },
  waiting: { word: 'en attente', glyph: 'stale' },
  'by-hand': { word: 'dit par vous', glyph: 'fresh' },
  passed: { word: 'conforme', glyph: 'fresh' },
  'not-applicable': { word: 'sans objet', glyph: 'withdrawn' },
}

type CheckProps = { check: CheckTold; onAgain: () => void; onSay: (word: string) => void }

function Check({ check, onAgain, onSay }: CheckProps) {
  const [word, setWord] = useState('')
  const { title, how, limit, toDo, state, measured, reason, advice, mayBeSaid } = check
  const needsSomebody =
    state === 'failed' || (state === 'running' && toDo !== null) || (state === 'waiting' && mayBeSaid)
  return (
    <details class="check" data-state={state} open={needsSomebody}>
      <summary>
        <Glyph name={STATES[state].glyph} />
        <strong>{inPrint(title)}</strong>
        <span>{measured === null ? STATES[state].word : inPrint(measured)}</span>
      </summary>
      <p class="hint">
        {inPrint(how)}
        {limit !== null && ` Limite${NARROW}: ${inPrint(limit)}.`}
      </p>
      {state === 'running' && toDo !== null && <p class="to-do">{inPrint(toDo)}</p>}
      {reason !== null && <p>{inPrint(reason)}</p>}
      {advice !== null && <p class="to-do">{inPrint(advice)}</p>}
      {(state === 'failed' || state === 'waiting') && (
        <button type="button" onClick={onAgain}>
          {state === 'failed' ? 'Refaire cette vérification' : 'Lancer cette vérification'}
        </button>
      )}
      {mayBeSaid && (state === 'failed' || state === 'waiting') && (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault()
            if (word.trim().length >= 3) onSay(word.trim())
          }}
        >
          <label>
            Ce que vous avez vu
            <input value={word} maxLength={500} onInput={(event) => setWord(event.currentTarget.value)} />
          </label>
          <button type="submit" disabled={word.trim().length < 3}>
            C’est fait, je l’ai vu
          </button>
        </form>
      )}
    </details>
  )
}
