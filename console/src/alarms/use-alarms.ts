import { useCallback } from 'preact/hooks'
import type { Me } from '../api/account.ts'
import type { FleetApi } from '../api/fleet.ts'
import type { AuditLine, FleetUnit } from '../api/schemas.ts'
import { useAnswer } from '../parc/use-answer.ts'
import { type Alarm, inOrder } from './alarm.ts'
import { configurationAlarmsIn } from './configuration-alarms.ts'
import { gateAlarmsIn } from './gate-alarms.ts'
import { identityAlarmsIn } from './identity-alarms.ts'

const NO_UNITS: readonly FleetUnit[] = []
const noUnits = async () => NO_UNITS
const noRows = async (): Promise<AuditLine[]> => []

/** The fleet's units, where the reader's role opens them; nothing is asked for that would be refused. */
export function useUnits(api: Pick<FleetApi, 'units'>, me: Me | null): readonly FleetUnit[] {
  const read = useCallback(async (signal: AbortSignal) => (await api.units(signal)).units, [api])
  const { answer } = useAnswer<readonly FleetUnit[]>(me?.actions.includes('unit.read') === true ? read : noUnits)
  return answer.state === 'ready' ? answer.value : NO_UNITS
}

/** Says that an alarm was seen, by its row; null: the reader's role does not. */
export type OnSeen = ((row: number) => Promise<void>) | null

/** The alarms that the reader's role opens, followed while the page is open. */
export function useAlarms(
  { api, me, units }: { api: Pick<FleetApi, 'refused' | 'seen'>; me: Me | null; units: readonly FleetUnit[] },
  now: number,
): { alarms: Alarm[]; onSeen: OnSeen } {
  const { answer, again } = useAnswer(me?.actions.includes('audit.read') === true ? api.refused : noRows)
  const rows = answer.state === 'ready' ? answer.value : []
  const ofUnits = [...configurationAlarmsIn(units), ...gateAlarmsIn(units, now)]
  const alarms = inOrder([...ofUnits, ...identityAlarmsIn(rows, now)])
  const maySee = me?.actions.includes('alarm.acknowledge') === true
  return { alarms, onSeen: maySee ? (row) => api.seen(row).then(again) : null }
}

/** The name of a site in the list of units, as people say it. */
export const siteNamesIn = (units: readonly FleetUnit[]) => (site: string) =>
  units.find((unit) => unit.site === site)?.siteName ?? undefined
