import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { State } from '@vigie/contract/state'
import type { Telemetry } from '@vigie/contract/telemetry'
import { buildTopic } from '@vigie/contract/topics'
import type { HonestTime } from '../clock/honest-time.ts'
import type { Outbox, OutgoingItem } from '../outbox/outbox.ts'
import { dueTimes } from '../schedule/due-times.ts'
import { phaseOf } from '../schedule/next-capture.ts'
import type { Stamp } from '../stamp.ts'
import type { Time } from '../time.ts'
import type { MachineHealth } from './machine.ts'
import type { Traffic } from './traffic.ts'
import type { UnitState } from './unit-state.ts'

export type HealthDeps = {
  stamp: Stamp
  outbox: Pick<Outbox, 'backlog'>
  unitState: UnitState
  time: Pick<HonestTime, 'offsetMs'>
  traffic: Traffic
  readMachine: () => Promise<MachineHealth>
}

/** Makes the two messages about a unit itself. */
export type HealthReports = { state(): OutgoingItem; telemetry(): Promise<OutgoingItem> }

export function createHealthReports({ site, unit }: { site: SiteId; unit: UnitId }, deps: HealthDeps): HealthReports {
  const item = (body: State | Telemetry): OutgoingItem => ({
    id: body.id,
    class: body.kind,
    topic: buildTopic({ site, unit, what: body.kind }),
    payload: Buffer.from(JSON.stringify(body)),
  })
  return {
    state: () => item({ ...deps.stamp.next('state'), kind: 'state', cameras: deps.unitState.cameras() }),
    async telemetry() {
      const machine = await deps.readMachine()
      return item({
        ...deps.stamp.next('telemetry'),
        kind: 'telemetry',
        ...machine,
        cameras: deps.unitState.answers(),
        queue: deps.outbox.backlog(),
        sentBytes: deps.traffic.sentBytes(),
        clockOffsetMs: deps.time.offsetMs(),
      })
    },
  }
}

const TELEMETRY_EVERY_MS = 60_000
/** A state that changes is told at once; this is for a cloud that has lost it. */
const STATE_EVERY_MS = 15 * 60_000

/** Reports at once how the unit starts, then telemetry each minute and the state each quarter of an hour. */
export async function runHealthLoop(
  unit: UnitId,
  { reports, keep, time }: { reports: HealthReports; keep: (item: OutgoingItem) => Promise<unknown>; time: Time },
  signal: AbortSignal,
): Promise<void> {
  await keep(reports.state())
  const planned = [
    { thing: 'telemetry' as const, intervalMs: TELEMETRY_EVERY_MS },
    { thing: 'state' as const, intervalMs: STATE_EVERY_MS },
  ].map(({ thing, intervalMs }) => ({
    thing,
    plan: { intervalMs, phaseMs: phaseOf(`${unit}/${thing}`, intervalMs) },
  }))
  for await (const { thing } of dueTimes(planned, time, signal)) {
    await keep(thing === 'state' ? reports.state() : await reports.telemetry())
  }
}
