import type { FleetUnit } from '../api/schemas.ts'
import { Glyph } from '../look/glyph.tsx'
import { ageInWords, countInWords, inPrint } from '../look/wording.ts'
import type { alarmsIn } from './alarms.ts'
import { alarmInWords } from './words.ts'

type Props = { alarms: ReturnType<typeof alarmsIn>; units: readonly FleetUnit[]; now: number }

/** What must not be overlooked, above everything else of the page; nothing where there is none. */
export function AlarmsShown({ alarms, units, now }: Props) {
  const nameOf = (site: string) => inPrint(units.find((unit) => unit.site === site)?.siteName ?? site)
  if (alarms.length === 0) return null
  return (
    <section class="alarms" aria-labelledby="alarmes">
      <h2 id="alarmes">
        <Glyph name="failing" /> {countInWords(alarms.length, 'alarme d’identité', 'alarmes d’identité')} en 7 jours
      </h2>
      <ul>
        {alarms.map(({ seq, at, what, site, reason, address, times }) => (
          <li key={seq}>
            <strong>{alarmInWords(reason)}</strong>
            <span class="unit-line">
              {units.some((unit) => unit.unit === what) ? <a href={`/parc/${what}`}>{what}</a> : what}
              {site !== null && `, ${nameOf(site)}`}, {ageInWords(at, now)}
              {times > 1 && `, ${times} fois`}
              {address !== null && `, depuis l’adresse ${address}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
