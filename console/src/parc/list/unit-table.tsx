import type { FleetUnit } from '../../api/schemas.ts'
import { Glyph } from '../../look/glyph.tsx'
import { inPrint, momentInWords, NARROW } from '../../look/wording.ts'
import { type Standing, standingOf } from '../standing.ts'
import {
  certificateInWords,
  configurationInWords,
  NOTHING_KNOWN,
  partInWords,
  presenceInWords,
  STANDING_WORDS,
} from '../words.ts'
import type { Order } from './order.ts'

type Props = {
  units: readonly FleetUnit[]
  now: number
  order: Order
  onOrder: (order: Order) => void
  onOpen: (opened: { unit: string }) => void
}

/** On a phone the first two columns stand, with the certificate among them; the rest is on the unit's own page. */
const COLUMNS: { order: Order; title: string; isWide?: true }[] = [
  { order: 'site', title: 'Site' },
  { order: 'etat', title: 'État' },
  { order: 'certificat', title: 'Certificat', isWide: true },
  { order: 'configuration', title: 'Configuration', isWide: true },
  { order: 'enrolement', title: 'Dernier enrôlement', isWide: true },
  { order: 'logiciel', title: 'Logiciel', isWide: true },
  { order: 'boitier', title: 'Boîtier', isWide: true },
]

/** A line for each unit. The heads of the columns set the order. */
export function UnitTable({ units, now, order, onOrder, onOpen }: Props) {
  return (
    <table class="units">
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th
              key={column.order}
              scope="col"
              class={column.isWide && 'wide'}
              aria-sort={column.order === order ? 'ascending' : 'none'}
            >
              <button type="button" onClick={() => onOrder(column.order)}>
                {column.title}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {units.map((unit) => (
          <UnitLine key={unit.unit} unit={unit} now={now} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  )
}

/** What the state leaves unsaid: since when it holds, or the presence where the state is about something else. */
function besidesInWords(unit: FleetUnit, standing: Standing, now: number): string {
  if (standing === 'unheard') return ''
  const words = presenceInWords(unit, now)
  return standing === unit.presence ? words.slice(words.indexOf('depuis')) : words
}

function UnitLine({ unit, now, onOpen }: { unit: FleetUnit; now: number; onOpen: Props['onOpen'] }) {
  const standing = standingOf(unit, now)
  const { one, glyph } = STANDING_WORDS[standing]
  const certificate = certificateInWords(unit, now)
  return (
    <tr data-standing={standing}>
      <th scope="row">
        <a
          href={`/parc/${unit.unit}`}
          onClick={(event) => {
            // A new tab is the browser's own affair.
            if (event.ctrlKey || event.metaKey || event.shiftKey) return
            event.preventDefault()
            onOpen({ unit: unit.unit })
          }}
        >
          {unit.siteName === null ? (unit.site ?? 'sans site') : inPrint(unit.siteName)}
        </a>
        <span class="unit-line">
          {unit.road !== null && <span class="road">{unit.road}</span>} {partInWords(unit)}{' '}
          <span class="narrow-only">{unit.unit}</span>
        </span>
      </th>
      <td>
        <span class="standing">
          <Glyph name={glyph} /> {one}
        </span>
        <span class="unit-line">{besidesInWords(unit, standing, now)}</span>
        <span class="unit-line narrow-only">
          Certificat{NARROW}: {certificate}
        </span>
      </td>
      <td class="wide">{certificate}</td>
      <td class="wide">{configurationInWords(unit)}</td>
      <td class="wide">{unit.enrolledAt === null ? 'aucun' : momentInWords(Date.parse(unit.enrolledAt), now)}</td>
      <td class="wide">{unit.software ?? NOTHING_KNOWN}</td>
      <td class="wide">{unit.unit}</td>
    </tr>
  )
}
