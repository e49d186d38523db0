import type { LaneState } from '@vigie/contract/gate/lane-mode'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import type { ReportedConfiguration, State } from '@vigie/contract/state'
import type { TelemetrySample } from '@vigie/contract/telemetry'
import { batchOf, type TelemetryBatch } from '@vigie/contract/telemetry-batch'
import { buildTopic } from '@vigie/contract/topics'
import type { HonestTime } from '../clock/honest-time.ts'
import type { Outbox, OutgoingItem } from '../outbox/outbox.ts'
import type { Stamp } from '../stamp.ts'
import type { MachineHealth } from './machine.ts'
import { machineRoughly, wireRoughly } from './said-roughly.ts'
import type { Traffic } from './traffic.ts'
import type { UnitState } from './unit-state.ts'

export type HealthDeps = {
  stamp: Stamp
  outbox: Pick<Outbox, 'backlog'>
  unitState: UnitState
  /** Which configuration runs; absent: that is not this unit's business. */
  configuration?: () => ReportedConfiguration | null
  /** How its lanes do; absent or empty: it has none. */
  lanes?: () => LaneState[]
  time: Pick<HonestTime, 'monotonicMs' | 'offsetMs'>
  traffic: Traffic
  readMachine: () => Promise<MachineHealth>
}

/** A sample, and when it was taken by the monotonic clock: its date may become known later. */
export type TakenSample = TelemetrySample & { monoMs: number }

/** Makes the two messages about a unit itself. */
export type HealthReports = {
  state(): OutgoingItem
  sample(): Promise<TakenSample>
  /** @param samples the oldest first, at least one */
  telemetry(samples: readonly TakenSample[]): OutgoingItem
}

export function createHealthReports({ site, unit }: { site: SiteId; unit: UnitId }, deps: HealthDeps): HealthReports {
  const item = (name: 'state' | 'telemetry', body: State | TelemetryBatch): OutgoingItem => ({
    id: body.id,
    class: name,
    topic: buildTopic({ site, unit, what: name }),
    payload: Buffer.from(JSON.stringify(body)),
  })
  return {
    state() {
      const configuration = deps.configuration?.() ?? null
      const cameras = deps.unitState.cameras()
      const lanes = deps.lanes?.() ?? []
      return item('state', {
        ...deps.stamp.next('state'),
        kind: 'state',
        cameras,
        ...(configuration && { configuration }),
        ...(lanes.length > 0 && { lanes }),
      })
    },

    async sample() {
      const machine = machineRoughly(await deps.readMachine())
      return {
        monoMs: deps.time.monotonicMs(),
        ...machine,
        cameras: deps.unitState.answers(),
        queue: deps.outbox.backlog(),
        sentBytes: deps.traffic.sentBytes(),
        // Absent while nobody has looked: most units never have any.
        ...(deps.traffic.previewBytes() > 0 && { previewBytes: deps.traffic.previewBytes() }),
        wire: wireRoughly(deps.traffic.wire()),
        clockOffsetMs: deps.time.offsetMs(),
      }
    },

    telemetry(samples) {
      const newestMs = samples.at(-1)?.monoMs ?? deps.time.monotonicMs()
      const aged = samples.map(({ monoMs, ...sample }) => ({ ...sample, agoMs: Math.round(newestMs - monoMs) }))
      return item('telemetry', batchOf(deps.stamp.next('telemetry', { monoMs: newestMs }), aged))
    },
  }
}
