import type { Difference } from '../api/configuration.ts'
import { placeInWords, valueInWords } from './words.ts'

type Props = { differences: readonly Difference[]; before: string; after: string }

/** Place by place, side by side. */
export function DifferenceTable({ differences, before, after }: Props) {
  if (differences.length === 0) return <p class="quiet">Rien ne diffère.</p>
  return (
    <table class="differences">
      <thead>
        <tr>
          <th scope="col">Où</th>
          <th scope="col">{before}</th>
          <th scope="col">{after}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map((one) => (
          <tr key={one.place}>
            <th scope="row">{placeInWords(one.place)}</th>
            <td data-side={before}>{valueInWords(one.place, one.before)}</td>
            <td data-side={after}>{valueInWords(one.place, one.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
