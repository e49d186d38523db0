import type { FleetUnit } from '../api/schemas.ts'
import { NARROW } from '../look/wording.ts'
import type { Alarm } from './alarm.ts'
import { GATE_WORDS } from './gate-words.ts'

const HOUR_MS = 3_600_000
/** What lasts is said each day; two hours for a box that started anew meanwhile. */
const LASTS_MS = 26 * HOUR_MS
/** What came only with a link that was back says how it was before: with the link the lists came too. */
const LATE_MS = HOUR_MS

const ENDS = 'L’alarme se ferme d’elle-même un jour après la fin.'
const LEAVES = 'L’alarme quitte la liste une semaine après.'

type Said = { unit: FleetUnit; alarm: FleetUnit['gateAlarms'][number] }

/** What the boxes of museums say of themselves: one alarm for each museum and cause, however many of its boxes say it. */
export function gateAlarmsIn(units: readonly FleetUnit[], now: number): Alarm[] {
  const all = units.flatMap((unit) => unit.gateAlarms.map((alarm) => ({ unit, alarm })))
  const causes = new Map<string, Said[]>()
  for (const one of all.filter(({ alarm }) => isShown(alarm, now))) {
    const key = `${one.unit.site} ${one.alarm.cause}`
    causes.set(key, [...(causes.get(key) ?? []), one])
  }
  return [...causes].map(([key, said]) => alarmOf(key, said))
}

function isShown({ cause, at, heardAt }: Said['alarm'], now: number): boolean {
  if (GATE_WORDS[cause]?.isSaidDaily !== true) return true // the cloud tells a week
  const saidAt = Date.parse(at)
  return now - saidAt < LASTS_MS && Date.parse(heardAt) - saidAt < LATE_MS
}

function alarmOf(key: string, said: readonly Said[]): Alarm {
  const [newest] = said.toSorted((one, other) => other.alarm.at.localeCompare(one.alarm.at))
  if (newest === undefined) throw new RangeError('an alarm that nobody gave')
  const { unit, alarm } = newest
  const words = GATE_WORDS[alarm.cause]
  const more = words?.more?.(alarm.about ?? '') ?? null
  const title = words?.title ?? `panne «${NARROW}${alarm.cause}${NARROW}»`
  return {
    ...{ key, at: Date.parse(alarm.at), times: 1, site: unit.site, address: null, row: null },
    what: said.length === 1 ? unit.unit : `${said.length} boîtiers`,
    title: `${title.charAt(0).toUpperCase()}${title.slice(1)}${more === null ? '' : ` (${more})`}`,
    advice: `${words?.advice ?? 'Cette panne n’a pas encore de consigne ici.'} ${words?.isSaidDaily === true ? ENDS : LEAVES}`,
  }
}
