import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Clock } from '@vigie/contract/clock'
import { civilDayOf } from '@vigie/contract/gate/civil-time'
import { signedBytes, ticketCodeText } from '@vigie/contract/gate/ticket-code'
import type { Store } from '../store/store.ts'
import type { NewTicketKey, StoredTicketKey } from '../store/tickets/ticket-keys.ts'
import type { StoredTicket } from '../store/tickets/ticket-sales.ts'
import type { Vault } from '../vault.ts'
import { seasonOf, TOLD_BEFORE_DAYS } from './season.ts'

export type TicketSigning = {
  /** The key of this season; null: there is no vault to keep one in, and nothing can be sold. */
  keyNow(): Promise<StoredTicketKey | null>
  /** Makes the key of the next season in time, so that gates know it before its first ticket comes. */
  prepare(): Promise<void>
  /**
   * The text of a ticket's QR. Ed25519 signs the same bytes to the same signature, so that it is kept nowhere: a stolen
   * database opens no gate. Null: the ticket was forgotten, or its key does not come out of the vault.
   */
  codeOf(ticket: Pick<StoredTicket, 'key' | 'payload'>): Promise<string | null>
}

type Deps = { keys: Store['ticketKeys']; vault: Vault | null; clock: Pick<Clock, 'now'> }

export function createTicketSigning({ keys, vault, clock }: Deps): TicketSigning {
  const opened = new Map<number, KeyObject>()

  async function privateKeyOf(seq: number): Promise<KeyObject | null> {
    const known = opened.get(seq)
    if (known !== undefined) return known
    const stored = await keys.bySeq(seq)
    if (stored === undefined || vault === null) return null
    const der = vault.open(stored.sealed, placeOf(stored.publicKey))
    if (der === null) return null
    const key = createPrivateKey({ key: Buffer.from(der, 'base64url'), format: 'der', type: 'pkcs8' })
    opened.set(seq, key)
    return key
  }

  const ofDay = async (day: number) => (vault === null ? null : keys.ofSeason(seasonOf(day), () => newTicketKey(vault)))

  return {
    keyNow: () => ofDay(civilDayOf(clock.now())),
    prepare: async () => {
      const today = civilDayOf(clock.now())
      await ofDay(today)
      await ofDay(today + TOLD_BEFORE_DAYS)
    },
    codeOf: async ({ key: seq, payload }) => {
      const key = payload === null ? null : await privateKeyOf(seq)
      if (key === null || payload === null) return null
      const bytes = Buffer.from(payload, 'hex')
      return ticketCodeText(bytes, sign(null, signedBytes(bytes), key))
    },
  }
}

function newTicketKey(vault: Vault): NewTicketKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { publicKey: x, sealed: vault.seal(der.toString('base64url'), placeOf(x)) }
}

/** A private key opens only beside the public one that it belongs to. */
const placeOf = (publicKey: string) => ({ signingKey: publicKey })
