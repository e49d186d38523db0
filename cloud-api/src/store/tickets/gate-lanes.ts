import type { Transaction } from 'kysely'
import { isOlder, type UnitState } from '../camera-states.ts'
import type { Tables } from '../tables.ts'

/** Takes over how lanes do where it is news, in the transaction of the states that said so. */
export async function noteLaneStates(transaction: Transaction<Tables>, states: readonly UnitState[]): Promise<void> {
  for (const { site, unit, boot, seq, at, lanes = [] } of states) {
    if (lanes.length === 0) continue
    const present = await transaction.selectFrom('presence').select('boot').where('unit', '=', unit).executeTakeFirst()
    const standing = await transaction.selectFrom('gateLane').selectAll().where('site', '=', site).execute()
    for (const { lane, mode, since, fault = null } of lanes) {
      const before = standing.find((row) => row.lane === lane)
      if (before !== undefined && isOlder({ unit, boot, seq, at }, before, present?.boot)) continue
      const row = { unit, mode, since: Date.parse(since), fault, boot, seq, at }
      await transaction
        .insertInto('gateLane')
        .values({ site, lane, ...row })
        .onConflict((conflict) => conflict.columns(['site', 'lane']).doUpdateSet(row))
        .execute()
    }
  }
}
