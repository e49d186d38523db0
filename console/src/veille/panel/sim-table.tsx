import type { Series } from '../../api/schemas.ts'
import { bytesInWords } from '../../look/byte-size.ts'
import { simUsageOf } from './sim-usage.ts'

/** What the SIM of a unit carried over the last day, by class. */
export function SimTable({ series }: { series: Series }) {
  const usage = simUsageOf(series)
  if (usage === null) return null
  return (
    <table class="sim">
      <caption>Données de la carte SIM, 24 heures</caption>
      <tbody>
        {usage.parts.map(({ label, bytes }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{bytesInWords(bytes)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">total</th>
          <td>{usage.total === null ? 'non compté par ce logiciel' : bytesInWords(usage.total)}</td>
        </tr>
      </tfoot>
    </table>
  )
}
