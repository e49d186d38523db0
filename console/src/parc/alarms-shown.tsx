import { Glyph } from '../look/glyph.tsx'
import { ageInWords, countInWords, NARROW } from '../look/wording.ts'
import type { alarmsIn } from './alarms.ts'
import { alarmInWords } from './words.ts'

/** What must not be overlooked, above everything else of the page; nothing where there is none. */
export function AlarmsShown({ alarms, now }: { alarms: ReturnType<typeof alarmsIn>; now: number }) {
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
              {what}
              {site !== null && `, site ${site}`}, {ageInWords(at, now)}
              {times > 1 && `, ${times} fois`}
              {address !== null && `, depuis l’adresse${NARROW}${address}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
