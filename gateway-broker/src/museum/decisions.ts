import { decide, decisionBody } from '@vigie/contract/gate/decide'
import type { Decision } from '@vigie/contract/gate/decision'
import { type NotShown, type Presented, ticketOf } from '@vigie/contract/gate/entitlement'
import { NO_HISTORY } from '@vigie/contract/gate/history'
import { issuedFacts } from '@vigie/contract/gate/issued'
import type { Occupancy } from '@vigie/contract/gate/occupancy'
import type { Direction } from '@vigie/contract/gate/outcome'
import { isRowOf, type Row, type RowOf } from '@vigie/contract/gate/row'
import { isForeignHash, type TicketRef } from '@vigie/contract/gate/ticket-code'
import { createPresent, digestOf } from '@vigie/contract/present'
import type { GatewayClock } from './gateway-clock.ts'
import type { MuseumLedger } from './ledger/museum-ledger.ts'
import type { Lists } from './lists.ts'

/** What a phone asks in the name of a person: about a code that it read, or about a ticket that was found. */
export type Asked = ({ code: string } | { ticket: TicketRef }) & {
  direction: Direction
  nonce: string
  by: string
  persons?: number | undefined
  ignoreUnpaid?: boolean | undefined
  /** Let in against the gate's word, and why. */
  overrideReason?: string | undefined
}

export type Decided = { decision: Decision; row: RowOf<'decision'>; isRepeated: boolean }

export type Decisions = {
  /** Decides and writes it down; null while there is no catalogue. The row is durable when it returns. */
  decide(asked: Asked): Decided | null
  /** Whether an override would let in now on a ticket that was found, and nobody holds up. */
  mayForce(ticket: TicketRef): boolean
}

type DecisionDeps = {
  ledger: Pick<MuseumLedger, 'history' | 'byNonce' | 'append'>
  lists: Pick<Lists, 'catalogue' | 'entryOf' | 'mark' | 'ageS' | 'issuedOf'>
  inside: () => Occupancy
  clock: GatewayClock
  /** A ticket was shown that the lists do not settle: it may be newer than they are. */
  onUnsettled(): void
}

/** Decisions for phones: the contract's own function, as every lane decides, over the ledger of the whole museum. */
export function createDecisions({ ledger, lists, inside, clock, onUnsettled }: DecisionDeps): Decisions {
  const present = createPresent((hash) => lists.entryOf(hash) !== null)

  function found(ticket: TicketRef): NotShown {
    const issued = lists.issuedOf(ticket)
    const facts = issued === null ? null : issuedFacts(issued)
    return { medium: 'none', why: 'not-shown', ticket, facts: isForeignHash(ticket) ? lists.entryOf(ticket) : facts }
  }

  function judge(asked: Asked) {
    const catalogue = lists.catalogue()
    if (catalogue === null) return null
    const { direction, nonce, by, persons, ignoreUnpaid, overrideReason } = asked
    const presented: Presented = 'code' in asked ? present(asked.code, catalogue) : found(asked.ticket)
    const ticket = ticketOf(presented)
    const request = {
      ...{ direction, nonce, by, listAge: { feed: lists.mark(), seconds: lists.ageS() } },
      ...('code' in asked ? { text: digestOf(asked.code) } : {}),
      ...(persons === undefined ? {} : { persons }),
      ...(ignoreUnpaid === undefined ? {} : { ignoreUnpaid }),
      ...(overrideReason === undefined ? {} : { force: { by, reason: overrideReason } }),
    }
    const decision = decide({
      ...{ presented, catalogue, request },
      feed: ticket === null ? null : lists.entryOf(ticket),
      history: ticket === null ? NO_HISTORY : ledger.history(ticket),
      lane: { id: null, bits: null, isInService: true, openFor: null },
      clock: { nowMs: clock.now(), state: clock.state() },
      occupancy: inside(),
    })
    return { decision, request }
  }

  return {
    decide(asked) {
      const judged = judge(asked)
      if (judged === null) return null
      const { decision, request } = judged
      if (decision.ticket === null || decision.outcome === 'error') onUnsettled()
      const before = ledger.byNonce(asked.nonce)
      if (before !== null && isRowOf(before, 'decision'))
        return { decision: asBefore(decision, before), row: before, isRepeated: true }
      const [row] = ledger.append([{ body: decisionBody(decision, request) }])
      return { decision, row: decisionRow(row), isRepeated: false }
    },
    mayForce: (ticket) => judge({ ticket, direction: 'in', nonce: '', by: '' })?.decision.canBeForced ?? false,
  }
}

/** A question that was asked before has the answer that it had, whatever has become of the ticket since. */
const asBefore = (decision: Decision, { id, body }: RowOf<'decision'>): Decision => ({
  ...decision,
  ...{ direction: body.direction, outcome: body.outcome, detail: body.detail ?? null, persons: body.persons },
  ...{ ticket: body.ticket, forced: body.forced ?? null, right: body.right ?? null, repeats: id },
})

function decisionRow(row: Row | undefined): RowOf<'decision'> {
  if (row === undefined || !isRowOf(row, 'decision')) throw new Error('what was appended is not what was written')
  return row
}
