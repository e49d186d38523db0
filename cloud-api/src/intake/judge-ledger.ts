import { isMuseum } from '@vigie/config-schema/kinds-of-site'
import type { SiteDocument } from '@vigie/config-schema/site-document'
import { decodeLedgerMessage } from '@vigie/contract/gate/ledger-message'
import { isRowOf, lacksRight } from '@vigie/contract/gate/row'
import { deadLetterOf, type Message, type Sender, type Why } from './message.ts'
import type { Verdict } from './verdict.ts'

/**
 * Rows of a gate's ledger. They are never turned away for their time, nor for a chain that does not hold: somebody went
 * through, and nobody else may know it. A box speaks for itself alone. An entry that names a ticket and no right is what no
 * gate writes.
 */
export function judgeLedger(message: Message, topic: Sender, site: SiteDocument): Verdict {
  const refuse = (why: Why): Verdict => ({
    what: 'refused',
    sender: topic,
    letter: deadLetterOf(message, topic, why),
  })
  if (!isMuseum(site)) return refuse({ reason: 'unit-not-at-site', detail: 'no gate stands there' })
  const decoded = decodeLedgerMessage(message.payload)
  if (!decoded.ok) return refuse(decoded)
  const { id, unit, rows } = decoded.value
  if (unit !== topic.unit) return refuse({ reason: 'topic-and-header-differ', detail: 'unit' })
  if (rows.some(({ origin }) => origin !== topic.unit))
    return refuse({ reason: 'topic-and-header-differ', detail: 'origin' })
  if (rows.some((row) => isRowOf(row, 'decision') && lacksRight(row.body)))
    return refuse({ reason: 'right-missing', detail: 'an entry on a ticket' })
  return { what: 'ledger', sender: topic, id, message, rows: rows.map((row) => ({ site: topic.site, row })) }
}
