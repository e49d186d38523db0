import { useCallback, useState } from 'preact/hooks'
import { Refused } from '../../api/refused.ts'
import { Glyph } from '../../look/glyph.tsx'
import { inPrint, momentInWords, NARROW } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import type { Journey } from '../journey/journey.ts'
import type { StepProps } from '../pole.ts'
import { useTold } from '../use-told.ts'
import { lastingInWords } from '../words.ts'
import { STEP_WORDS, STEPS } from './steps.ts'

const EVERY_MS = 5_000
const CHECKS_RUN = 'Des vérifications tournent encore. Attendez leur fin à leur étape, puis signez.'

/** The report has closed the record: nothing more can be entered there, so this step is done on the phone alone. */
const closed = (at: number) => (journey: Journey) => ({
  ...journey,
  entries: { ...journey.entries, report: { entered: {}, isDone: true, at } },
})

/** Closes the record: the cloud makes the report, signs it and keeps it with the site. */
export function ReportStep({ pole, journey, onDone }: StepProps) {
  const { cloud } = pole
  const id = journey.commissioning ?? ''
  const ask = useCallback((signal: AbortSignal) => cloud.commissioning(id, signal), [cloud, id])
  const { thing, isHeard, askAgain } = useTold(ask, EVERY_MS)
  const [making, setMaking] = useState<'no' | 'making' | 'failed'>('no')
  const [detail, setDetail] = useState('')
  const report = thing?.reports.at(-1)
  const waiting = journey.outgoing.filter((one) => one.kind !== 'step' || one.step !== 'report').length
  const total = Object.values(journey.seconds).reduce((sum, seconds) => sum + seconds, 0)

  async function make() {
    setMaking('making')
    try {
      await cloud.makeReport(id, new AbortController().signal)
      await pole.book.change(journey.id, closed(pole.now()))
      setMaking('no')
      askAgain()
    } catch (error) {
      const isRunning = error instanceof Refused && error.problem === 'checks-run'
      setDetail(isRunning ? CHECKS_RUN : refusalInWords(error))
      setMaking('failed')
    }
  }

  return (
    <>
      {report !== undefined && (
        <p class="answer" role="status" data-state="fine">
          <Glyph name="fresh" /> {report.isSigned ? 'Signé' : 'Établi'}
          <small>
            {momentInWords(Date.parse(report.madeAt), pole.now())}, par {inPrint(report.madeBy)}
          </small>
        </p>
      )}
      <table class="times">
        <caption>{`Durée de la pose${NARROW}: ${lastingInWords(total)}`}</caption>
        <tbody>
          {STEPS.map((step) => (
            <tr key={step}>
              <th scope="row">{STEP_WORDS[step].title}</th>
              <td>{lastingInWords(journey.seconds[step] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {waiting > 0 && (
        <p class="notice" role="status">
          {waiting} envoi{waiting > 1 ? 's' : ''} en attente. Le procès-verbal se fait quand tout est au centre{NARROW}:
          trouvez un endroit avec du réseau, tout part tout seul.
        </p>
      )}
      {!isHeard && <p class="notice">Le centre ne répond pas. Rien n’est perdu{NARROW}: revenez ici plus tard.</p>}
      {making === 'failed' && (
        <p class="notice" data-kind="refused" role="alert">
          Le procès-verbal n’a pas été fait. {detail}
        </p>
      )}
      <div class="actions">
        {report !== undefined && (
          <a class="button primary" href={report.pdf} target="_blank" rel="noreferrer">
            Ouvrir le procès-verbal (PDF)
          </a>
        )}
        {report === undefined && (
          <button
            type="button"
            class="primary"
            disabled={waiting > 0 || making === 'making' || id === ''}
            onClick={() => void make()}
          >
            {making === 'making' ? 'En cours…' : 'Signer la mise en service'}
          </button>
        )}
        {report !== undefined && (
          <button type="button" onClick={onDone}>
            Terminer
          </button>
        )}
      </div>
    </>
  )
}
