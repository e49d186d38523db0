import { OUTCOME_WORDS } from '@vigie/contract/gate/words'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { GateConflict, GateNow, SalesReport, TicketsApi } from '../../api/tickets.ts'
import { countInWords, dayInWords, numberInWords } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { amountInWords, PAYMENT_WORDS, PAYMENTS } from '../money.ts'
import { ConflictCard } from './conflict-card.tsx'

type Read = { report: SalesReport; gate: GateNow; conflicts: GateConflict[] }

/** The day at the till and at the gates, as far as the gates' rows have come to the centre. */
export function DayScreen({ api, site }: { api: TicketsApi; site: string }) {
  const [day, setDay] = useState('today')
  const [read, setRead] = useState<Read | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const again = useCallback(() => {
    Promise.all([api.report(site, day), api.gate(site), api.conflicts(site)]).then(
      ([report, gate, conflicts]) => {
        setRead({ report, gate, conflicts })
        setRefusal(null)
      },
      (problem: unknown) => setRefusal(refusalInWords(problem)),
    )
  }, [api, site, day])
  useEffect(again, [again])
  if (read === null)
    return <p class={refusal === null ? 'page-state' : 'refusal'}>{refusal ?? 'Lecture du rapport…'}</p>
  const { report, gate, conflicts } = read
  const missing = gate.ledgers.reduce((sum, ledger) => sum + ledger.missing, 0)
  return (
    <>
      {conflicts.length > 0 && (
        <section>
          <h2>Conflits</h2>
          <ul class="conflicts">
            {conflicts.map((conflict) => (
              <ConflictCard key={conflict.ticket} {...{ api, site, conflict }} onSeen={again} />
            ))}
          </ul>
        </section>
      )}
      <section>
        <h1>Rapport du {dayInWords(Date.parse(`${report.day}T12:00:00Z`))}</h1>
        <label for="rapport">Jour</label>
        <input
          id="rapport"
          type="date"
          value={report.day}
          onInput={({ currentTarget }) => setDay(currentTarget.value === '' ? 'today' : currentTarget.value)}
        />
        <p class="refusal" role="alert">
          {refusal}
        </p>
        {missing > 0 && (
          <p class="notice">
            {countInWords(missing, 'ligne des passages n’est', 'lignes des passages ne sont')} pas encore arrivées au
            centre.
          </p>
        )}
        <Facts
          facts={[
            ['Recette', amountInWords(report.totalCents)],
            ...PAYMENTS.map((payment): Fact => [PAYMENT_WORDS[payment], amountInWords(report.byPayment[payment] ?? 0)]),
            ['Billets vendus', numberInWords(report.tickets)],
            ['dont annulés', numberInWords(report.canceled)],
            ['Numéros', report.serials === null ? 'aucun' : `${report.serials.first} à ${report.serials.last}`],
          ]}
        />
        <h2>Par tarif</h2>
        <Facts
          facts={report.byType.map(({ name, tickets, cents }) => [
            name,
            `${countInWords(tickets, 'billet', 'billets')}, ${amountInWords(cents)}`,
          ])}
        />
        <h2>Aux passages</h2>
        <Facts
          facts={[
            [gate.isEstimate ? 'À l’intérieur, estimation' : 'À l’intérieur', numberInWords(gate.inside)],
            ['Entrées', numberInWords(report.entered)],
            ['Sorties', numberInWords(report.left)],
            ['Dérogations', numberInWords(report.forced)],
            ['Passages sans billet', numberInWords(report.uncounted)],
            ...report.outcomes
              .filter(({ outcome }) => outcome !== 'ok')
              .map(
                ({ outcome, count }): Fact => [
                  `Refus, ${OUTCOME_WORDS[outcome].fr.toLowerCase()}`,
                  numberInWords(count),
                ],
              ),
          ]}
        />
        <button type="button" onClick={() => print()}>
          Imprimer le rapport
        </button>
      </section>
    </>
  )
}

type Fact = [name: string, value: string]

const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl class="report">
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
