import { saveCsv } from './csv.ts'
import { linesOf, type Part } from './facts.tsx'

type Props = { report: { site: string; day: string }; parts: readonly Part[] }

/** Out of the page: on paper, or into a spreadsheet. */
export const ReportWays = ({ report: { site, day }, parts }: Props) => (
  <div class="report-ways">
    <button type="button" onClick={() => print()}>
      Imprimer ou garder en PDF
    </button>
    <button type="button" onClick={() => saveCsv(`cloture-${site}-${day}.csv`, linesOf(parts))}>
      Télécharger (CSV)
    </button>
  </div>
)
