import { CHAIN_START } from '@vigie/contract/gate/chain'
import type { ItemId } from '@vigie/contract/ids'
import type { Selectable, Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import type { GateRow } from './gate-rows.ts'
import type { GateRowTable } from './ticket-tables.ts'

type Link = Pick<Selectable<GateRowTable>, 'id' | 'origin' | 'seq' | 'prev' | 'hash' | 'problem'>

/**
 * Where fresh rows and their neighbours do not fit together, by the row that is at fault. Rows come in any order: of one
 * whose neighbour is not there yet nothing is said until it is.
 */
export async function linkProblems(
  transaction: Transaction<Tables>,
  fresh: readonly GateRow[],
): Promise<Map<ItemId, 'prev-wrong' | 'known-otherwise'>> {
  const problems = new Map<ItemId, 'prev-wrong' | 'known-otherwise'>()
  const isFresh = new Set(fresh.map(({ row }) => row.id))
  for (const origin of new Set(fresh.map(({ row }) => row.origin))) {
    const own = fresh.filter(({ row }) => row.origin === origin)
    const near = own.flatMap(({ row: { seq } }) => [seq - 1, seq, seq + 1])
    const links = await transaction
      .selectFrom('gateRow')
      .select(['id', 'origin', 'seq', 'prev', 'hash', 'problem'])
      .where('origin', '=', origin)
      .where('seq', 'in', [...new Set(near)])
      .orderBy('receivedAt')
      .orderBy('id')
      .execute()
    for (const link of links) {
      const problem = link.problem === null ? problemOf(link, links, isFresh) : null
      if (problem !== null) problems.set(link.id, problem)
    }
  }
  return problems
}

function problemOf(link: Link, links: readonly Link[], isFresh: Set<ItemId>): 'prev-wrong' | 'known-otherwise' | null {
  const twin = links.find(({ id, seq }) => seq === link.seq && id !== link.id)
  // Of two with one number the later is the stranger; of two that came together, the second.
  if (
    twin !== undefined &&
    isFresh.has(link.id) &&
    (!isFresh.has(twin.id) || links.indexOf(twin) < links.indexOf(link))
  )
    return 'known-otherwise'
  if (link.seq === 1) return link.prev === CHAIN_START ? null : 'prev-wrong'
  const before = links.filter(({ seq }) => seq === link.seq - 1)
  return before.length === 0 || before.some(({ hash }) => hash === link.prev) ? null : 'prev-wrong'
}
