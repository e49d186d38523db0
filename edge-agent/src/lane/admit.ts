import type { LaneFacts } from '@vigie/config-schema/configuration/lane'
import type { ClockState } from '@vigie/contract/clock'
import { decide, decisionBody } from '@vigie/contract/gate/decide'
import { type Presented, ticketOf } from '@vigie/contract/gate/entitlement'
import { NO_HISTORY } from '@vigie/contract/gate/history'
import type { Occupancy } from '@vigie/contract/gate/occupancy'
import type { Direction, Outcome } from '@vigie/contract/gate/outcome'
import type { DecisionBody, Row } from '@vigie/contract/gate/row'
import { LANE_BITS, type TicketRef } from '@vigie/contract/gate/ticket-code'
import type { ItemId, LaneId } from '@vigie/contract/ids'
import { digestOf, type Present } from '@vigie/contract/present'
import type { SignedLists } from '@vigie/contract/signed-lists'
import type { RowKeeper } from './keep-rows.ts'
import type { LaneAtWork } from './lane-at-work.ts'
import type { LaneLedger } from './ledger/lane-ledger.ts'
import type { Scan } from './reader/scan.ts'

/** What came of a scan. `row` null: the disk did not take it, and nobody was let in. */
export type Admission = { outcome: Outcome; detail: string | null; row: Row | null; tookMs: number }

export type Admit = {
  /** A code was held up. When this returns the answer is durable, and the order to the arm has left. */
  scan(scan: Scan, direction: Direction): void
  /** The lane has come into another state: who held up a ticket meanwhile may have a turn. */
  look(): void
}

export type AdmitDeps = {
  atWork: Pick<LaneAtWork, 'state' | 'canTakeGrant' | 'grant' | 'refuse'>
  ledger: Pick<LaneLedger, 'history'>
  keeper: Pick<RowKeeper, 'write'>
  lists: Pick<SignedLists, 'catalogue' | 'entryOf' | 'mark' | 'ageS'>
  present: Present
  inside: () => Occupancy | null
  clock: { now(): number; monotonicMs(): number; state(): ClockState }
  newId: () => ItemId
  /** The ticket for which the lane stood open when the agent ended. */
  letIn: TicketRef | null
  onAdmission(admission: Admission): void
  /** A ticket was shown that the lists do not settle: it may be newer than they are. */
  onUnsettled(): void
}

/** Whoever comes next holds the ticket up while the one before is in the arm. After so long they have put it away. */
const WAITS_MS = 8_000

type Held = { scan: Scan; direction: Direction; atMs: number }

/** Lets in at one lane, from a scan to the order: the same with a network or without. */
export function createAdmit({ id, kind }: Pick<LaneFacts, 'id' | 'kind'>, deps: AdmitDeps): Admit {
  const { atWork, ledger, keeper, lists, clock, newId } = deps
  const lane = id as LaneId // the document's pattern is the contract's
  const bits = kind === 'wide' ? LANE_BITS.wide : LANE_BITS.tripod
  /** The ticket of the last grant; it counts while the lane is open for it. */
  let letIn = deps.letIn
  let held: Held | null = null

  const isOpen = () => ['granted', 'rotating'].includes(atWork.state().mode)

  function presentScan(scan: Scan): { presented: Presented; text: string } {
    if (!scan.ok) return { presented: { medium: 'none', why: 'not-ours' }, text: digestOf(scan.safe) }
    const catalogue = lists.catalogue()
    if (catalogue === null) return { presented: { medium: 'none', why: 'not-ours' }, text: digestOf(scan.text) }
    return { presented: deps.present(scan.text, catalogue), text: digestOf(scan.text) }
  }

  /** The row's own id is its nonce, which spares the ledger another. */
  function judge(scan: Scan, direction: Direction, nonce: ItemId): DecisionBody {
    const catalogue = lists.catalogue()
    const { presented, text } = presentScan(scan)
    const request = {
      ...{ direction, nonce, text },
      listAge: { feed: lists.mark(), seconds: lists.ageS() },
    }
    if (catalogue === null) return unknowing(request)
    const ticket = ticketOf(presented)
    const { mode } = atWork.state()
    const isInService = mode !== 'fault' && (mode !== 'out-of-service' || atWork.canTakeGrant(direction))
    const decision = decide({
      ...{ presented, catalogue, request, occupancy: deps.inside() },
      feed: ticket === null ? null : lists.entryOf(ticket),
      history: ticket === null ? NO_HISTORY : ledger.history(ticket),
      lane: { id: lane, bits, isInService, openFor: null },
      clock: { nowMs: clock.now(), state: clock.state() },
    })
    if (ticket === null || decision.outcome === 'error') deps.onUnsettled()
    return decisionBody(decision, request)
  }

  function answer(scan: Scan, direction: Direction): void {
    const beganMs = clock.monotonicMs()
    const decision = newId()
    const body = judge(scan, direction, decision)
    const row = keeper.write({ body, lane, id: decision })
    if (row !== null && body.outcome === 'ok') {
      letIn = body.ticket
      atWork.grant({ decision, direction, persons: body.persons, of: 'grant' })
    } else atWork.refuse()
    const { detail = null } = body
    const outcome = row === null && body.outcome === 'ok' ? 'error' : body.outcome
    deps.onAdmission({ outcome, detail, row, tookMs: clock.monotonicMs() - beganMs })
  }

  return {
    scan(scan, direction) {
      const { mode } = atWork.state()
      // It turns without asking, and a ticket that is not needed is not used up.
      if (mode === 'free' || mode === 'fire') return
      if (!isOpen()) return answer(scan, direction)
      const { presented } = presentScan(scan)
      if (letIn !== null && ticketOf(presented) === letIn) return
      held = { scan, direction, atMs: clock.monotonicMs() }
    },
    look() {
      if (held === null || isOpen()) return
      const { scan, direction, atMs } = held
      held = null
      if (clock.monotonicMs() - atMs < WAITS_MS && atWork.canTakeGrant(direction)) answer(scan, direction)
    },
  }
}

/** A box that was never told what tickets there are cannot judge one. */
const unknowing = (
  request: Pick<DecisionBody, 'direction' | 'nonce' | 'listAge'> & { text: string },
): DecisionBody => ({
  ...{ kind: 'decision', ...request, outcome: 'error', ticket: null, persons: 0, medium: 'none' },
})
