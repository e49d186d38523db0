import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@vigie/contract/clock'
import type { SiteId } from '@vigie/contract/ids'
import type { Logger } from 'pino'
import { Fault } from '../faults.ts'
import { regularly } from '../regularly.ts'
import type { Store } from '../store/store.ts'
import { storeFaultOf } from '../store/store-fault.ts'
import { type ImportResult, importForeign } from './import-foreign.ts'
import type { OfferedMuseum, Seller } from './offer.ts'
import { createSellerApi, type SellerApi } from './seller-api.ts'

export type SellerWatchDeps = {
  store: Pick<Store, 'ticketOffer' | 'foreignTickets'>
  /** Null: no key is kept, and no seller is asked. */
  keysFolder: string | null
  /** Told when tickets have changed. */
  onChange(): void
  clock: Pick<Clock, 'now'>
  log: Logger
}

export type SellerWatch = {
  /** Asks a seller now. Null: it has no API, or its key is not here. Rejects with the fault `seller-unreachable`. */
  importNow(museum: OfferedMuseum & { site: SiteId }, seller: Seller, who: string): Promise<ImportResult | null>
  /** Asks every seller once, and tells each who came in. Rejects with a Fault when one does not answer. */
  look(signal: AbortSignal): Promise<void>
  run(signal: AbortSignal): Promise<void>
}

/** What is sold elsewhere on the day must be known at the gate before its buyer is there. */
const ASK_EVERY_MS = 10 * 60_000
const TOLD_AT_ONCE = 200

/** Takes tickets of other sellers over, and tells each of them once who came in. */
export function createSellerWatch({ store, keysFolder, onChange, clock, log }: SellerWatchDeps): SellerWatch {
  function apiOf({ id, api }: Seller): SellerApi | null {
    if (api === undefined || keysFolder === null) return null
    const [user = '', key = ''] = readKey(keysFolder, id).split('\n')
    return createSellerApi(api, { user: user.trim(), key: key.trim() })
  }

  async function ask(
    { site, seller }: { site: SiteId; seller: Seller },
    who: string,
    signal: AbortSignal,
  ): Promise<ImportResult | null> {
    const api = apiOf(seller)
    if (api === null) return null
    const sold = (await api.tickets(signal)).map((ticket, index) => ({ line: index + 1, ticket }))
    const types = await store.ticketOffer.types()
    const result = await importForeign(store, { site, seller, types }, sold, { who, at: clock.now() })
    if (result.added + result.changed > 0) onChange()
    return result
  }

  /** Noted after the seller has said yes: told again after a failure, it keeps the first time. */
  async function tellEntries({ site, seller }: { site: SiteId; seller: Seller }, signal: AbortSignal): Promise<void> {
    const api = apiOf(seller)
    if (api === null) return
    for (;;) {
      const entries = await store.foreignTickets.untold(site, seller.id, TOLD_AT_ONCE)
      if (entries.length === 0) return
      const told = entries.map(({ reference, enteredAt }) => ({ reference, at: enteredAt ?? clock.now() }))
      await api.tellEntries(told, signal)
      await store.foreignTickets.noteTold(
        entries.map(({ hash }) => hash),
        clock.now(),
      )
    }
  }

  async function askAll(signal: AbortSignal): Promise<void> {
    for (const { site, sellers = [] } of await store.ticketOffer.museums()) {
      for (const seller of sellers) {
        await ask({ site, seller }, 'cloud', signal)
        await tellEntries({ site, seller }, signal)
      }
    }
  }

  return {
    importNow: ({ site }, seller, who) => ask({ site, seller }, who, AbortSignal.timeout(2 * 60_000)),
    look: askAll,
    run: (signal) =>
      regularly(
        ASK_EVERY_MS,
        async () => {
          await askAll(signal).catch((error: unknown) => {
            if (!signal.aborted) throw error
          })
        },
        {
          faultOf: (error) => (error instanceof Fault ? error : storeFaultOf(error)),
          onFault: (fault) => {
            if (fault === null) log.info({ event: 'sellers.work-again' })
            else log.warn({ event: 'sellers.fail', fault: fault.code, detail: fault.message })
          },
        },
        signal,
      ),
  }
}

function readKey(folder: string, seller: string): string {
  try {
    return readFileSync(join(folder, `${seller}.key`), 'utf8')
  } catch {
    throw new Fault('seller-unreachable', { detail: `no key for ${seller} in SELLER_KEYS_FOLDER` })
  }
}
