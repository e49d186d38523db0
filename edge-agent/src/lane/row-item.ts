import type { LedgerMessage } from '@vigie/contract/gate/ledger-message'
import type { Row } from '@vigie/contract/gate/row'
import type { SiteId, UnitId } from '@vigie/contract/ids'
import { buildTopic } from '@vigie/contract/topics'
import type { OutgoingItem } from '../outbox/outbox.ts'

/** A row as it is told to the cloud: the item is the row, by its id and by its moment. */
export function itemOfRow(row: Row, { site, unit }: { site: SiteId; unit: UnitId }): OutgoingItem {
  const { v, id, boot, seq, mono, at, clock } = row
  const message: LedgerMessage = { ...{ v, id, unit, boot, seq, mono, at, clock }, kind: 'ledger', rows: [row] }
  const payload = Buffer.from(JSON.stringify(message))
  return { id, class: 'ticket', topic: buildTopic({ site, unit, what: 'ledger' }), payload }
}
