import { OUTCOME_WORDS } from '@vigie/contract/gate/words'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { GateConflict, GateNow, Museum, SalesReport, TicketsApi } from '../../api/tickets.ts'
import { countInWords, inPrint, numberInWords } from '../../look/wording.ts'
import { refusalInWords } from '../../office/refusal-words.ts'
import { admittedPart } from '../../staff/admitted.ts'
import { dateInWords } from '../../staff/date.ts'
import { type Part, Parts } from '../../staff/facts.tsx'
import { peakInWords } from '../../staff/peak.ts'
import { ReportWays } from '../../staff/report-ways.tsx'
import { amountInWords, PAYMENT_WORDS, PAYMENTS } from '../money.ts'
import { ConflictCard } from './conflict-card.tsx'

type Read = { report: SalesReport; gate: GateNow; conflicts: GateConflict[] }

type Props = { api: TicketsApi; museum: Museum }

/** The day at the till and at the gates, as far as the gates' rows have come to the centre. */
export function DayScreen({ api, museum: { site, name } }: Props) {
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
  const parts = partsOf(report, gate)
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
        <p class="paper-only">{name}</p>
        <h1>Rapport du {dateInWords(report.day)}</h1>
        <div class="screen-only">
          <label for="rapport">Jour</label>
          <input
            id="rapport"
            type="date"
            value={report.day}
            onInput={({ currentTarget }) => setDay(currentTarget.value === '' ? 'today' : currentTarget.value)}
          />
        </div>
        <p class="refusal" role="alert">
          {refusal}
        </p>
        {missing > 0 && (
          <p class="notice">
            {countInWords(missing, 'ligne des passages n’est', 'lignes des passages ne sont')} pas encore arrivées au
            centre.
          </p>
        )}
        <Parts parts={parts} title="h2" />
        <ReportWays {...{ report, parts }} />
      </section>
    </>
  )
}

function partsOf(report: SalesReport, gate: GateNow): Part[] {
  return [
    {
      title: 'Au guichet',
      facts: [
        ['Recette', amountInWords(report.totalCents)],
        ...PAYMENTS.map((payment): Fact => [PAYMENT_WORDS[payment], amountInWords(report.byPayment[payment] ?? 0)]),
        ['Billets vendus', numberInWords(report.tickets)],
        ['dont annulés', numberInWords(report.canceled)],
        ['Numéros', report.serials === null ? 'aucun' : `${report.serials.first} à ${report.serials.last}`],
      ],
    },
    {
      title: 'Ventes par tarif',
      facts: report.byType.map(({ name, tickets, cents }) => [
        inPrint(name),
        `${countInWords(tickets, 'billet', 'billets')}, ${amountInWords(cents)}`,
      ]),
    },
    admittedPart(report.admitted, 'Billets vendus ailleurs'),
    {
      title: 'Aux passages',
      facts: [
        ['Entrées', numberInWords(report.entered)],
        ['Sorties', numberInWords(report.left)],
        ['Jauge au plus haut', peakInWords(report.peak)],
        [
          gate.isEstimate ? 'À l’intérieur maintenant, estimation' : 'À l’intérieur maintenant',
          numberInWords(gate.inside),
        ],
        ['Dérogations', numberInWords(report.forced)],
        ['Passages forcés', numberInWords(report.forcedPassages)],
        ['Passages sans billet, en tout', numberInWords(report.uncounted)],
        ['Personnes en trop, conflits à regarder', numberInWords(report.conflicts)],
      ],
    },
    {
      title: 'Refus',
      facts: report.outcomes
        .filter(({ outcome }) => outcome !== 'ok')
        .map(({ outcome, count }) => [OUTCOME_WORDS[outcome].fr, numberInWords(count)]),
    },
  ]
}

type Fact = [name: string, value: string]
