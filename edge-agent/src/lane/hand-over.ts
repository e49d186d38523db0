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
 * was given and not noted before a power cut is given again under the same ids, and stored once.
 */
export async function handRowsOver(deps: HandOverDeps, signal: AbortSignal): Promise<void> {
  const { ledger, time, bell } = deps
  while (!signal.aborted) {
    const rows = ledger.own(ledger.mark('cloud'), AT_ONCE)
    const given = await givenOf(rows, deps)
    if (given > 0) noteGiven(rows[given - 1], deps)
    const [waitMs, isStuck] = given < rows.length ? [AGAIN_MS, true] : [GATHERED_MS, false]
    if (rows.length === 0) await bell.heard(AGAIN_MS, signal).catch(() => undefined)
    if (isStuck || rows.length < AT_ONCE) await time.wait(waitMs, signal).catch(() => undefined)
  }
}

function noteGiven(last: Row | undefined, { ledger }: HandOverDeps): void {
  try {
    if (last !== undefined) ledger.setMark('cloud', last.seq)
  } catch (error) {
    // They are given again, under the same ids.
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
