import type { Row } from '@vigie/contract/gate/row'
import { type FaultCode, faultCodeOf } from '../faults.ts'
import type { Time } from '../time.ts'
import type { LaneLedger, Written } from './ledger/lane-ledger.ts'

/**
 * Writes what the lanes do. While the disk takes nothing, nobody is let in on a ticket: what is not written would be good a
 * second time. What has happened already waits in memory and is written when the disk works again.
 */
export type RowKeeper = {
  /** Durable when it returns; null: the disk takes nothing now, and nothing must come of it. */
  write(written: Written): Row | null
  /** What has happened, and cannot be refused any more. */
  report(written: Written): void
  /** Why nothing is written now; null: it is. */
  fault(): FaultCode | null
  run(signal: AbortSignal): Promise<void>
}

type KeeperDeps = {
  ledger: Pick<LaneLedger, 'append'>
  time: Time
  /** Told of rows when they are durable. */
  onRows(rows: readonly Row[]): void
  /** Told when the disk fails, and when it works again. */
  onDisk(is: { failing: boolean; error?: unknown }): void
}

/** A lane that turns freely for a day. Beyond: the oldest are lost, as all of them are if the power fails too. */
const MAX_WAITING = 4_000
const AGAIN_MS = 1_000

export function createRowKeeper({ ledger, time, onRows, onDisk }: KeeperDeps): RowKeeper {
  const waiting: Written[] = []
  let fault: FaultCode | null = null

  function append(written: readonly Written[]): Row[] | null {
    try {
      const rows = ledger.append(written)
      if (fault !== null) onDisk({ failing: false })
      fault = null
      onRows(rows)
      return rows
    } catch (error) {
      const code = faultCodeOf(error)
      if (code === null) throw error
      if (fault === null) onDisk({ failing: true, error })
      fault = code
      return null
    }
  }

  /** In the order in which things happened: nothing new before what waits. */
  function flush(): boolean {
    if (waiting.length > 0 && append(waiting) !== null) waiting.length = 0
    return waiting.length === 0
  }

  return {
    write: (written) => (flush() ? (append([written])?.[0] ?? null) : null),
    report(written) {
      waiting.push({ ...written, atMs: written.atMs ?? time.now() })
      if (waiting.length > MAX_WAITING) waiting.shift()
      flush()
    },
    fault: () => fault,
    async run(signal) {
      while (!signal.aborted) {
        await time.wait(AGAIN_MS, signal).catch(() => undefined)
        flush()
      }
    },
  }
}
