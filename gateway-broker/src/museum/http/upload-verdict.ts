import type { DecisionBody } from '@vigie/contract/gate/row'
import type { MuseumLedger } from '../ledger/museum-ledger.ts'

type Uploaded = { at: string; body: Omit<DecisionBody, 'by' | 'onList'> }

/** A phone's list is a day old at most; a decision of last month is a phone with a broken clock. */
const OLDEST_MS = 30 * 86_400_000
const AHEAD_MS = 5 * 60_000

/** Writes down what a phone decided by itself, once; gives what became of it. What is refused says why, and the rest goes on. */
export function uploadVerdict(
  { at, body }: Uploaded,
  by: string,
  { ledger, now }: { ledger: Pick<MuseumLedger, 'byNonce' | 'append'>; now: () => number },
) {
  const { nonce } = body
  const refused = (reason: string) => ({ nonce, outcome: 'refused' as const, reason, id: null })
  const known = ledger.byNonce(nonce)
  if (known !== null) return { nonce, outcome: 'known' as const, reason: null, id: known.id }
  const atMs = Date.parse(at)
  if (atMs > now() + AHEAD_MS) return refused('in-the-future')
  if (atMs < now() - OLDEST_MS) return refused('too-old')
  // A refusal is worth keeping where it says of what: a ticket, or what was read.
  if (body.ticket === null && body.text === undefined) return refused('of-nothing')
  if (body.outcome === 'ok' && (body.ticket === null || body.persons === 0)) return refused('lets-nobody-in')
  const [row] = ledger.append([{ body: { ...body, by, onList: 'phone' }, atMs }])
  return { nonce, outcome: 'stored' as const, reason: null, id: row?.id ?? null }
}
