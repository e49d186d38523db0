import type { FleetUnit } from '../api/schemas.ts'
import { NARROW } from '../look/wording.ts'
import { faultWords } from '../veille/fault-words.ts'
import type { Alarm } from './alarm.ts'

const ENDS = 'L’alarme se ferme d’elle-même dès que le boîtier confirme une version suivante.'

/** Units that went back from their configuration, or were given one that is not their fleet's word; until a later one is confirmed. */
export const configurationAlarmsIn = (units: readonly FleetUnit[]): Alarm[] => units.flatMap(alarmsOf)

function alarmsOf({ unit, site, configuration }: FleetUnit): Alarm[] {
  const { refused = null, turnedAway = null } = configuration ?? {}
  const common = { times: 1, what: unit, site, address: null, row: null }
  const alarms: Alarm[] = []
  if (refused !== null) {
    const { title, advice } = faultWords(refused.reason)
    const about = refused.about === null ? '' : ` (${refused.about})`
    alarms.push({
      ...{ ...common, key: `${unit} refused`, at: Date.parse(refused.at) },
      title: `Version ${refused.version} des réglages abandonnée${NARROW}: ${title}${about}`,
      advice: `${advice} Le boîtier garde ses réglages précédents. ${ENDS}`,
    })
  }
  if (turnedAway !== null) {
    const { title, advice } = faultWords(turnedAway.reason)
    alarms.push({
      ...{ ...common, key: `${unit} turned-away`, at: Date.parse(turnedAway.at) },
      title: title.charAt(0).toUpperCase() + title.slice(1),
      advice: `${advice} Une fois la cause trouvée, renvoyer les réglages du site. ${ENDS}`,
    })
  }
  return alarms
}
