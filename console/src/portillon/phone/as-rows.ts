import type { Row } from '@vigie/contract/gate/row'
import type { Outgoing } from './kept.ts'

/**
 * As it will stand in the ledger, as far as a decision looks: its chain is the gateway's to make.
 * @param id of the gateway's row, once it has one
 */
export function asRows({ nonce, at, body, undoneAt }: Outgoing, id = nonce): Row[] {
  const made = (own: { id: string; at: string; body: Row['body'] | Outgoing['body'] }) =>
    ({
      ...{ v: 1, origin: 'phone', seq: 1, boot: nonce, mono: 0, clock: 'estimated', clockErrorMs: null },
      ...{ lane: null, prev: '', hash: '', ...own },
    }) as unknown as Row // never leaves this phone, where no brand of its ids is looked at
  const decision = made({ id, at, body })
  if (undoneAt === undefined) return [decision]
  const undo = { kind: 'undo', decision: decision.id, by: '' } as const
  return [decision, made({ id: `${id} undo`, at: undoneAt, body: undo })]
}
