import { OUTCOME_WORDS } from '@vigie/contract/gate/words'
import type { DayReport } from '../../api/museum.ts'
import { countInWords, numberInWords, timeOfDay } from '../../look/wording.ts'

type Props = { report: DayReport; placeOf: (lane: string | null) => string }

/** The closing report: what the museum writes into its book in the evening. */
export function Report({ report, placeOf }: Props) {
  const { persons, passages, outcomes, overrides, overridesBeyond, corrections } = report
  const beyond: [string, string][] =
    overridesBeyond.length === 0 ? [] : [['Dont au-delà du quota', numberInWords(overridesBeyond.length)]]
  const facts: [string, string][] = [
    ['Entrées', numberInWords(persons.entered)],
    ['Sorties', numberInWords(persons.left)],
    ['Billets admis', numberInWords(report.tickets)],
    ['Par un téléphone', numberInWords(passages.phone.in)],
    ['En rotation libre', numberInWords(passages.free.in)],
    ['Passages forcés', numberInWords(passages.forced.in)],
    ['Ouvertures par l’accueil', numberInWords(passages.staff.in)],
    ['Non présentés, rendus', numberInWords(report.returned)],
    ['Entrées annulées', numberInWords(report.undone)],
    ['Dérogations', numberInWords(overrides.length)],
    ...beyond,
    ['Conflits', numberInWords(report.conflicts)],
    ['Lignes à l’heure inconnue', numberInWords(report.clockUnknown)],
  ]
  const refused = Object.entries(OUTCOME_WORDS).flatMap(([outcome, { fr }]) => {
    const count = outcomes[outcome] ?? 0
    return outcome === 'ok' || count === 0 ? [] : [{ fr, count }]
  })
  return (
    <>
      <dl class="report">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>Par passage</h3>
      <dl class="report">
        {report.lanes.map(({ lane, passages: counted }) => (
          <div key={lane}>
            <dt>{placeOf(lane)}</dt>
            <dd>
              {countInWords(counted.in, 'entrée', 'entrées')}, {countInWords(counted.out, 'sortie', 'sorties')}
            </dd>
          </div>
        ))}
      </dl>
      {refused.length > 0 && (
        <>
          <h3>Refus</h3>
          <dl class="report">
            {refused.map(({ fr, count }) => (
              <div key={fr}>
                <dt>{fr}</dt>
                <dd>{numberInWords(count)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {overrides.length + corrections.length > 0 && (
        <>
          <h3>Ce que l’équipe a décidé</h3>
          <ul class="alarms">
            {overrides.map(({ id, at, forced, by }) => (
              <li key={id}>
                {timeOfDay(Date.parse(at))}, dérogation{overridesBeyond.includes(id) && ' au-delà du quota'},{' '}
                {forced?.reason}, {by}
              </li>
            ))}
            {corrections.map(({ at, inside, by, reason }) => (
              <li key={at}>
                {timeOfDay(Date.parse(at))}, compté {numberInWords(inside)} à l’intérieur, {reason}, {by}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
