import { momentInWords, sinceInWords } from '../../look/wording.ts'
import type { Gate } from '../gate.ts'
import { DecisionLine } from './decision-line.tsx'
import { LaneCard } from './lane-card.tsx'
import { causeInWords, listsInWords } from './lane-words.ts'

type Props = { gate: Gate; placeOf: (lane: string | null) => string }

/** The lanes of the museum, and what was decided last. */
export function LanesScreen({ gate, placeOf }: Props) {
  const state = gate.state.value
  const now = gate.now()
  if (state === null) {
    return (
      <main class="screen">
        <h1>Passages</h1>
        <p class="page-state">
          {gate.link.value === 'down'
            ? 'La passerelle est hors de portée. Les passages décident seuls, et ce téléphone lit les billets.'
            : 'Lecture des passages…'}
        </p>
      </main>
    )
  }
  const lists = listsInWords(state, now)
  return (
    <main class="screen">
      <h1>Passages</h1>
      {gate.link.value === 'down' && (
        <p class="notice">
          Passerelle hors de portée depuis {sinceInWords(Date.parse(state.at), now)}. Ce qui suit est ancien.
        </p>
      )}
      {lists !== null && <p class="notice">{lists}</p>}
      {state.lanes.length === 0 ? (
        <p class="page-state">Aucun passage ne s’est encore annoncé. Vérifiez qu’ils sont sous tension.</p>
      ) : (
        <ul class="lanes">
          {state.lanes.map((lane) => (
            <LaneCard key={lane.lane} {...{ lane, gate }} />
          ))}
        </ul>
      )}
      {state.alarms.length > 0 && (
        <section>
          <h2>Alarmes du jour</h2>
          <ul class="alarms">
            {state.alarms.map(({ id, at, lane, cause }) => (
              <li key={id}>
                <strong>{placeOf(lane)}</strong> {causeInWords(cause)}, {momentInWords(Date.parse(at), now)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>Dernières décisions</h2>
        {state.decisions.length === 0 ? (
          <p class="hint">Aucun billet n’a encore été présenté.</p>
        ) : (
          <ol class="decisions">
            {state.decisions.map((row) => (
              <DecisionLine key={row.id} {...{ row, now, placeOf }} />
            ))}
          </ol>
        )}
      </section>
    </main>
  )
}
