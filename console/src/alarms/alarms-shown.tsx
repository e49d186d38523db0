import type { FleetUnit } from '../api/schemas.ts'
import { Glyph } from '../look/glyph.tsx'
import { ageInWords, countInWords, inPrint } from '../look/wording.ts'
import type { Alarm } from './alarm.ts'
import { SeenButton } from './seen-button.tsx'
import { type OnSeen, siteNamesIn } from './use-alarms.ts'

type Props = { alarms: readonly Alarm[]; units: readonly FleetUnit[]; now: number; onSeen: OnSeen }

/** What must not be overlooked, above everything else of the page; nothing where there is none. */
export function AlarmsShown({ alarms, ...more }: Props) {
  if (alarms.length === 0) return null
  return (
    <section class="alarms" aria-labelledby="alarmes">
      <h2 id="alarmes">
        <Glyph name="failing" /> {countInWords(alarms.length, 'alarme', 'alarmes')}
      </h2>
      <AlarmList alarms={alarms} {...more} />
    </section>
  )
}

/** What happened, to whom and when, and what to do about it. */
export function AlarmList({ alarms, units, now, onSeen }: Props) {
  const nameOf = siteNamesIn(units)
  return (
    <ul class="alarm-list">
      {alarms.map(({ key, at, what, site, title, advice, address, times, row }) => (
        <li key={key}>
          <strong>{title}</strong>
          <span class="alarm-where">
            {units.some(({ unit }) => unit === what) ? <a href={`/parc/${what}`}>{what}</a> : what}
            {site !== null && `, ${inPrint(nameOf(site) ?? site)}`}, {ageInWords(at, now)}
            {times > 1 && `, ${times} fois`}
            {address !== null && `, depuis l’adresse ${address}`}
          </span>
          <span class="alarm-advice">{advice}</span>
          {row !== null && onSeen !== null && <SeenButton title={title} onSeen={() => onSeen(row)} />}
        </li>
      ))}
    </ul>
  )
}
