import { OUTCOME_WORDS } from '@vigie/contract/gate/words'
import type { DayReport } from '../../api/museum.ts'
import { countInWords, numberInWords, timeOfDay } from '../../look/wording.ts'
import { admittedPart } from '../../staff/admitted.ts'
import { type Part, Parts } from '../../staff/facts.tsx'
import { peakInWords } from '../../staff/peak.ts'
import { ReportWays } from '../../staff/report-ways.tsx'

type Props = { report: DayReport; placeOf: (lane: string | null) => string }

/** The closing report: what the museum writes into its book in the evening. */
export function Report({ report, placeOf }: Props) {
  const parts = partsOf(report, placeOf)
  return (
    <>
      <Parts parts={parts} title="h3" />
      <ReportWays {...{ report, parts }} />
    </>
  )
}

function partsOf(
  { persons, peak, passages, outcomes, overrides, overridesBeyond, corrections, ...report }: DayReport,
  placeOf: Props['placeOf'],
): Part[] {
  const refused = Object.entries(OUTCOME_WORDS).flatMap(([outcome, { fr }]): [string, string][] => {
    const count = outcomes[outcome] ?? 0
    return outcome === 'ok' || count === 0 ? [] : [[fr, numberInWords(count)]]
  })
  const unseen: [string, string] = ['dont sans témoin, boîtier arrêté', numberInWords(report.unseen)]
  const beyond: [string, string] = ['dont au-delà du quota', numberInWords(overridesBeyond.length)]
  return [
    {
      title: 'Personnes',
      facts: [
        ['Entrées', numberInWords(persons.entered)],
        ['Sorties', numberInWords(persons.left)],
        ['Jauge au plus haut', peakInWords(peak)],
        ['Billets admis', numberInWords(report.tickets)],
        ['Par un téléphone', numberInWords(passages.phone.in)],
        ['En rotation libre', numberInWords(passages.free.in)],
        ['Ouvertures par l’accueil', numberInWords(passages.staff.in)],
        ['Passages forcés', numberInWords(passages.forced.in)],
      ],
    },
    {
      title: 'Par passage',
      facts: report.lanes.map(({ lane, passages: counted }) => [
        placeOf(lane),
        `${countInWords(counted.in, 'entrée', 'entrées')}, ${countInWords(counted.out, 'sortie', 'sorties')}`,
      ]),
    },
    admittedPart(
      report.admitted.map(({ typeWords, ...sum }) => ({ ...sum, name: typeWords })),
      'Vendus ailleurs, ou inconnus ici',
    ),
    {
      title: 'À regarder',
      facts: [
        ['Conflits', numberInWords(report.conflicts)],
        ['Dérogations', numberInWords(overrides.length)],
        ...(overridesBeyond.length === 0 ? [] : [beyond]),
        ['Entrées annulées', numberInWords(report.undone)],
        ['Entrées rendues', numberInWords(report.returned)],
        ...(report.unseen === 0 ? [] : [unseen]),
        ['Lignes à l’heure inconnue', numberInWords(report.clockUnknown)],
      ],
    },
    { title: 'Refus', facts: refused },
    {
      title: 'Ce que l’équipe a décidé',
      facts: [
        ...overrides.map(({ id, at, forced, by }): [string, string] => [
          `${timeOfDay(Date.parse(at))}, dérogation de ${by}${overridesBeyond.includes(id) ? ', au-delà du quota' : ''}`,
          forced?.reason ?? '',
        ]),
        ...corrections.map(({ at, inside, by, reason }): [string, string] => [
          `${timeOfDay(Date.parse(at))}, ${numberInWords(inside)} à l’intérieur, comptés par ${by}`,
          reason,
        ]),
      ],
    },
  ]
}
