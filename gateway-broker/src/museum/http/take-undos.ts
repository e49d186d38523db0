import { isRowOf, UNDO_WITHIN_MS } from '@vigie/contract/gate/row'
import type { MuseumLedger, Written } from '../ledger/museum-ledger.ts'
import type { Uploaded } from './take-upload.ts'

/**
 * Writes down what a phone took back of its own decisions, once; the decisions are in the ledger already.
 * @param nonces under which each stands there
 * @returns those of what may not be taken back: a colleague's, or after its 30 s
 */
export function takeUndos(
  uploaded: readonly Pick<Uploaded, 'undoneAt'>[],
  nonces: readonly string[],
  by: string,
  ledger: Pick<MuseumLedger, 'byNonce' | 'append' | 'ofDecision'>,
): ReadonlySet<string> {
  const refused = new Set<string>()
  const undos = new Map<string, Written>()
  for (const [index, { undoneAt }] of uploaded.entries()) {
    const nonce = nonces[index]
    const row = nonce === undefined || undoneAt === undefined ? null : ledger.byNonce(nonce)
    if (nonce === undefined || undoneAt === undefined || row === null || !isRowOf(row, 'decision')) continue
    if (ledger.ofDecision(row.id).some(({ body }) => body.kind === 'undo')) continue
    const afterMs = Date.parse(undoneAt) - Date.parse(row.at)
    const mayUndo = row.body.by === by && row.body.outcome === 'ok' && afterMs >= 0 && afterMs <= UNDO_WITHIN_MS
    if (!mayUndo) refused.add(nonce)
    else undos.set(nonce, { body: { kind: 'undo', decision: row.id, by }, atMs: Date.parse(undoneAt) })
  }
  if (undos.size > 0) ledger.append([...undos.values()])
  return refused
}
