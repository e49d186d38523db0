import type { LaneState } from '@vigie/contract/gate/lane-mode'
import type { Direction } from '@vigie/contract/gate/outcome'
import type { LaneId } from '@vigie/contract/ids'
import type { LineLog } from '../command/log-tail.ts'
import { faultCodeOf } from '../faults.ts'
import type { Admission } from './admit.ts'
import type { ReaderDeps } from './reader/run-reader.ts'

/** What the lanes write into the log: no ticket, and nothing of what a code says. */
export type LaneLog = ReturnType<typeof createLaneLog>

export function createLaneLog(log: LineLog) {
  const fault = (error: unknown) => ({ fault: faultCodeOf(error), detail: error instanceof Error ? error.message : '' })
  return {
    rebuilt(rebuilt: { setAside: string; salvaged: number }): void {
      log.error(rebuilt, 'ledger.set-aside')
    },
    decided(lane: LaneId, { outcome, detail, row, tookMs }: Admission): void {
      const fields = { lane, outcome, detail, row: row?.id ?? null, tookMs: Math.round(tookMs * 10) / 10 }
      if (row === null) log.error(fields, 'lane.not-written')
      else log.info(fields, 'lane.decided')
    },
    standing({ lane, mode, fault }: LaneState): void {
      if (fault === undefined) log.info({ lane, mode }, 'lane.standing')
      else log.warn({ lane, mode, fault }, 'lane.standing')
    },
    reader(lane: LaneId, direction: Direction, condition: Parameters<ReaderDeps['onCondition']>[0]): void {
      const { is, ...more } = condition
      if (is === 'working') log.info({ lane, direction, ...more }, 'reader.working')
      else log.warn({ lane, direction, ...more }, 'reader.lost')
    },
    oddity(lane: LaneId, oddity: Parameters<ReaderDeps['onOddity']>[0]): void {
      log.info({ lane, ...oddity }, 'reader.oddity')
    },
    disk({ failing, error }: { failing: boolean; error?: unknown }): void {
      if (failing) log.error(fault(error), 'ledger.failing')
      else log.info('ledger.working')
    },
    link(isLinked: boolean, error?: unknown): void {
      if (isLinked) log.info('museum.linked')
      else log.warn(fault(error), 'museum.lost')
    },
    alarm(cause: string, about: string): void {
      log.error({ cause, about }, 'lane.alarm')
    },
  }
}
