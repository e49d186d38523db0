import type { Row } from '@vigie/contract/gate/row'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { faultCodeOf } from '../faults.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Time } from '../time.ts'
import type { Doorbell } from '../uplink/doorbell.ts'
import type { LaneLedger } from './ledger/lane-ledger.ts'
import { itemOfRow } from './row-item.ts'

type HandOverDeps = {
  site: SiteId
  unit: UnitId
  ledger: Pick<LaneLedger, 'own' | 'mark' | 'setMark'>
  keep: Outbox['keep']
  outboxFile: Outbox['fileNumber']
  time: Time
  bell: Doorbell
}

/** Rows of one visitor leave in one go, and no decision waits for the outbox's disk. */
const GATHERED_MS = 250
const AT_ONCE = 50
/** The outbox is full, or its disk fails: the ledger has the rows. */
const AGAIN_MS = 10_000

/**
 * Gives the outbox a copy of each row of this box, one item a row, in order. The mark moves after the outbox has them: what
 * was given and not noted before a power cut is given again under the same ids, and stored once. So is every row when the
 * outbox has another file: nobody knows which of them went with the one before.
 */
export async function handRowsOver(deps: HandOverDeps, signal: AbortSignal): Promise<void> {
  const { ledger, time, bell } = deps
  while (!signal.aborted) {
    onDisk(() => lookAtFile(deps))
    const rows = ledger.own(ledger.mark('cloud'), AT_ONCE)
    const given = await givenOf(rows, deps)
    const last = rows[given - 1]
    // Not noted, they are given again, under the same ids.
    if (last !== undefined) onDisk(() => ledger.setMark('cloud', last.seq))
    const [waitMs, isStuck] = given < rows.length ? [AGAIN_MS, true] : [GATHERED_MS, false]
    if (rows.length === 0) await bell.heard(AGAIN_MS, signal).catch(() => undefined)
    if (isStuck || rows.length < AT_ONCE) await time.wait(waitMs, signal).catch(() => undefined)
  }
}

function lookAtFile({ ledger, outboxFile }: HandOverDeps): void {
  const [file, before] = [outboxFile(), ledger.mark('outbox')]
  if (file === null || file === before) return
  if (before !== 0) ledger.setMark('cloud', 0)
  ledger.setMark('outbox', file)
}

/** What the disk does not take now is done at the next turn. */
function onDisk(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (faultCodeOf(error) === null) throw error
  }
}

/** How many of them the outbox has taken. */
async function givenOf(rows: readonly Row[], { site, unit, keep }: HandOverDeps): Promise<number> {
  for (const [given, row] of rows.entries()) {
    try {
      const kept = await keep(itemOfRow(row, { site, unit }))
      if (!kept.kept) return given
    } catch (error) {
      if (faultCodeOf(error) === null) throw error
      return given
    }
  }
  return rows.length
}
