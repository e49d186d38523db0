import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Conflict, DayReport } from '../../api/museum.ts'
import { ageInWords, countInWords, dayInWords, HARD, NARROW, timeOfDay } from '../../look/wording.ts'
import { dateInWords } from '../../staff/date.ts'
import { countKept, type Gate } from '../gate.ts'
import { refusalInFrench } from '../refusal-words.ts'
import { ConflictCard } from './conflict-card.tsx'
import { InsideCorrection } from './inside-correction.tsx'
import { Report } from './report.tsx'

type Props = { gate: Gate; placeOf: (lane: string | null) => string; onUnpaired: () => void }

/** The inbox of conflicts, who is inside as somebody counted, and the closing report. */
export function DayScreen({ gate, placeOf, onUnpaired }: Props) {
  const [conflicts, setConflicts] = useState<Conflict[]>([])
  const [report, setReport] = useState<DayReport | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const { openConflicts = 0, cloud = null } = gate.state.value ?? {}
  const read = useCallback(() => {
    Promise.all([gate.api.conflicts(), gate.api.report(null)]).then(
      ([found, day]) => {
        setConflicts(found)
        setReport(day)
        setRefusal(null)
      },
      (problem: unknown) => setRefusal(refusalInFrench(problem)),
    )
  }, [gate])
  useEffect(read, [read, openConflicts, gate.link.value])
  const { me, waiting, turnedAway, listAt } = gate
  return (
    <main class="screen">
      <h1>Journée</h1>
      <p class="refusal" role="alert">
        {refusal}
      </p>
      {turnedAway.value.length > 0 && (
        <section class="notice" role="alert">
          <h2>Décisions de ce téléphone refusées par la passerelle</h2>
          {turnedAway.value.map((one) => (
            <p key={one.nonce}>
              {timeOfDay(Date.parse(one.at))}, billet {one.body.ticket?.slice(0, 8) ?? 'inconnu'}
              {NARROW}: {one.reason}
              <button
                type="button"
                onClick={() => void gate.kept.forgetTurnedAway(one.nonce).then(() => countKept(gate))}
              >
                Classer
              </button>
            </p>
          ))}
        </section>
      )}
      {conflicts.length > 0 && (
        <section>
          <h2>Conflits</h2>
          <ul class="conflicts">
            {conflicts.map((conflict) => (
              <ConflictCard key={conflict.id} {...{ conflict, gate, placeOf }} onSeen={read} />
            ))}
          </ul>
        </section>
      )}
      <InsideCorrection gate={gate} />
      <section>
        <h2>{report === null ? 'Rapport de clôture' : `Rapport de clôture du ${dateInWords(report.day)}`}</h2>
        {report === null ? <p class="page-state">Lecture du rapport…</p> : <Report {...{ report, placeOf }} />}
      </section>
      <section class="screen-only">
        <h2>Cet appareil</h2>
        {me.value !== null && (
          <p>
            Appairé jusqu’au {dayInWords(Date.parse(me.value.until))} à {timeOfDay(Date.parse(me.value.until))}.
          </p>
        )}
        <p>
          {listAt.value === null
            ? 'Sa liste n’est pas encore là.'
            : `Sa liste a été mise à jour ${ageInWords(listAt.value, Date.now())}.`}{' '}
          {waiting.value === 0
            ? 'Rien n’attend d’être transmis.'
            : `${countInWords(waiting.value, 'décision attend', 'décisions attendent')} d’être transmises.`}
        </p>
        {cloud !== null && (
          <p>
            Passerelle{HARD}– centre{NARROW}: {cloud.isConnected ? 'en liaison' : 'sans liaison'},{' '}
            {countInWords(cloud.waiting, 'ligne à transmettre', 'lignes à transmettre', 'tout est transmis')}.
          </p>
        )}
        <button type="button" onClick={onUnpaired}>
          Désappairer cet appareil
        </button>
      </section>
    </main>
  )
}
